import Synchronization

/// What the TCP transport has done since it started.
package struct TCPStatistics: Sendable, Equatable, Codable {
  /// Connections the kernel handed over, refused ones included.
  package var accepted = 0
  /// Connections open now.
  package var open = 0
  /// Connections refused because as many as allowed were open and none could be closed.
  package var refusedTotal = 0
  /// Connections refused because their client had as many as allowed.
  package var refusedPerClient = 0
  /// Idle connections closed to make room.
  package var evicted = 0
  /// Connections closed for a time limit: idle, slow message or stalled.
  package var timeouts = 0
  /// Connections closed for a wrong length or an end within a message.
  package var malformed = 0
  /// Connections closed because the client took no answers or sent too far ahead.
  package var overloaded = 0
  /// Messages handed to the query handler.
  package var queries = 0
  /// Answers queued for sending.
  package var answers = 0
  /// Answers that came after their connection was gone.
  package var late = 0

  /// All zero.
  package init() {}
}

/// Counters of one event loop, which alone writes them; anybody may read.
final class TCPCounters: Sendable {
  let accepted = Atomic<Int>(0)
  let refusedTotal = Atomic<Int>(0)
  let refusedPerClient = Atomic<Int>(0)
  let evicted = Atomic<Int>(0)
  let timeouts = Atomic<Int>(0)
  let malformed = Atomic<Int>(0)
  let overloaded = Atomic<Int>(0)
  let queries = Atomic<Int>(0)
  let answers = Atomic<Int>(0)
  let late = Atomic<Int>(0)

  /// Counts the end of a connection under its reason.
  func count(_ reason: TCPCloseReason) {
    switch reason {
    case .idle, .slowMessage, .stalled: timeouts.increment()
    case .malformed: malformed.increment()
    case .overload: overloaded.increment()
    case .evicted: evicted.increment()
    case .finished, .shutdown: break
    }
  }

  /// Adds these counters to `sum`.
  func add(to sum: inout TCPStatistics) {
    sum.accepted += accepted.load(ordering: .relaxed)
    sum.refusedTotal += refusedTotal.load(ordering: .relaxed)
    sum.refusedPerClient += refusedPerClient.load(ordering: .relaxed)
    sum.evicted += evicted.load(ordering: .relaxed)
    sum.timeouts += timeouts.load(ordering: .relaxed)
    sum.malformed += malformed.load(ordering: .relaxed)
    sum.overloaded += overloaded.load(ordering: .relaxed)
    sum.queries += queries.load(ordering: .relaxed)
    sum.answers += answers.load(ordering: .relaxed)
    sum.late += late.load(ordering: .relaxed)
  }
}

extension Atomic where Value == Int {
  func increment() { add(1, ordering: .relaxed) }
}
