import DGAKit

/// Tempedreve: one new name each day; the malware walks back from today to 2015-03-23.
///
/// Seed parameters: none.
struct Tempedreve: DGAModel {
  static let metadata = ModelMetadata(
    family: "tempedreve", trust: .high,
    check: "The published list for 2020-01-01 (1,746 of 1,746 names) and three names of a"
      + " published table of examples (April 2015).",
    variants: [
      VariantInfo(
        kind: .arithmetic, period: .day, clock: .unstated,
        namesPerPeriod: .between(0, listLength(at: .distantFuture)),
        topLevelDomains: ["com", "net", "org", "info"], order: .listed,
        notes: "A list has one name more each day, the newest first: 4,264 on 2026-11-23. A name"
          + " is valid from its own day on, for ever. Before 2015-03-23 lists are empty.")
    ],
    references: ["https://github.com/baderj/domain_generation_algorithms (tempedreve)"])

  static let seeds = [Seed(label: "default", reference: "baderj")]

  static let knownAnswers = [
    KnownAnswer(
      seed: "default", at: "2020-01-01", count: 1_746, first: "dlbebsga.net",
      middle: "gpctibqdk.com", last: "kryrczixg.com"),
    KnownAnswer(
      seed: "default", at: "2024-02-29", count: 3_266, first: "draxaxub.net",
      middle: "ozshelad.com", last: "kryrczixg.com"),
    KnownAnswer(
      seed: "default", at: "2026-11-23", count: 4_264, first: "gvczevs.info",
      middle: "wagegzqo.info", last: "kryrczixg.com"),
  ]

  /// 2015-03-23, the day the walk back ends with, in days since 1970.
  private static let firstDay = CalendarDay(year: 2015, month: 3, day: 23).daysSince1970

  private static func listLength(at instant: Instant) -> Int {
    max(0, Int(instant.daysSince1970 - firstDay) + 1)
  }

  private let suffixes = Suffixes(["com", "net", "org", "info"])

  init(seed: Seed, resources: ModelResources) throws(ModelError) {}

  func period(containing instant: Instant) -> Period {
    guard instant.daysSince1970 < Tempedreve.firstDay else { return .day(containing: instant) }
    return Period(start: .distantPast, end: startOfDay(Tempedreve.firstDay))
  }

  func names(at instant: Instant) -> Names {
    Names(day: instant.daysSince1970, firstDay: Tempedreve.firstDay, suffixes: suffixes)
  }

  struct Names: NameGenerator {
    fileprivate var day: Int64
    fileprivate let firstDay: Int64
    fileprivate let suffixes: Suffixes

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard day >= firstDay else { return false }
      let seed = 1_664_525 &* UInt32(truncatingIfNeeded: day) &+ 1_013_904_223
      let alphabet = shuffledAlphabet(seed)
      var random = generator(seed)
      name.removeAll()
      for _ in 0..<seed % 5 + 7 {
        name.append(alphabet[Int(random.state % 26)])
        _ = random.next()
      }
      suffixes.append(Int(seed & 3), to: &name)
      name.validity = Period(start: startOfDay(day), end: .distantFuture)
      day -= 1
      return true
    }
  }
}

private func startOfDay(_ day: Int64) -> Instant {
  Instant(unixSeconds: day * Instant.secondsPerDay)
}

private func generator(_ seed: UInt32) -> LinearCongruential32 {
  LinearCongruential32(state: seed, multiplier: 16_843_009, increment: 65_805)
}

private func shuffledAlphabet(_ seed: UInt32) -> InlineArray<26, UInt8> {
  var alphabet = InlineArray<26, UInt8> { UInt8(truncatingIfNeeded: $0 + 0x61) }
  var random = generator(seed)
  for place in 0..<26 {
    alphabet.swapAt(place, Int(random.state % 26))
    _ = random.next()
  }
  return alphabet
}
