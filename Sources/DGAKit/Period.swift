/// A half-open interval of time: `start` belongs to it, `end` does not.
public struct Period: Sendable, Hashable {
  /// The first second that belongs to the period.
  public var start: Instant
  /// The first second after it.
  public var end: Instant

  /// A period from its two ends; an `end` not after `start` makes it empty.
  @inlinable
  public init(start: Instant, end: Instant) {
    self.start = start
    self.end = end
  }

  /// The period of lists that never change.
  public static let always = Period(start: .distantPast, end: .distantFuture)

  /// Whether an instant lies in the period.
  public func contains(_ instant: Instant) -> Bool {
    start <= instant && instant < end
  }

  /// Whether two periods share at least one second.
  public func overlaps(_ other: Period) -> Bool {
    start < other.end && other.start < end
  }
}

// MARK: - Periods malware uses

extension Period {
  /// The UTC day around an instant.
  public static func day(containing instant: Instant) -> Period {
    let start = instant.startOfDay
    return Period(start: start, end: start.adding(days: 1))
  }

  /// The calendar month around an instant (UTC).
  public static func month(containing instant: Instant) -> Period {
    Period(start: instant.startOfMonth, end: instant.startOfNextMonth)
  }

  /// The block of `length` seconds around an instant, blocks being counted from `origin`.
  ///
  /// `length` must be positive.
  public static func block(
    ofSeconds length: Int64, containing instant: Instant,
    origin: Instant = Instant(unixSeconds: 0)
  ) -> Period {
    let offset = instant.unixSeconds - origin.unixSeconds
    var remainder = offset % length
    if remainder < 0 { remainder += length }
    let start = instant.adding(seconds: -remainder)
    return Period(start: start, end: start.adding(seconds: length))
  }

  /// The run of days in one month for which `key(day of month)` has the same value (UTC).
  ///
  /// Many families feed something like `day / 7` to their generator: the list then holds for the
  /// days around that share the value and starts anew each month. `key` must be monotonic.
  public static func daysOfMonth(
    containing instant: Instant, sharing key: (_ dayOfMonth: Int) -> Int
  ) -> Period {
    let today = instant.calendarDay
    let length = CalendarDay.daysInMonth(today.month, of: today.year)
    let value = key(today.day)
    var first = today.day
    while first > 1, key(first - 1) == value { first -= 1 }
    var last = today.day
    while last < length, key(last + 1) == value { last += 1 }
    let midnight = instant.startOfDay
    return Period(
      start: midnight.adding(days: Int64(first - today.day)),
      end: midnight.adding(days: Int64(last + 1 - today.day)))
  }
}

extension Period: CustomStringConvertible {
  /// The ISO 8601 interval, such as `2026-11-23T00:00:00Z/2026-11-24T00:00:00Z`.
  public var description: String { "\(start)/\(end)" }
}
