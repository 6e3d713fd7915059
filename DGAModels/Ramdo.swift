import DGAKit

/// Ramdo (Redyms): sixteen letters from a number that is added to its own mixture with the seed.
///
/// Seed parameters: `seed` (32 bits), `count`.
struct Ramdo: DGAModel {
  static let metadata = ModelMetadata(
    family: "ramdo", aliases: ["Redyms"], malpedia: "win.ramdo", trust: .medium,
    check: "The published script, with which an independent program agrees: its list of 99,999"
      + " names for DEADBEEF. Not seen confirmed by names from samples.",
    variants: [
      VariantInfo(
        kind: .arithmetic, period: .none, clock: .none, namesPerPeriod: .exactly(1_000),
        topLevelDomains: ["org"],
        notes: "The list has no end; the first 1,000 names are given.")
    ],
    references: [
      "https://github.com/baderj/domain_generation_algorithms (ramdo)",
      "https://github.com/andrewaeva/DGA (Ramdo)",
    ],
    notes: "All numbers are even, so that only every second letter appears.")

  static let seeds = [Seed(label: "0xD5FFF", parameters: ["seed": 0xD5FFF], reference: "baderj")]

  static let knownAnswers = [
    KnownAnswer(
      seed: "0xD5FFF", count: 1_000, first: "kusumyekqaaskcqw.org", middle: "kymgicwoyoysmyoo.org",
      last: "gmssaekqosqqcqii.org")
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
