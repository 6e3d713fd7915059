import DGAKit

/// Ramdo (Redyms): sixteen letters from a number that is added to its own mixture with the seed.
///
/// Seed parameters: `seed` (32 bits), `count`.
struct Ramdo: DGAModel {
  static let metadata = ModelMetadata(
    family: "ramdo", aliases: ["Redyms"], malpedia: "win.ramdo", trust: .high,
    check: "Of 107 names Unit 42 published, 24 are the first of seed D5FFF and 47 the first of seed"
      + " 2B44C, which was recovered from them; the others are of unknown seeds. All 191 names in a"
      + " sample of 360netlab's feed are among the first 25,000 of seed D5FFF.",
    variants: [
      VariantInfo(
        kind: .arithmetic, period: .none, clock: .none, namesPerPeriod: .exactly(1_000),
        topLevelDomains: ["org"],
        notes: "The list has no end; the first 1,000 names are given.")
    ],
    references: [
      "https://github.com/baderj/domain_generation_algorithms (ramdo)",
      "https://github.com/andrewaeva/DGA (Ramdo)",
      "https://github.com/pan-unit42/iocs (ramdo/domains.txt)",
      "https://github.com/chrmor/DGA_domains_dataset (names of 360netlab's feed)",
    ],
    notes: "All numbers are even, so that only every second letter appears.")

  static let seeds = [
    Seed(label: "0xD5FFF", parameters: ["seed": 0xD5FFF], reference: "baderj"),
    Seed(
      label: "0x2B44C", parameters: ["seed": 0x2B44C],
      reference: "recovered from the names in pan-unit42/iocs"),
  ]

  static let knownAnswers = [
    KnownAnswer(
      seed: "0xD5FFF", count: 1_000, first: "kusumyekqaaskcqw.org", middle: "kymgicwoyoysmyoo.org",
      last: "gmssaekqosqqcqii.org"),
    KnownAnswer(
      seed: "0x2B44C", count: 1_000, first: "ywuwegokskgcowec.org", middle: "aewqiuakeiauicyy.org",
      last: "wscseycuescwkicg.org"),
  ]

  private var seed: UInt32
  private let count: UInt32
  private let suffixes = Suffixes(["org"])

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    self.seed = try seed.uint32("seed")
    count = UInt32(try seed.count(default: 1_000))
  }

  func period(containing instant: Instant) -> Period { .always }

  func names(at instant: Instant) -> Names {
    Names(seed: seed, suffixes: suffixes, count: count)
  }

  struct Names: NameGenerator {
    private let seed: UInt32
    private let suffixes: Suffixes
    private let count: UInt32
    private var index: UInt32 = 0

    fileprivate init(seed: UInt32, suffixes: Suffixes, count: UInt32) {
      self.seed = seed
      self.suffixes = suffixes
      self.count = count
    }

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard index < count else { return false }
      let doubled = 2 &* seed &* (index &+ 1)
      var state = doubled ^ 26 &* seed &* index
      name.removeAll()
      for place in 0..<16 as Range<UInt32> {
        name.append(letter: state % 26)
        state &+= state ^ 26 &* doubled &* place &* place
      }
      suffixes.append(0, to: &name)
      index += 1
      return true
    }
  }
}

extension Ramdo: SearchableModel {
  static let searchSpaces = ["": SearchSpace("seed")]

  mutating func setSearchedValue(_ value: UInt32) { seed = value }
}
