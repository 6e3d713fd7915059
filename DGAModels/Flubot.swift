import DGAKit

/// FluBot (Cabassous), an Android banker: `java.util.Random` seeded by campaign, year and month.
///
/// Seed parameters: `seed` (the campaign's number); v1: `even` (the suffix that alternates with
/// `cn`); v3: `tlds` (in turn, has a default).
struct Flubot: DGAModel {
  static let metadata = ModelMetadata(
    family: "flubot", aliases: ["Cabassous"], malpedia: "apk.flubot", trust: .high,
    check: "All 140,000 names of PRODAFT's lists (six seeds, April to June 2021) are reproduced in"
      + " order.",
    variants: [
      VariantInfo(
        name: "v1", kind: .arithmetic, period: .month, clock: .local,
        namesPerPeriod: .exactly(5_000), topLevelDomains: ["ru", "su", "com", "cn"]),
      VariantInfo(
        name: "v3", kind: .arithmetic, period: .month, clock: .local,
        namesPerPeriod: .exactly(2_500), topLevelDomains: v3Suffixes,
        trust: .medium,
        check: "Only the published script; seeding and generator are those of v1, whose lists are"
          + " confirmed.",
        notes: "The malware asks over HTTPS (DoH), so that a resolver may never see these names."),
    ],
    references: [
      "https://github.com/hultdin/flubot",
      "https://github.com/prodaft/malware-ioc (FluBot, lists)",
      "https://www.bitsight.com/blog/flubot-malware-persists-most-prevalent-germany-and-spain",
      "https://twitter.com/pr3wtd/status/1478010795011235841",
    ])

  /// `pw` stands in it twice.
  private static let v3Suffixes = [
    "ru", "cn", "com", "org", "pw", "net", "bar", "host", "online", "space", "site", "xyz",
    "website", "shop", "kz", "md", "tj", "pw", "gdn", "am", "com.ua", "news", "email", "icu", "biz",
    "kim", "work", "top", "info", "br",
  ]

  static let seeds =
    [
      seed(1_945), seed(1_136), seed(1_949, even: "com"), seed(1_813), seed(1_642), seed(1_905),
      seed(2_931),
    ] + [1_949, 1_945, 1_813, 1_136, 2_931, 1_642, 1_905].map { v3Seed($0) }

  private static func seed(_ campaign: Int64, even: String = "su") -> Seed {
    Seed(
      variant: "v1", label: "\(campaign)",
      parameters: ["seed": .integer(campaign), "even": .text(even)],
      reference: "prodaft/malware-ioc")
  }

  private static func v3Seed(_ campaign: Int64) -> Seed {
    Seed(
      variant: "v3", label: "\(campaign)", parameters: ["seed": .integer(campaign)],
      reference: "twitter.com/pr3wtd/status/1478010795011235841")
  }

