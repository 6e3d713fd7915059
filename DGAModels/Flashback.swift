import DGAKit

/// Flashback.K, for Mac OS X: letters from L'Ecuyer's taus88 generator, whose three components are
/// seeded by day, month and year.
///
/// Seed parameters: `tlds` (has a default).
struct Flashback: DGAModel {
  static let metadata = ModelMetadata(
    family: "flashback", aliases: ["Flashfake"], trust: .high,
    check: "krymbrjasnof.com, which Kaspersky Lab registered for 2012-04-06, and the five names of"
      + " 2012-08-03 in rubot's tests, after SecureWorks' script.",
    variants: [
      VariantInfo(
        kind: .arithmetic, period: .day, clock: .unstated, namesPerPeriod: .exactly(5),
        topLevelDomains: suffixes)
    ],
    references: [
      "https://securelist.com/flashfake-mac-os-x-botnet-confirmed/32421/",
      "https://github.com/chrislee35/rubot (flashback-k, after SecureWorks)",
    ],
    notes: "The malware also has 45 fixed names, which are not given.")

  private static let suffixes = ["com", "net", "info", "in", "kz"]

  static let seeds = [Seed(label: "default", reference: "chrislee35/rubot")]

  static let knownAnswers = [
    answer("2012-04-06", "krymbrjasnof"), answer("2012-08-03", "tomewpjgkeea"),
    answer("2012-01-31", "blaofpmkvluxxhc"), answer("2026-11-23", "bxscwhugmbfrne"),
  ]

  private static func answer(_ date: String, _ label: String) -> KnownAnswer {
    KnownAnswer(
      seed: "default", at: date, count: 5, first: label + ".com", middle: label + ".info",
      last: label + ".kz")
  }

  private let suffixes: Suffixes

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    suffixes = Suffixes(try seed.list("tlds", default: Flashback.suffixes))
  }

  func period(containing instant: Instant) -> Period { .day(containing: instant) }

  func names(at instant: Instant) -> Names {
    Names(random: Taus88(instant.calendarDay), suffixes: suffixes)
  }

  struct Names: NameGenerator {
    private let random: Taus88
    private let suffixes: Suffixes
    private var index = 0

    fileprivate init(random: Taus88, suffixes: Suffixes) {
      self.random = random
      self.suffixes = suffixes
    }

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard index < suffixes.count else { return false }
      // The length is read off the first number, which then gives the first letter too.
      var ahead = random
      let length = 12 + ahead.next() & 3
      var random = random
      name.removeAll()
      for _ in 0..<length { name.append(letter: random.next() % 25) }
      suffixes.append(index, to: &name)
      index += 1
      return true
    }
  }
}

/// Three linear shift registers, xored, as L'Ecuyer published them in 1996 ("Maximally
/// equidistributed combined Tausworthe generators").
private struct Taus88 {
  private var first: UInt32
  private var second: UInt32
  private var third: UInt32

  /// Months are counted from 0 and years from 1900, as C's `struct tm` does.
  init(_ day: CalendarDay) {
    first = Taus88.spread(day.day, over: 1)
    second = Taus88.spread(day.month - 1, over: 7)
    third = Taus88.spread(day.year - 1_900, over: 15)
  }

  /// A start for a component, which must be greater than the bound.
  private static func spread(_ number: Int, over bound: UInt32) -> UInt32 {
    let number = UInt32(truncatingIfNeeded: number)
    let doubled = number ^ number << 16
    guard doubled <= bound else { return doubled }
    let shifted = number << 24
    return shifted > bound ? shifted : ~shifted
  }

  mutating func next() -> UInt32 {
    first = (first & 0xFFFF_FFFE) << 12 ^ (first << 13 ^ first) >> 19
    second = (second & 0xFFFF_FFF8) << 4 ^ (second << 2 ^ second) >> 25
    third = (third & 0xFFFF_FFF0) << 17 ^ (third << 3 ^ third) >> 11
    return first ^ second ^ third
  }
}
