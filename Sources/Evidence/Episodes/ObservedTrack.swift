/// Counts of an episode's lookups over time; one is kept of all of them, one of the verified ones.
package struct ObservedTrack: Equatable, Sendable {
  /// Lookups.
  package internal(set) var lookups: UInt64 = 0
  /// First lookup, microseconds since 1970; 0 before any.
  package internal(set) var first: Int64 = 0
  /// Last lookup, microseconds since 1970; 0 before any.
  package internal(set) var last: Int64 = 0
  /// Bursts: groups of lookups with a long silence before them.
  package internal(set) var bursts: UInt32 = 0
  /// Start of the newest burst, microseconds since 1970.
  package internal(set) var burstStart: Int64 = 0
  /// Seconds between the starts of the newest bursts, the newest last.
  package internal(set) var gaps: [UInt32] = []
  /// Distinct UTC days.
  package internal(set) var days: UInt32 = 0
  /// Number of the newest day since 1970.
  package internal(set) var lastDay: Int64 = .min
  /// Pairs of names asked one after the other whose places ascend.
  package internal(set) var ascending: UInt32 = 0
  /// Pairs of names asked one after the other.
  package internal(set) var pairs: UInt32 = 0

  /// Most gaps kept: enough for a median.
  static let maximumGaps = 16

  /// Counts a lookup, or several that were folded into one.
  mutating func add(_ observation: Observation, burstGap: Int64) {
    let time = observation.firstMicroseconds
    if lookups == 0 {
      first = time
      last = time
      startBurst(at: time, after: nil)
    } else if time.subtractingReportingOverflow(last).partialValue >= burstGap, time > last {
      startBurst(at: time, after: burstStart)
    }
    lookups =
      lookups.addingReportingOverflow(observation.count).overflow
      ? .max : lookups + observation.count
    first = min(first, time)
    last = max(last, observation.lastMicroseconds)
    for instant in [time, observation.lastMicroseconds] {
      let day = UTCTime.dayNumber(microseconds: instant)
      guard day > lastDay else { continue }
      lastDay = day
      days &+= days < .max ? 1 : 0
    }
  }

  /// Counts two names asked one after the other.
  mutating func addPair(isAscending: Bool) {
    guard pairs < .max else { return }
    pairs += 1
    if isAscending { ascending += 1 }
  }

  private mutating func startBurst(at time: Int64, after previous: Int64?) {
    burstStart = time
    if bursts < .max { bursts += 1 }
    guard let previous else { return }
    if gaps.count == Self.maximumGaps { gaps.removeFirst() }
    gaps.append(UInt32(clamping: (time &- previous) / UTCTime.microsecondsPerSecond))
  }
}
