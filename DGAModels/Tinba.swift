import DGAKit

/// Tinba (TinyBanker): each name is made from the one before and a sixteen-octet key.
///
/// Seed parameters: `key` (at most 16 octets are used), `first` (the hard-coded first name),
/// `tlds`, `rounds` (how many first labels follow, each under every suffix).
struct Tinba: DGAModel {
  static let metadata = ModelMetadata(
    family: "tinba", aliases: ["TinyBanker", "Zusy"], malpedia: "win.tinba", trust: .high,
    check: "Sandbox names in 360netlab/DGA issues 15 and 21 and the first 1,000 names of"
      + " andrewaeva/DGA's list; the list in issue 9 belongs to no seed known.",
    variants: [
      VariantInfo(
        kind: .arithmetic, period: .none, clock: .none, namesPerPeriod: .between(401, 1_001),
        topLevelDomains: ["com", "net", "in", "ru", "pw", "us", "xyz", "club", "biz", "org", "cc"])
    ],
    references: [
      "https://bin.re/blog/new-top-level-domains-for-tinbas-dga/",
      "https://github.com/baderj/domain_generation_algorithms (tinba)",
      "https://github.com/360netlab/DGA/issues/15",
      "https://github.com/360netlab/DGA/issues/21",
    ])

  static let seeds = [
    seed("oGkS3w3sGGOGG7oc", first: "ssrgwnrmgrxe.com"),
    seed("jc74FlUna852Ji9o", first: "blackfreeqazyio.cc", ["com", "net", "in", "ru"]),
    seed("yqokqFC2TPBFfJcG", first: "watchthisnow.xyz", ["pw", "us", "xyz", "club"]),
    seed("j193HsnW72Yqns7u", first: "j193hsne720uie8i.cc", ["com", "net", "biz", "org"]),
    seed(
      "jw72Gsmf620ohwy7", first: "i8274g1yxi9orjuy.cc", ["com", "net", "in", "ru"],
      issue: 21),
    seed(
      "oGkS3w3sGGOGG7oc-justforyoumybab", key: "oGkS3w3sGGOGG7oc", first: "justforyoumybab.com",
      issue: 15),
  ]

  private static func seed(
    _ label: String, key: String? = nil, first: String, _ suffixes: [String] = ["com"],
    issue: Int? = nil
  ) -> Seed {
    Seed(
      label: label,
      parameters: [
        "key": .text(key ?? label), "first": .text(first), "tlds": .list(suffixes),
        "rounds": suffixes.count == 1 ? 1_000 : 100,
      ],
      reference: issue.map { "360netlab/DGA#\($0)" } ?? "baderj")
  }

  static let knownAnswers = [
    KnownAnswer(
      seed: "oGkS3w3sGGOGG7oc", count: 1_001, first: "ssrgwnrmgrxe.com",
      middle: "nidhgvssvyhh.com", last: "swwvbipxhdxo.com"),
    KnownAnswer(
      seed: "jc74FlUna852Ji9o", count: 401, first: "blackfreeqazyio.cc", middle: "xxdedjijspof.ru",
      last: "ttbcfmqdtlxo.ru"),
    KnownAnswer(
      seed: "yqokqFC2TPBFfJcG", count: 401, first: "watchthisnow.xyz", middle: "qiqqnovudygj.club",
      last: "xcjmqkccwdle.club"),
    KnownAnswer(
      seed: "j193HsnW72Yqns7u", count: 401, first: "j193hsne720uie8i.cc",
      middle: "fvuvwexyymmi.org", last: "fvysnuudgfpv.org"),
    KnownAnswer(
      seed: "jw72Gsmf620ohwy7", count: 401, first: "i8274g1yxi9orjuy.cc",
      middle: "bghpkdcksvjw.ru", last: "exwrtkrqjktd.ru"),
    KnownAnswer(
      seed: "oGkS3w3sGGOGG7oc-justforyoumybab", count: 1_001, first: "justforyoumybab.com",
      middle: "ejkqxtqqtsst.com", last: "ichigxmpwnii.com"),
  ]

