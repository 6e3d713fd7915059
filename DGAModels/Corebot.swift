import DGAKit

/// CoreBot: 12 to 23 letters and digits below one dynamic DNS zone, from a congruential generator.
///
/// Seed parameters: `seed` (32 bits); `count` (40).
struct Corebot: DGAModel {
  static let metadata = ModelMetadata(
    family: "corebot", malpedia: "win.corebot", trust: .high,
    check: "Seed 1DB98930 gives all 40 names a sandbox saw on 2015-09-08; seed 1DBA8930 is only the"
      + " published script's default.",
    variants: [
      VariantInfo(
        kind: .arithmetic, period: .day, clock: .unstated, namesPerPeriod: .exactly(40),
        topLevelDomains: ["ddns.net"], sharedSuffixes: ["ddns.net"], order: .listed,
        notes: "The letter z and the digit 9 never occur: both ranges end one too early.")
    ],
    references: [
      "https://bin.re/blog/the-dga-of-corebot/",
      "https://github.com/baderj/domain_generation_algorithms (corebot)",
    ],
    notes: "The sample analysed first, a debugging one, takes the day of the month to be 8.")

  static let seeds = [
    Seed(
      label: "1DBA8930", parameters: ["seed": 0x1DBA_8930], reference: "baderj (script's default)"),
    Seed(label: "1DB98930", parameters: ["seed": 0x1DB9_8930], reference: "baderj (write-up)"),
  ]

  static let knownAnswers = [
    KnownAnswer(
      seed: "1DB98930", at: "2015-09-08", count: 40, first: "lkhylm0mhyfuhg.ddns.net",
      middle: "storip3l7dsdunybebc.ddns.net", last: "snup5t5tyv1x7pyfoba.ddns.net"),
    KnownAnswer(
      seed: "1DB98930", at: "2024-02-29", count: 40, first: "be65torap38kr3to.ddns.net",
      middle: "o4ox1jyjghavovevs07dmti.ddns.net", last: "erqtch5fqpidgte.ddns.net"),
    KnownAnswer(
      seed: "1DB98930", at: "2026-11-23", count: 40, first: "nwlcr3pctopux10g.ddns.net",
      middle: "cf501jkbib3buls.ddns.net", last: "s4excrc0i0wv1rora4g8o2u.ddns.net"),
    KnownAnswer(
      seed: "1DBA8930", at: "2024-02-29", count: 40, first: "xkpulg8y6etsjudsd7v5.ddns.net",
      middle: "m6k8ohyrq2avwfmx76o.ddns.net", last: "cn10yfkf1vkrulgdc6u.ddns.net"),
    KnownAnswer(
      seed: "1DBA8930", at: "2026-11-23", count: 40, first: "t341je61bgr3pcjk8wtq.ddns.net",
      middle: "onej76crypmx16c.ddns.net", last: "387nox7r7rcjcr30cb5.ddns.net"),
  ]

  private var seed: UInt32
  private let count: Int
  private let suffixes = Suffixes(["ddns.net"])

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    self.seed = try seed.uint32("seed")
    count = try seed.count(default: 40)
  }

  func period(containing instant: Instant) -> Period { .day(containing: instant) }

  func names(at instant: Instant) -> Names {
    let today = instant.calendarDay
    let date = UInt32(today.year) + (1 << 16 | UInt32(today.month) << 8 | UInt32(today.day))
    return Names(
      random: .numericalRecipes(seed: seed &+ date), suffixes: suffixes, left: count)
  }

  struct Names: NameGenerator {
    fileprivate var random: LinearCongruential32
    fileprivate let suffixes: Suffixes
    fileprivate var left: Int

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard left > 0 else { return false }
      left -= 1
      name.removeAll()
      for _ in 0..<12 + random.next() % 12 {
        let symbol = UInt8(truncatingIfNeeded: random.next() % 34)
        name.append(symbol < 25 ? symbol + UInt8(ascii: "a") : symbol - 25 + UInt8(ascii: "0"))
      }
      suffixes.append(0, to: &name)
      return true
    }
  }
}

extension Corebot: SearchableModel {
  static let searchSpaces = ["": SearchSpace("seed")]

  mutating func setSearchedValue(_ value: UInt32) { seed = value }
}
