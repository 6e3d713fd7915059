import DGAKit

/// Fobber (Tinba v3): each letter from a congruential state whose halves are then swapped.
///
/// Seed parameters: `r` (first state) and `c` (increment; 32 bits, may be negative), `length` (of
/// the label), `tld`, `count`.
struct Fobber: DGAModel {
  static let metadata = ModelMetadata(
    family: "fobber", aliases: ["Tinba v3"], malpedia: "win.fobber", trust: .high,
    check: "The 300 names of each of the two lists published with the script; three names of v1 in"
      + " a table of family examples and the first name of v2 in a C&C feed (Bambenek) by others.",
    variants: [
      VariantInfo(
        kind: .arithmetic, period: .none, clock: .none, namesPerPeriod: .exactly(300),
        topLevelDomains: ["net", "com"])
    ],
    references: ["https://github.com/baderj/domain_generation_algorithms (fobber)"])

  static let seeds = [
    Seed(
      label: "v1",
      parameters: [
        "r": 0xC87C_8A78, "c": -1_719_405_398, "length": 17, "tld": "net", "count": 300,
      ],
      reference: "baderj"),
    Seed(
      label: "v2",
      parameters: [
        "r": 0x851A_3E59, "c": -1_916_503_263, "length": 10, "tld": "com", "count": 300,
      ],
      reference: "baderj"),
  ]

  static let knownAnswers = [
    KnownAnswer(
      seed: "v1", count: 300, first: "vhkintjtksyxgjrzz.net", middle: "xgrjtphhudgxqkmwu.net",
      last: "bawnzaqqtlflnzoze.net"),
    KnownAnswer(
      seed: "v2", count: 300, first: "drohppbkxj.com", middle: "gxwebuhzlj.com",
      last: "ylbphjjdjs.com"),
  ]

  private var state: UInt32
  private let increment: UInt32
  private let length: Int
  private let suffix: Suffixes
  private let count: Int

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    state = try seed.uint32("r")
    increment = UInt32(
      truncatingIfNeeded: try seed.integer("c", in: -0x8000_0000...0xFFFF_FFFF))
    length = Int(try seed.integer("length", in: 1...63))
    suffix = Suffixes([try seed.text("tld")])
    count = try seed.count(default: 300)
  }

  func period(containing instant: Instant) -> Period { .always }

  func names(at instant: Instant) -> Names {
    Names(state: state, increment: increment, length: length, suffix: suffix, left: count)
  }

  struct Names: NameGenerator {
    fileprivate var state: UInt32
    fileprivate let increment: UInt32
    fileprivate let length: Int
    fileprivate let suffix: Suffixes
    fileprivate var left: Int

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard left > 0 else { return false }
      left -= 1
      name.removeAll()
      for _ in 0..<length {
        state = (321_167 &* state &+ increment).rotatedRight(16)
        name.append(letter: (state & 0x17FF) % 26)
      }
      suffix.append(0, to: &name)
      return true
    }
  }
}

extension Fobber: SearchableModel {
  static let searchSpaces = ["": SearchSpace("r", sufficientDepth: 1)]

  mutating func setSearchedValue(_ value: UInt32) { state = value }
}
