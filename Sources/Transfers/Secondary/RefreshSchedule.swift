package import ZoneRecords

/// When a secondary asks its primaries and when its zone is too old (RFC 1034 §4.3.5).
///
/// Pure: instants are seconds since 1970 and are handed in.
package struct RefreshSchedule: Sendable, Equatable {
  /// Shortest time between two checks, whatever the SOA record or notifications say, seconds.
  package static let shortest: Int64 = 1
  /// Longest time between two checks, seconds: four weeks, BIND's max-refresh-time rounded up.
  package static let longest: Int64 = 28 * 86_400
  /// First and longest time between attempts to get a zone of which there is no copy, seconds.
  static let firstRetry: Int64 = 2
  static let longestFirstRetry: Int64 = 300

  private var numbers: SOANumbers?
  /// When the copy was last known to be current.
  package private(set) var lastGood: Int64?
  /// When to check next.
  package private(set) var next: Int64
  private var lastStart = Int64.min / 2
  private var attempts: Int64 = 0

  /// A zone of which there is no copy: check at once.
  package init(at now: Int64) { next = now }

  /// Takes up a copy from disk, which was last known to be current at `checkedAt`; it is checked at
  /// once.
  package mutating func restore(_ numbers: SOANumbers, checkedAt: Int64, at now: Int64) {
    self.numbers = numbers
    // A clock that was ahead must not keep a zone alive for ever.
    lastGood = min(checkedAt, now)
    next = now
  }

  /// Notes that a check begins.
  package mutating func began(at now: Int64) { lastStart = now }

  /// Notes that the copy is current, or a new one has come.
  package mutating func succeeded(_ numbers: SOANumbers, at now: Int64) {
    self.numbers = numbers
    lastGood = now
    attempts = 0
    next = now + Self.bounded(numbers.refresh)
  }

  /// Notes that no primary could be asked.
  package mutating func failed(at now: Int64) {
    attempts += 1
    if let numbers, !isExpired(at: now) {
      next = now + min(Self.bounded(numbers.retry), Self.bounded(numbers.refresh))
    } else {
      next = now + min(Self.firstRetry << min(attempts - 1, 16), Self.longestFirstRetry)
    }
  }

  /// Notes that a primary says there is a new version.
  package mutating func notified(at now: Int64) {
    next = min(next, max(now, lastStart + Self.shortest))
  }

  /// When the copy expires, nil without one.
  package var expiry: Int64? {
    guard let numbers, let lastGood else { return nil }
    return lastGood + max(Int64(numbers.expire), Self.shortest)
  }

  /// Whether there is a copy that must not be served any more.
  package func isExpired(at now: Int64) -> Bool { expiry.map { now >= $0 } ?? false }

  private static func bounded(_ seconds: UInt32) -> Int64 {
    min(max(Int64(seconds), shortest), longest)
  }
}
