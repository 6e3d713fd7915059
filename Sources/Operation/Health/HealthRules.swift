/// What is looked at to tell whether a server is fit.
package struct HealthSample: Sendable {
  /// Seconds since 1970.
  package var now: Int64
  /// Seconds of any clock that only goes forward.
  package var uptime: Double
  /// Whether the server was told to stop, or another took over.
  package var isDraining = false
  /// First second the index no longer covers; nil when there is no index.
  package var windowEnd: Int64?
  /// When the index was built, seconds since 1970.
  package var builtAt: Int64 = 0
  /// Hits stored since the start.
  package var hitsStored: UInt64 = 0
  /// Hits that wait to be stored.
  package var hitsWaiting: UInt64 = 0
  /// Hits that found their ring full.
  package var hitsDropped: UInt64 = 0
  /// Why hits cannot be stored, nil while they can.
  package var hitsError: String?
  /// Resolutions that came to an end.
  package var resolutions: UInt64 = 0
  /// Of them, those without an answer.
  package var failures: UInt64 = 0
  /// What the probes of recursion came to, by name; empty when there are none.
  package var probes: [String: Bool] = [:]
  /// Rounds of each thread that answers UDP.
  package var beats: [UInt64] = []

  /// A server that has done nothing.
  package init(now: Int64, uptime: Double) {
    self.now = now
    self.uptime = uptime
  }
}

/// When a server is unfit.
package struct HealthRules: Sendable, Equatable {
  /// Age of the index, seconds; nil for no bound but its window.
  package var indexMaxAge: Int64?
  /// Seconds hits may wait without any being stored.
  package var hitsStall: Double = 60
  /// Percentage of failures; 100 never counts.
  package var failurePercent = 100
  /// Resolutions between two looks below which their failures say nothing.
  package static let failuresLeast: UInt64 = 100
  /// Seconds a thread may stand still: it looks up every quarter of a second when idle.
  package static let beatStall = 5.0

  /// The defaults.
  package init() {}
}

/// Judges one sample after the other.
package struct HealthTracker: Sendable {
  private var stored: UInt64 = 0
  private var progressAt: Double?
  private var dropped: UInt64?
  private var resolutions: UInt64?
  private var failures: UInt64 = 0
  private var beats: [UInt64] = []
  private var beatsAt: [Double] = []

  /// Knows nothing yet.
  package init() {}

  /// Why the server is unfit, one line each; empty when it is fit.
  package mutating func reasons(_ sample: HealthSample, _ rules: HealthRules) -> [String] {
    var reasons: [String] = []
    if sample.isDraining { reasons.append("the server is stopping") }
    reasons += index(sample, rules)
    reasons += hits(sample, rules)
    reasons += recursion(sample, rules)
    if isStuck(sample) { reasons.append("a thread that answers UDP stands still") }
    return reasons
  }

  private func index(_ sample: HealthSample, _ rules: HealthRules) -> [String] {
    guard let end = sample.windowEnd else { return ["there is no index"] }
    if end <= sample.now { return ["the index is stale: its days are over"] }
    let age = sample.now - sample.builtAt
    guard let most = rules.indexMaxAge, age > most else { return [] }
    return ["the index is stale: it is \(age) s old"]
  }

  private mutating func hits(_ sample: HealthSample, _ rules: HealthRules) -> [String] {
    if sample.hitsStored != stored || sample.hitsWaiting == 0 || progressAt == nil {
      progressAt = sample.uptime
    }
    stored = sample.hitsStored
    let isDropping = dropped.map { sample.hitsDropped > $0 } ?? false
    dropped = sample.hitsDropped
    var reasons: [String] = []
    if isDropping { reasons.append("hits are dropped: a ring is full") }
    let silence = sample.uptime - (progressAt ?? sample.uptime)
    if silence >= rules.hitsStall {
      let why = sample.hitsError.map { ": \($0)" } ?? ""
      reasons.append("the hit log is stuck, \(sample.hitsWaiting) hits wait\(why)")
    } else if let error = sample.hitsError {
      reasons.append("hits cannot be stored: \(error)")
    }
    return reasons
  }

  private mutating func recursion(_ sample: HealthSample, _ rules: HealthRules) -> [String] {
    defer {
      resolutions = sample.resolutions
      failures = sample.failures
    }
    if !sample.probes.isEmpty, !sample.probes.values.contains(true) {
      let names = sample.probes.keys.sorted().joined(separator: ", ")
      return ["recursion is down: no answer for \(names)"]
    }
    guard rules.failurePercent < 100, let before = resolutions, sample.resolutions >= before,
      sample.failures >= failures
    else { return [] }
    let count = sample.resolutions - before
    let failed = sample.failures - failures
    guard count >= HealthRules.failuresLeast,
      failed * 100 > count * UInt64(max(0, rules.failurePercent))
    else { return [] }
    return ["recursion is down: \(failed) of \(count) resolutions failed"]
  }

  /// Whether a thread has not gone round its loop for too long.
  private mutating func isStuck(_ sample: HealthSample) -> Bool {
    guard sample.beats.count == beats.count else {
      beats = sample.beats
      beatsAt = Array(repeating: sample.uptime, count: beats.count)
      return false
    }
    for index in beats.indices where sample.beats[index] != beats[index] {
      beatsAt[index] = sample.uptime
    }
    beats = sample.beats
    return beatsAt.contains { sample.uptime - $0 >= HealthRules.beatStall }
  }
}
