/// A moment in time, in whole seconds since 1970-01-01T00:00:00Z (UTC, no leap seconds).
///
/// Models never read a clock: the instant is always handed in. Calendar fields are those of the
/// proleptic Gregorian calendar in UTC.
public struct Instant: Sendable, Hashable, Comparable {
  /// Seconds since 1970-01-01T00:00:00Z; negative before.
  public var unixSeconds: Int64

  /// The instant that many seconds after 1970-01-01T00:00:00Z.
  @inlinable
  public init(unixSeconds: Int64) {
    self.unixSeconds = unixSeconds
  }

  /// The earliest instant a `Period` uses: 0001-01-01T00:00:00Z.
  public static let distantPast = Instant(unixSeconds: -62_135_596_800)

  /// The latest instant a `Period` uses: 9999-12-31T23:59:59Z, the last RFC 3339 can write.
  public static let distantFuture = Instant(unixSeconds: 253_402_300_799)

  /// Whether the left instant is the earlier one.
  @inlinable
  public static func < (left: Instant, right: Instant) -> Bool {
    left.unixSeconds < right.unixSeconds
  }

  /// The instant so many seconds later (earlier when negative); sticks at the ends of `Int64`.
  @inlinable
  public func adding(seconds: Int64) -> Instant {
    let (sum, overflow) = unixSeconds.addingReportingOverflow(seconds)
    guard overflow else { return Instant(unixSeconds: sum) }
    return Instant(unixSeconds: seconds < 0 ? .min : .max)
  }

  /// The instant so many days of 86,400 seconds later (earlier when negative).
  @inlinable
  public func adding(days: Int64) -> Instant {
    let (seconds, overflow) = days.multipliedReportingOverflow(by: Instant.secondsPerDay)
    guard overflow else { return adding(seconds: seconds) }
    return Instant(unixSeconds: days < 0 ? .min : .max)
  }

  /// Seconds in a UTC day.
  public static let secondsPerDay: Int64 = 86_400
}
