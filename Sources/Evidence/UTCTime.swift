/// UTC calendar text for instants counted from 1970; pure arithmetic, no time zone, no locale.
///
/// The day ↔ date conversion is the proleptic Gregorian calendar of RFC 3339, counted in 400-year
/// cycles of 146,097 days that begin on 1 March.
package enum UTCTime {
  /// Microseconds in a second.
  package static let microsecondsPerSecond: Int64 = 1_000_000
  /// Seconds in a day (UTC as computers count it has no leap seconds).
  package static let secondsPerDay: Int64 = 86_400

  /// `2026-11-23T13:37:00.123456Z` for microseconds since 1970.
  package static func rfc3339(microseconds: Int64) -> String {
    let (seconds, fraction) = floorDivide(microseconds, microsecondsPerSecond)
    return rfc3339Prefix(seconds) + "." + digits(fraction, 6) + "Z"
  }

  /// `2026-11-23T13:37:00Z` for seconds since 1970.
  package static func rfc3339(seconds: Int64) -> String { rfc3339Prefix(seconds) + "Z" }

  /// `2026-11-23 13:37:00` for microseconds since 1970: Shadowserver's form, UTC without a zone.
  package static func spaced(microseconds: Int64) -> String {
    let seconds = floorDivide(microseconds, microsecondsPerSecond).quotient
    return date(seconds) + " " + clock(seconds)
  }

  /// `2026-11-23` for microseconds since 1970.
  package static func day(microseconds: Int64) -> String {
    date(floorDivide(microseconds, microsecondsPerSecond).quotient)
  }

  /// Calendar year of an instant in microseconds.
  package static func year(microseconds: Int64) -> Int {
    Int(civil(days: dayNumber(microseconds: microseconds)).year)
  }

  /// Days since 1970-01-01 of an instant in microseconds; negative before.
  package static func dayNumber(microseconds: Int64) -> Int64 {
    floorDivide(microseconds, microsecondsPerSecond * secondsPerDay).quotient
  }

  // MARK: - Pieces

  private static func rfc3339Prefix(_ seconds: Int64) -> String {
    date(seconds) + "T" + clock(seconds)
  }

  private static func date(_ seconds: Int64) -> String {
    let (year, month, day) = civil(days: floorDivide(seconds, secondsPerDay).quotient)
    let sign = year < 0 ? "-" : ""
    return sign + digits(abs(year), 4) + "-" + digits(month, 2) + "-" + digits(day, 2)
  }

  private static func clock(_ seconds: Int64) -> String {
    let second = floorDivide(seconds, secondsPerDay).remainder
    return digits(second / 3600, 2) + ":" + digits(second / 60 % 60, 2) + ":"
      + digits(second % 60, 2)
  }

  private static func digits(_ value: Int64, _ width: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
  }

  private static func floorDivide(
    _ value: Int64, _ divisor: Int64
  ) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }

  /// Year, month and day of a day number: years are counted from 1 March, so that the leap day
  /// is a year's last day and month lengths follow (153 m + 2) / 5.
  private static func civil(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let (cycle, dayOfCycle) = floorDivide(days + 719_468, 146_097)
    let yearOfCycle =
      (dayOfCycle - dayOfCycle / 1460 + dayOfCycle / 36_524 - dayOfCycle / 146_096) / 365
    let dayOfYear = dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    let year = cycle * 400 + yearOfCycle + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shifted + 2) / 5 + 1)
  }
}
