import DGAKit

/// MyDoom: the ten decimal digits of a congruential state, lowest first, each one a letter.
///
/// Seed parameters: `magic` (32 bits), added to year, month and day; `count`.
struct Mydoom: DGAModel {
  static let metadata = ModelMetadata(
    family: "mydoom", aliases: ["Novarg", "Mimail.R", "Shimgapi"], malpedia: "win.mydoom",
    trust: .high,
    check: "The 40 names 360netlab saw in a sandbox on 2019-01-03, in order; the 99 names for"
      + " 2019-04-18 published with the script. 360netlab's own program agrees for the first 51.",
    variants: [
      VariantInfo(
        kind: .arithmetic, period: .day, clock: .unstated, namesPerPeriod: .exactly(99),
        topLevelDomains: suffixes, order: .listed,
        notes: "The names from the 51st on are the same every day; 360netlab's program ends after"
          + " the first of these. Days with the same sum of year, month and day share a list.")
    ],
    references: [
      "https://github.com/baderj/domain_generation_algorithms (mydoom)",
      "https://github.com/360netlab/DGA/issues/49",
    ])

  private static let suffixes = ["com", "biz", "us", "net", "org", "ws", "info", "in"]

  static let seeds = [
    Seed(label: "0xFA8", parameters: ["magic": 0xFA8], reference: "baderj")
  ]

  static let knownAnswers = [
    KnownAnswer(
      seed: "0xFA8", at: "2019-04-18", count: 99, first: "qehspqnmrn.info",
      middle: "mmqpshhpqs.in", last: "empewsqsqa.ws"),
    KnownAnswer(
      seed: "0xFA8", at: "2024-02-29", count: 99, first: "qawrpmesen.info",
      middle: "eaeamemmrs.ws", last: "empewsqsqa.ws"),
    KnownAnswer(
      seed: "0xFA8", at: "2026-11-23", count: 99, first: "shhwahrnen.biz",
      middle: "peshnqhsea.in", last: "empewsqsqa.ws"),
  ]

  private var magic: UInt32
  private let count: Int
  private let suffixes = Suffixes(Mydoom.suffixes)

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    magic = try seed.uint32("magic")
    count = try seed.count(default: 99)
  }

  func period(containing instant: Instant) -> Period { .day(containing: instant) }

  func names(at instant: Instant) -> Names {
    let today = instant.calendarDay
    let sum = UInt32(truncatingIfNeeded: today.year + today.month + today.day)
    return Names(
      magic: magic, suffixes: suffixes, count: count, random: .numericalRecipes(seed: magic &+ sum))
  }

  struct Names: NameGenerator {
    fileprivate let magic: UInt32
    fileprivate let suffixes: Suffixes
    fileprivate let count: Int
    fileprivate var random: LinearCongruential32
    fileprivate var ordinal = 0

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard ordinal < count else { return false }
      if ordinal == timelessOrdinal { random.state = magic }
      var rest = random.next()
      let lowestDigit = Int(rest % 10)
      name.removeAll()
      for _ in 0..<10 {
        name.append(letters[Int(rest % 10)])
        rest /= 10
      }
      suffixes.append(min(lowestDigit, suffixes.count - 1), to: &name)
      if ordinal >= timelessOrdinal { name.validity = .always }
      ordinal += 1
      return true
    }
  }
}

/// From this name on, the date has no part in the state.
private let timelessOrdinal = 50

private let letters: InlineArray<10, UInt8> = {
  let octets = Array("asnhreqwpm".utf8)
  return InlineArray { octets[$0] }
}()

extension Mydoom: SearchableModel {
  static let searchSpaces = ["": SearchSpace("magic")]

  mutating func setSearchedValue(_ value: UInt32) { magic = value }
}
