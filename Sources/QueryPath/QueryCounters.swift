import Synchronization

/// What one handler has done, by kind of answer; written by its thread, read by all.
package final class QueryCounters: Sendable {
  /// How a query was answered.
  package enum Kind: Int, CaseIterable, Sendable {
    /// Answered with the sinkhole's addresses.
    case sinkholed
    /// Answered NXDOMAIN by policy.
    case nxdomain
    /// Listed, recorded and resolved normally.
    case observed
    /// Listed, but colliding with a benign name: recorded and resolved normally.
    case colliding
    /// Answered out of the cache.
    case cacheHit
    /// Handed to recursion.
    case recursed
    /// Recursion ended in SERVFAIL.
    case failed
    /// Refused because too many queries are in flight.
    case overloaded
    /// Answered from a zone of ours.
    case authoritative
    /// Answered from the table of special-use names.
    case special
    /// Asked about the server itself.
    case chaos
    /// Refused.
    case refused
    /// Not readable.
    case formatError
    /// Not offered, or of an unknown EDNS version.
    case notImplemented
    /// Not answered at all.
    case dropped
    /// Answered, or not answered, as a response policy zone says.
    case policy
    /// Turned away until the client shows a cookie or comes over TCP.
    case challenged
    /// Looked up in the cache, and not found.
    case cacheMiss
    /// Answered past its time, for want of a better answer (RFC 8767).
    case stale
    /// Asked for again before it ended.
    case refreshed
  }

  /// What limits and challenges did, by reason.
  package let limits = LimitCounters()
  /// Responses by transport, type and code.
  package let responses = ResponseCounters()
  /// Lookups of listed names, by family and action.
  package let hits = HitCounters()
  private let cells = InlineArray<32, Atomic<UInt64>>({ _ in Atomic(0) })

  /// Creates counters at zero.
  package init() {}

  /// Counts one; only the owning thread calls this, so no locked instruction is needed.
  @inline(__always)
  package func count(_ kind: Kind) {
    let value = cells[kind.rawValue].load(ordering: .relaxed)
    cells[kind.rawValue].store(value &+ 1, ordering: .relaxed)
  }

  /// The number counted so far.
  package subscript(kind: Kind) -> UInt64 { cells[kind.rawValue].load(ordering: .relaxed) }
}
