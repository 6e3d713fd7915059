public import DNSWire

/// Counters of one recursion thread, since it started.
public struct ThreadStatistics: Sendable, Equatable {
  /// Questions accepted.
  public internal(set) var submitted: UInt64 = 0
  /// Questions turned away because the limit was reached or the resolver is stopping.
  public internal(set) var refused: UInt64 = 0
  /// Questions accepted and not yet answered, waiting ones included.
  public internal(set) var unanswered = 0
  /// Places taken: `unanswered`, and those libunbound still works on past the time-out.
  public internal(set) var inFlight = 0
  /// Answers by the low four bits of their response code.
  public internal(set) var byRcode = RcodeCounters()
  /// Answers with data that were secure.
  public internal(set) var secure: UInt64 = 0
  /// Answers with data that were insecure.
  public internal(set) var insecure: UInt64 = 0
  /// Answers with data that were bogus.
  public internal(set) var bogus: UInt64 = 0
  /// Answers without data: SERVFAIL for whatever reason.
  public internal(set) var failed: UInt64 = 0
  /// Of `failed`, those given because the time was over.
  public internal(set) var timedOut: UInt64 = 0
  /// Of `failed`, those libunbound never called back for, found when stopping; must stay 0.
  public internal(set) var lost: UInt64 = 0

  /// Nothing done.
  public init() {}

  /// Questions answered.
  public var answered: UInt64 { secure + insecure + bogus + failed }

  /// Adds the counters of another thread.
  public mutating func add(_ other: ThreadStatistics) {
    submitted += other.submitted
    refused += other.refused
    unanswered += other.unanswered
    inFlight += other.inFlight
    byRcode.add(other.byRcode)
    secure += other.secure
    insecure += other.insecure
    bogus += other.bogus
    failed += other.failed
    timedOut += other.timedOut
    lost += other.lost
  }
}

/// One counter for each response code without EDNS (RFC 1035 §4.1.1: four bits).
public struct RcodeCounters: Sendable, Equatable {
  private var counts: [UInt64] = Array(repeating: 0, count: 16)

  /// The count for the low four bits of `rcode`.
  public internal(set) subscript(rcode: ResponseCode) -> UInt64 {
    get { counts[Int(rcode.rawValue & 0x0F)] }
    set { counts[Int(rcode.rawValue & 0x0F)] = newValue }
  }

  mutating func add(_ other: RcodeCounters) {
    for index in counts.indices { counts[index] += other.counts[index] }
  }
}

/// Counters of all threads.
public struct RecursionStatistics: Sendable, Equatable {
  /// Each thread's, in order.
  public let perThread: [ThreadStatistics]

  /// The sum over the threads.
  public var total: ThreadStatistics {
    perThread.reduce(into: ThreadStatistics()) { $0.add($1) }
  }
}
