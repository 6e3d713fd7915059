import DGAKit

/// Blackhole (the exploit kit's script in hacked pages, "runforestrun"): sixteen letters from a
/// minimal standard generator in floating point, seeded by month, day and half of the day.
///
/// Takes no seed parameters.
struct Blackhole: DGAModel {
  static let metadata = ModelMetadata(
    family: "blackhole", aliases: ["runforestrun"], trust: .high,
    check: "All 330 names of this form in andrewaeva's list reproduce, each the first of its day;"
      + " rubot's test has one of a second half (2012-07-31).",
    variants: [
      VariantInfo(
        kind: .arithmetic, period: .other("00:00-12:59 and 13:00-23:59, the same every year"),
        clock: .local, namesPerPeriod: .exactly(1), topLevelDomains: ["ru"], order: .listed)
    ],
    references: [
      "https://github.com/chrislee35/rubot (blackhole.rb, test_dga.rb)",
      "https://github.com/andrewaeva/DGA (dga_wordlists/others_dga.txt)",
    ],
    notes: "Asked for by the browser of whoever visits a hacked page: a hit is a visitor, not"
      + " necessarily an infected computer.")

  static let seeds = [Seed(label: "default", reference: "chrislee35/rubot")]

  static let knownAnswers = [
    answer(at: "2012-01-01T00:00:00Z", "kxfcnwlyyohascji.ru"),
    answer(at: "2012-07-31T22:42:46Z", "kzxrowftdocgyghs.ru"),
    answer(at: "2012-11-23T12:59:59Z", "zigfmudoxbqehljf.ru"),
  ]

  private static func answer(at instant: String, _ name: String) -> KnownAnswer {
    KnownAnswer(seed: "default", at: instant, count: 1, first: name, middle: name, last: name)
  }

  private let suffix = Suffixes(["ru"])

  init(seed: Seed, resources: ModelResources) throws(ModelError) {}

  func period(containing instant: Instant) -> Period {
    let midnight = instant.startOfDay
    let middle = midnight.adding(seconds: 13 * 3_600)
    return instant < middle
      ? Period(start: midnight, end: middle)
      : Period(start: middle, end: midnight.adding(days: 1))
  }

  func names(at instant: Instant) -> Names {
    let today = instant.calendarDay
    let isSecondHalf = instant.hour > 12
    let date = (today.month - 1) * 0xFF_FFFF + today.day * 0xFFFF + (isSecondHalf ? 0xFFF : 0)
    return Names(state: 2_345_678_901 + Double(date), suffix: suffix)
  }

  struct Names: NameGenerator {
    fileprivate var state: Double
    fileprivate let suffix: Suffixes
    fileprivate var isDone = false

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard !isDone else { return false }
      isDone = true
      name.removeAll()
      for _ in 0..<16 {
        // JavaScript's Math.round of a number that is not negative.
        let letter = (25 * nextFraction() + 0.5).rounded(.down)
        name.append(letter: UInt32(letter))
      }
      suffix.append(0, to: &name)
      return true
    }

    /// Schrage's division for the factor 48271, with a quotient that is never cut to an integer.
    private mutating func nextFraction() -> Double {
      let (factor, modulus) = (48_271.0, 2_147_483_647.0)
      let quotient = modulus / factor
      let high = state / quotient
      let low = state.truncatingRemainder(dividingBy: quotient)
      let test = factor * low - modulus.truncatingRemainder(dividingBy: factor) * high
      state = test > 0 ? test : test + modulus
      return state * (1 / modulus)
    }
  }
}
