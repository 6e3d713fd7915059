import DGAKit

/// RunForestRun, the script that led to the Blackhole exploit kit: a generator on floating-point
/// numbers, seeded by month, day and half of the day.
///
/// Seed parameters: none.
struct Runforestrun: DGAModel {
  static let metadata = ModelMetadata(
    family: "runforestrun", aliases: ["Blackhole", "RunForrestRun"], trust: .high,
    check: "29 names of live links from 2012-06-22 on, 19 of December 2012 listed by"
      + " MalwareMustDie, both names of a published table of family examples (DGAfamilies), and all 330"
      + " names of this form in andrewaeva/DGA.",
    variants: [
      VariantInfo(
        kind: .arithmetic, period: .other("00:00-12:59 and 13:00-23:59 of a day"), clock: .local,
        namesPerPeriod: .exactly(1), topLevelDomains: ["ru"], order: .listed)
    ],
    references: [
      "https://pastebin.com/GEF9eu5h", "https://pastebin.com/fXzhpqBR",
      "https://pastebin.com/BXYvTK8Q", "https://github.com/chrislee35/rubot (blackhole)",
    ],
    notes: "The year is not used: lists come back each year. The later script with names under"
      + " waw.pl and info is another algorithm and not modelled. Browsers of visitors of a hacked page ask"
      + " for the names: a hit is a visitor, not necessarily an infected computer. About 650,000 names a second: sixteen"
      + " floating-point divisions and remainders for the one name of a list.")

  static let seeds = [Seed(label: "default", reference: "pastebin.com/BXYvTK8Q")]

  static let knownAnswers = [
    answer("2012-06-22T00:00:00Z", "xmexlajhysktwdqe.ru"),
    answer("2012-06-22T13:00:00Z", "atsihkcljrqlzvku.ru"),
    answer("2012-07-07T12:59:59Z", "yafzvancybuwmnno.ru"),
    answer("2012-12-01T15:40:17Z", "uqgmbvszrjmnxbhp.ru"),
    answer("2012-12-19T23:59:59Z", "hmwjxyndtwekhdel.ru"),
  ]

  private static func answer(_ instant: String, _ name: String) -> KnownAnswer {
    KnownAnswer(seed: "default", at: instant, only: name)
  }

  private let suffixes = Suffixes(["ru"])

  init(seed: Seed, resources: ModelResources) throws(ModelError) {}

  func period(containing instant: Instant) -> Period {
    let midnight = instant.startOfDay
    let middle = midnight.adding(seconds: secondHalf)
    return instant < middle
      ? Period(start: midnight, end: middle)
      : Period(start: middle, end: midnight.adding(days: 1))
  }

  func names(at instant: Instant) -> Names {
    let today = instant.calendarDay
    let half = Int64(instant.secondOfDay) < secondHalf ? 0 : 1
    let offset = (today.month - 1) * 0xFF_FFFF + today.day * 0xFFFF + half * 0xFFF
    return Names(state: 2_345_678_901 + Double(offset), suffixes: suffixes)
  }

  struct Names: NameGenerator {
    fileprivate var state: Double
    fileprivate let suffixes: Suffixes
    fileprivate var isDone = false

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard !isDone else { return false }
      isDone = true
      name.removeAll()
      for _ in 0..<16 {
        // The script's Math.round: halves go up. The outer letters are half as likely as others.
        let place = (25 * draw() + 0.5).rounded(.down)
        name.append(letter: UInt32(place))
      }
      suffixes.append(0, to: &name)
      return true
    }

    /// A number between 0 and 1: Park and Miller's generator with Schrage's trick, but on numbers
    /// with fractions, as JavaScript divides, so that it is another sequence.
    private mutating func draw() -> Double {
      let quotient = modulus / multiplier
      let low = state.truncatingRemainder(dividingBy: quotient)
      let test =
        multiplier * low - modulus.truncatingRemainder(dividingBy: multiplier) * (state / quotient)
      state = test > 0 ? test : test + modulus
      return state * (1 / modulus)
    }
  }
}

/// The hour is asked to be greater than 12.
private let secondHalf: Int64 = 13 * 3_600
private let multiplier = 48_271.0
private let modulus = 2_147_483_647.0
