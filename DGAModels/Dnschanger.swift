import DGAKit

/// DNSChanger (Alureon): ten letters from the Microsoft C runtime's generator, seeded at random.
///
/// Seed parameters: `seed` (32 bits, the highest of which has no effect), `count`.
struct Dnschanger: DGAModel {
  static let metadata = ModelMetadata(
    family: "dnschanger", aliases: ["Alureon"], trust: .high,
    check: "The published list of names from a run is that of seed 87373, found by search:"
      + " 5 of 5 names.",
    variants: [
      VariantInfo(
        kind: .arithmetic, period: .none, clock: .none, namesPerPeriod: .exactly(5),
        topLevelDomains: ["com"],
        predictability: .unpredictable("the seed is a random number: 2^31 lists"))
    ],
    references: ["https://github.com/baderj/domain_generation_algorithms (dnschanger)"],
    notes: "The seeds are examples; 87373 is that of the published list.")

  static let seeds = [87_373, 1, 1_234_567, 2_147_483_647].map { number in
    Seed(
      label: "\(number)", parameters: ["seed": .integer(number)],
      reference: number == 87_373 ? "baderj" : "example, run through the script of baderj")
  }

  static let knownAnswers = [
    KnownAnswer(
      seed: "87373", count: 5, first: "aktklyvbiu.com", middle: "tcfejerekw.com",
      last: "ydvlfpkguw.com"),
    KnownAnswer(
      seed: "1", count: 5, first: "phqghumeay.com", middle: "vscxggbwkf.com",
      last: "zvsrtkjpre.com"),
    KnownAnswer(
      seed: "1234567", count: 5, first: "gvowdryuta.com", middle: "jeqbbjhxsg.com",
      last: "omtyemjnwe.com"),
    KnownAnswer(
      seed: "2147483647", count: 5, first: "jvunesbbeo.com", middle: "sekqhwgval.com",
      last: "uqhgmsahqq.com"),
  ]

  private var seed: UInt32
  private let count: Int
  private let suffixes = Suffixes(["com"])

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    self.seed = try seed.uint32("seed")
    count = try seed.count(default: 5)
  }

  func period(containing instant: Instant) -> Period { .always }

  func names(at instant: Instant) -> Names {
    Names(random: .microsoftC(seed: seed), suffixes: suffixes, left: count)
  }

  struct Names: NameGenerator {
    fileprivate var random: LinearCongruential32
    fileprivate let suffixes: Suffixes
    fileprivate var left: Int

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard left > 0 else { return false }
      left -= 1
      name.removeAll()
      for _ in 0..<10 { name.append(letter: random.next15() % 26) }
      suffixes.append(0, to: &name)
      return true
    }
  }
}

extension Dnschanger: SearchableModel {
  static let searchSpaces = ["": SearchSpace("seed", bits: 31, sufficientDepth: 1)]

  mutating func setSearchedValue(_ value: UInt32) { seed = value }
}