  static let knownAnswers = [
    KnownAnswer(
      variant: "v1", seed: "1945", at: "2021-03-01", count: 5_000, first: "kqecuxtuwhycckf.ru",
      middle: "odawacckbkrxfyj.su", last: "mwwoaxgjpsetffo.cn"),
    KnownAnswer(
      variant: "v1", seed: "1945", at: "2024-02-29", count: 5_000, first: "yuyutrvoraoedkj.ru",
      middle: "fbawosnmrwmplog.su", last: "xvbjdaqsxakdbmo.cn"),
    KnownAnswer(
      variant: "v1", seed: "1945", at: "2026-11-23", count: 5_000, first: "quolbbcghomrnuf.ru",
      middle: "qryngvdsnyuqhxx.su", last: "ogsigidwxmklvju.cn"),
    KnownAnswer(
      variant: "v1", seed: "1949", at: "2026-11-23", count: 5_000, first: "syqwfewsakbxtrw.ru",
      middle: "lqugqhhaynyxctg.com", last: "culyqtmmfctnkox.cn"),
    KnownAnswer(
      variant: "v3", seed: "1949", at: "2022-01-31", count: 2_500, first: "epurrqlcyqfmhrq.ru",
      middle: "ruhrkxtdlwxltmt.com.ua", last: "msucnuauwwgqgkp.space"),
    KnownAnswer(
      variant: "v3", seed: "1949", at: "2024-02-29", count: 2_500, first: "bybgyupykxckhjy.ru",
      middle: "efptvnnesladinp.com.ua", last: "tjdliempuwlhbbx.space"),
    KnownAnswer(
      variant: "v3", seed: "1949", at: "2026-11-23", count: 2_500, first: "syqwfewsakbxtrw.ru",
      middle: "ullrcqaglywdxfs.com.ua", last: "qdvyfkqydgxpuwh.space"),
    KnownAnswer(
      variant: "v3", seed: "1945", at: "2026-11-23", count: 2_500, first: "quolbbcghomrnuf.ru",
      middle: "baxaombprxfdycj.com.ua", last: "fpqaexjphnloexs.space"),
    KnownAnswer(
      variant: "v3", seed: "1813", at: "2026-11-23", count: 2_500, first: "jvpwvdqvofruwyj.ru",
      middle: "wpleiggtfbfinhu.com.ua", last: "oqkginmootobwci.space"),
    KnownAnswer(
      variant: "v3", seed: "1136", at: "2026-11-23", count: 2_500, first: "sqmdiakkavjgcrc.ru",
      middle: "befbjgrmjuqunrc.com.ua", last: "ffeutrcoxnvsyxk.space"),
    KnownAnswer(
      variant: "v3", seed: "2931", at: "2022-01-31", count: 2_500, first: "fcwtcyvsmwiuxtp.ru",
      middle: "litctoaylxdqgqs.com.ua", last: "kllhvxhbaxhkrhe.space"),
    KnownAnswer(
      variant: "v3", seed: "1642", at: "2022-01-31", count: 2_500, first: "xbogexuecjkjysk.ru",
      middle: "mwtgngmmihctlai.com.ua", last: "grpcibdxjpfhenp.space"),
    KnownAnswer(
      variant: "v3", seed: "1905", at: "2022-01-31", count: 2_500, first: "ufolexlmjyokjyb.ru",
      middle: "fenxjyqxehpwtqi.com.ua", last: "uvheqynvbfvwmct.space"),
  ]

  private var campaign: Int64
  private let isThird: Bool
  private let suffixes: Suffixes

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    campaign = try seed.integer("seed")
    isThird = seed.variant == "v3"
    suffixes = Suffixes(
      isThird
        ? try seed.list("tlds", default: Flubot.v3Suffixes) : ["ru", try seed.text("even"), "cn"])
  }

  func period(containing instant: Instant) -> Period { .month(containing: instant) }

  func names(at instant: Instant) -> Names {
    let today = instant.calendarDay
    let year = Int64(today.year)
    // Java's Calendar counts months from 0.
    let month = Int64(today.month - 1)
    var offset = (year ^ month) &* 2
    offset = offset &* (year ^ offset)
    offset = offset &* (month ^ offset)
    offset = offset &* offset
    return Names(
      random: JavaRandom(seed: campaign &+ offset), isThird: isThird, suffixes: suffixes)
  }

  struct Names: NameGenerator {
    private var random: JavaRandom
    private let isThird: Bool
    private let suffixes: Suffixes
    private var index = 0

    fileprivate init(random: JavaRandom, isThird: Bool, suffixes: Suffixes) {
      self.random = random
      self.isThird = isThird
      self.suffixes = suffixes
    }

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard index < (isThird ? 2_500 : 5_000) else { return false }
      name.removeAll()
      for _ in 0..<15 { name.append(letter: UInt32(bitPattern: random.nextInt(25))) }
      suffixes.append(suffixNumber, to: &name)
      index += 1
      return true
    }

    private var suffixNumber: Int {
      if isThird { return index % suffixes.count }
      return index % 3 == 0 ? 0 : index % 2 == 0 ? 1 : 2
    }
  }
}

extension Flubot: SearchableModel {
  static let searchSpaces = ["v1": SearchSpace("seed"), "v3": SearchSpace("seed")]

  mutating func setSearchedValue(_ value: UInt32) { campaign = Int64(value) }
}
