import DGAKit

/// FluBot (Cabassous), an Android banker: `java.util.Random` seeded by campaign, year and month.
///
/// Seed parameters: `seed` (the campaign's number), `even` (the suffix that alternates with `cn`).
struct Flubot: DGAModel {
  static let metadata = ModelMetadata(
    family: "flubot", aliases: ["Cabassous"], malpedia: "apk.flubot", trust: .high,
    variants: [
      VariantInfo(
        name: "v1", kind: .arithmetic, period: .month, clock: .local,
        namesPerPeriod: .exactly(5_000), topLevelDomains: ["ru", "su", "com", "cn"])
    ],
    references: [
      "https://github.com/hultdin/flubot",
      "https://github.com/prodaft/malware-ioc (FluBot, lists)",
    ])

  static let seeds = [
    seed(1_945), seed(1_136), seed(1_949, even: "com"), seed(1_813), seed(1_642), seed(1_905),
    seed(2_931),
  ]

  private static func seed(_ campaign: Int64, even: String = "su") -> Seed {
    Seed(
      variant: "v1", label: "\(campaign)",
      parameters: ["seed": .integer(campaign), "even": .text(even)],
      reference: "prodaft/malware-ioc")
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
  ]

  private let campaign: Int64
  private let suffixes: Suffixes

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    campaign = try seed.integer("seed")
    suffixes = Suffixes(["ru", try seed.text("even"), "cn"])
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
    return Names(random: JavaRandom(seed: campaign &+ offset), suffixes: suffixes)
  }

  struct Names: NameGenerator {
    private var random: JavaRandom
    private let suffixes: Suffixes
    private var index = 0

    fileprivate init(random: JavaRandom, suffixes: Suffixes) {
      self.random = random
      self.suffixes = suffixes
    }

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard index < 5_000 else { return false }
      name.removeAll()
      for _ in 0..<15 { name.append(letter: UInt32(bitPattern: random.nextInt(25))) }
      suffixes.append(index % 3 == 0 ? 0 : index % 2 == 0 ? 1 : 2, to: &name)
      index += 1
      return true
    }
  }
}
