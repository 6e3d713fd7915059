/// A range of clock errors that explains lookups of names outside their validity.
///
/// A bot whose clock is off by `o` asks at `t` for names valid at `t + o`: each lookup outside the
/// validity says `from - t ≤ o < to - t`. Lookups whose ranges overlap are explained by one clock;
/// their intersection narrows it down. A scanner that reads lists of several days needs several.
package struct ClockOffset: Equatable, Sendable {
  /// Least error, seconds; negative: the clock is slow.
  package internal(set) var least: Int64
  /// Largest error, seconds.
  package internal(set) var most: Int64

  /// How far apart ranges may be and still be one clock's, seconds: half a day of drift and of
  /// daylight saving between two lookups.
  static let tolerance: Int64 = 43_200
  /// Bound on what is kept, seconds: a validity may end at the end of time.
  static let limit: Int64 = 1 << 40

  /// The middle of the range, in days, rounded.
  package var days: Int {
    Int((Double(least + most) / 2 / Double(UTCTime.secondsPerDay)).rounded())
  }

  /// The range that one lookup says.
  init(validFrom: Int64?, validTo: Int64?, at seconds: Int64) {
    least = Self.bounded(validFrom, minus: seconds, else: -Self.limit)
    most = max(least, Self.bounded(validTo, minus: seconds, else: Self.limit))
  }

  /// Takes stored values.
  init(least: Int64, most: Int64) {
    self.least = least
    self.most = most
  }

  /// Whether a right clock, give or take `grace` seconds, explains the lookup.
  func isInside(grace: Int64) -> Bool { least <= grace && most > -grace }

  /// Narrows the range if another lookup can be the same clock's.
  mutating func absorb(_ other: ClockOffset) -> Bool {
    guard other.least <= most + Self.tolerance, least <= other.most + Self.tolerance else {
      return false
    }
    let low = max(least, other.least)
    let high = min(most, other.most)
    (least, most) = (min(low, high), max(low, high))
    return true
  }

  private static func bounded(_ value: Int64?, minus seconds: Int64, else none: Int64) -> Int64 {
    guard let value else { return none }
    let (difference, overflow) = value.subtractingReportingOverflow(seconds)
    guard !overflow else { return value < 0 ? -limit : limit }
    return min(max(difference, -limit), limit)
  }
}