  private let first: DomainBuffer
  private var keySum: UInt8
  private var keyLast: UInt8
  private let suffixes: Suffixes
  private let rounds: Int

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    var first = DomainBuffer()
    first.append(text: try seed.text("first"))
    guard first.count >= 13, first.isValidDNSName else {
      throw .invalidParameter(
        seed: seed.label, parameter: "first", problem: "is not a name of at least 13 octets")
    }
    self.first = first
    let key = Array(try seed.text("key").utf8.prefix(16))
    keySum = key.reduce(0, &+)
    keyLast = key.count == 16 ? key[15] : 0
    suffixes = Suffixes(try seed.list("tlds"))
    rounds = Int(
      try seed.integer(
        "rounds", in: 1...Seed.maximumCount, default: suffixes.count == 1 ? 1_000 : 100))
  }

  func period(containing instant: Instant) -> Period { .always }

  func names(at instant: Instant) -> Names {
    Names(
      previous: first, keySum: keySum, keyLast: keyLast, suffixes: suffixes, roundsLeft: rounds)
  }

  struct Names: NameGenerator {
    /// The first name, later the label of the present round and a dot.
    private var previous: DomainBuffer
    private let keySum: UInt8
    private let keyLast: UInt8
    private let suffixes: Suffixes
    private var roundsLeft: Int
    /// The suffix the next name takes; `nil` before the first name.
    private var suffix: Int?

    fileprivate init(
      previous: DomainBuffer, keySum: UInt8, keyLast: UInt8, suffixes: Suffixes, roundsLeft: Int
    ) {
      self.previous = previous
      self.keySum = keySum
      self.keyLast = keyLast
      self.suffixes = suffixes
      self.roundsLeft = roundsLeft
    }

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard let place = suffix else {
        name = previous
        suffix = suffixes.count
        return true
      }
      if place == suffixes.count {
        guard roundsLeft > 0, makeLabel() else { return false }
        roundsLeft -= 1
        suffix = 0
      }
      name = previous
      name.truncate(to: 12)
      suffixes.append(suffix ?? 0, to: &name)
      suffix = (suffix ?? 0) + 1
      return true
    }

    /// Twelve letters `b` to `y`, each from two neighbours of the former name.
    ///
    /// The thirteenth octet of the former name is its dot, but a letter in some first names. The
    /// search for a letter could only fail with a made-up key, after all 2^16 states.
    private mutating func makeLabel() -> Bool {
      var sum = keySum
      var value = keyLast
      var label = DomainBuffer()
      for position in 0..<12 {
        var tries = 0
        repeat {
          guard tries < 65_536 else { return false }
          if tries > 0 { sum &+= 1 }
          value = ((value &+ previous[position]) ^ sum) &+ previous[position + 1]
          tries += 1
        } while value <= UInt8(ascii: "a") || value >= UInt8(ascii: "z")
        label.append(value)
      }
      label.append(UInt8(ascii: "."))
      previous = label
      return true
    }
  }
}

// MARK: - Search

/// Only the sum of the key's octets and its last octet matter. Each label is made from the one
/// before, so that any observed name can stand in for the hard-coded first one.
extension Tinba: SearchableModel {
  /// The last octet (0 for a key of less than 16) above the sum.
  static let searchSpaces = [
    "": SearchSpace("key", values: 0...0x7EFF, sufficientDepth: 5, independentNames: 1)
  ]

  mutating func setSearchedValue(_ value: UInt32) {
    keySum = UInt8(truncatingIfNeeded: value)
    keyLast = UInt8(truncatingIfNeeded: value >> 8)
  }

  static func searchTemplates(
    ofVariant variant: String, known seeds: [Seed], observed: [String]
  ) -> [Seed] {
    var lists: [SeedValue] = []
    for list in seeds.compactMap({ $0.parameters["tlds"] }) where !lists.contains(list) {
      lists.append(list)
    }
    // One of them starts the rest of its list; more are only needed when lists are mixed.
    var labels: Set<Substring> = []
    let starts = observed.filter { name in
      name.utf8.count >= 13 && labels.count < 32
        && labels.insert(name.prefix { $0 != "." }).inserted
    }
    return starts.flatMap { start in
      lists.map { list in
        Seed(label: start, parameters: ["key": "A", "first": .text(start), "tlds": list])
      }
    }
  }

  /// A made-up key of capital letters (and the last octet) that gives the same names.
  static func seed(_ template: Seed, searchedValue value: UInt32) -> Seed {
    let last = UInt8(truncatingIfNeeded: value >> 8)
    var key = [UInt8](repeating: UInt8(ascii: "A"), count: 15)
    var missing = UInt8(truncatingIfNeeded: value) &- last &- key.reduce(0, &+)
    for place in key.indices {
      let step = min(missing, 25)
      key[place] += step
      missing -= step
    }
    if last != 0 { key.append(last) }
    var seed = template
    seed.parameters["key"] = .text(String(decoding: key, as: UTF8.self))
    return seed
  }
}
