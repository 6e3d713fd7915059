import Synchronization

/// What the TCP transport has done since it started.
public struct TCPStatistics: Sendable, Equatable, Codable {
  /// Connections the kernel handed over, refused ones included.
  public var accepted = 0
  /// Those of them that came for TLS.
  public var acceptedDoT = 0
  /// Those of them that came for HTTP.
  public var acceptedDoH = 0
  /// Connections open now.
  public var open = 0
  /// Those of them over TLS.
  public var openDoT = 0
  /// Those of them over HTTP.
  public var openDoH = 0
  /// Connections refused because as many as allowed were open and none could be closed.
  public var refusedTotal = 0
  /// Connections refused because their client had as many as allowed.
  public var refusedPerClient = 0
  /// Connections refused because their client had begun too many TLS handshakes.
  public var refusedHandshakes = 0
  /// Idle connections closed to make room.
  public var evicted = 0
  /// Connections closed for a time limit: idle, slow message or stalled.
  public var timeouts = 0
  /// Connections closed for a wrong length or an end within a message.
  public var malformed = 0
  /// Connections closed because the client took no answers or sent too far ahead.
  public var overloaded = 0
  /// Messages handed to the query handler, over all stream transports.
  public var queries = 0
  /// Those of them that came over TLS.
  public var dotQueries = 0
  /// Those of them that came over HTTP.
  public var dohQueries = 0
  /// HTTP requests refused before there was a query.
  public var refusedRequests = 0
  /// TLS handshakes that succeeded.
  public var handshakes = 0
  /// Connections that ended before their TLS handshake had.
  public var failedHandshakes = 0
  /// Answers queued for sending.
  public var answers = 0
  /// Answers that came after their connection was gone.
  public var late = 0

  /// All zero.
  public init() {}
}

/// Counters of one event loop, which alone writes them; anybody may read.
final class TCPCounters: Sendable {
  let accepted = Atomic<Int>(0)
  let acceptedDoT = Atomic<Int>(0)
  let acceptedDoH = Atomic<Int>(0)
  let refusedTotal = Atomic<Int>(0)
  let refusedPerClient = Atomic<Int>(0)
  let refusedHandshakes = Atomic<Int>(0)
  let evicted = Atomic<Int>(0)
  let timeouts = Atomic<Int>(0)
  let malformed = Atomic<Int>(0)
  let overloaded = Atomic<Int>(0)
  let queries = Atomic<Int>(0)
  let dotQueries = Atomic<Int>(0)
  let dohQueries = Atomic<Int>(0)
  let refusedRequests = Atomic<Int>(0)
  let handshakes = Atomic<Int>(0)
  let failedHandshakes = Atomic<Int>(0)
  let answers = Atomic<Int>(0)
  let late = Atomic<Int>(0)

  /// Counts a connection the kernel handed over.
  func accept(over transport: Transport) {
    accepted.increment()
    if transport == .dot { acceptedDoT.increment() }
    if transport == .doh { acceptedDoH.increment() }
  }

  /// Counts the end of a connection under its reason.
  func count(_ reason: TCPCloseReason) {
    switch reason {
    case .idle, .slowHandshake, .slowMessage, .stalled: timeouts.increment()
    case .malformed: malformed.increment()
    case .overload: overloaded.increment()
    case .evicted: evicted.increment()
    case .finished, .aborted, .shutdown: break
    }
  }

  /// Adds these counters to `sum`.
  func add(to sum: inout TCPStatistics) {
    sum.accepted += accepted.load(ordering: .relaxed)
    sum.acceptedDoT += acceptedDoT.load(ordering: .relaxed)
    sum.acceptedDoH += acceptedDoH.load(ordering: .relaxed)
    sum.refusedTotal += refusedTotal.load(ordering: .relaxed)
    sum.refusedPerClient += refusedPerClient.load(ordering: .relaxed)
    sum.refusedHandshakes += refusedHandshakes.load(ordering: .relaxed)
    sum.evicted += evicted.load(ordering: .relaxed)
    sum.timeouts += timeouts.load(ordering: .relaxed)
    sum.malformed += malformed.load(ordering: .relaxed)
    sum.overloaded += overloaded.load(ordering: .relaxed)
    sum.queries += queries.load(ordering: .relaxed)
    sum.dotQueries += dotQueries.load(ordering: .relaxed)
    sum.dohQueries += dohQueries.load(ordering: .relaxed)
    sum.refusedRequests += refusedRequests.load(ordering: .relaxed)
    sum.handshakes += handshakes.load(ordering: .relaxed)
    sum.failedHandshakes += failedHandshakes.load(ordering: .relaxed)
    sum.answers += answers.load(ordering: .relaxed)
    sum.late += late.load(ordering: .relaxed)
  }
}

extension Atomic where Value == Int {
  func increment() { add(1, ordering: .relaxed) }
}
