package import DNSWire

/// Counters of one recursion thread, since it started.
package struct ThreadStatistics: Sendable, Equatable {
  /// Questions accepted.
  package internal(set) var submitted: UInt64 = 0
  /// Questions turned away because the limit was reached or the resolver is stopping.
  package internal(set) var refused: UInt64 = 0
  /// Questions accepted and not yet answered, waiting ones included.
  package internal(set) var unanswered = 0
  /// Places taken: `unanswered`, and those libunbound still works on past the time-out.
  package internal(set) var inFlight = 0
  /// Answers by the low four bits of their response code.
  package internal(set) var byRcode = RcodeCounters()
  /// Answers with data that were secure.
  package internal(set) var secure: UInt64 = 0
  /// Answers with data that were insecure.
  package internal(set) var insecure: UInt64 = 0
  /// Answers with data that were bogus.
  package internal(set) var bogus: UInt64 = 0
  /// Answers without data: SERVFAIL for whatever reason.
  package internal(set) var failed: UInt64 = 0
  /// Of `failed`, those given because the time was over.
  package internal(set) var timedOut: UInt64 = 0
  /// Of `failed`, those libunbound never called back for, found when stopping; must stay 0.
  package internal(set) var lost: UInt64 = 0

  /// Nothing done.
  package init() {}

  /// Questions answered.
  package var answered: UInt64 { secure + insecure + bogus + failed }

  /// Adds the counters of another thread.
  package mutating func add(_ other: ThreadStatistics) {
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
package struct RcodeCounters: Sendable, Equatable {
  private var counts: [UInt64] = Array(repeating: 0, count: 16)

  /// The count for the low four bits of `rcode`.
  package internal(set) subscript(rcode: ResponseCode) -> UInt64 {
    get { counts[Int(rcode.rawValue & 0x0F)] }
    set { counts[Int(rcode.rawValue & 0x0F)] = newValue }
  }

  mutating func add(_ other: RcodeCounters) {
    for index in counts.indices { counts[index] += other.counts[index] }
  }
}

/// Counters of all threads.
package struct RecursionStatistics: Sendable, Equatable {
  /// Each thread's, in order.
  package let perThread: [ThreadStatistics]

  /// The sum over the threads.
  package var total: ThreadStatistics {
    perThread.reduce(into: ThreadStatistics()) { $0.add($1) }
  }
}
