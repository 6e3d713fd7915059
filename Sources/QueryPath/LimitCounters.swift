import Synchronization

/// What limits and challenges did to queries and responses, by reason; counts as `QueryCounters` do.
package final class LimitCounters: Sendable {
  /// Why a query was not answered as asked.
  package enum Reason: Int, CaseIterable, Sendable {
    /// A response over its rate was not sent.
    case responseDropped
    /// A response over its rate was sent without data and with TC=1, or, being an error, as it was.
    case responseSlipped
    /// A response over its rate was sent all the same: limits are on trial.
    case responseTrial
    /// A query over its client's rate was answered REFUSED.
    case queryRefused
    /// A query over its client's rate was not answered.
    case queryDropped
    /// The client had too many questions in recursion.
    case clientOutstanding
    /// The zone had too many questions in recursion.
    case zoneOutstanding
    /// The zone was drawing names that fail.
    case randomSubdomain
    /// A hit over UDP was answered TC=1, so that the client shows its address over TCP.
    case challenged
    /// A listed name was resolved normally because its client has opted out.
    case optedOut

    /// The reason as status and metrics name it.
    package var name: String {
      switch self {
      case .responseDropped: "response_dropped"
      case .responseSlipped: "response_slipped"
      case .responseTrial: "response_trial"
      case .queryRefused: "query_refused"
      case .queryDropped: "query_dropped"
      case .clientOutstanding: "client_outstanding"
      case .zoneOutstanding: "zone_outstanding"
      case .randomSubdomain: "random_subdomain"
      case .challenged: "challenged"
      case .optedOut: "opted_out"
      }
    }
  }

  private let cells = InlineArray<16, Atomic<UInt64>>({ _ in Atomic(0) })

  /// Creates counters at zero.
  package init() {}

  /// Counts one; only the owning thread calls this, so no locked instruction is needed.
  @inline(__always)
  package func count(_ reason: Reason) {
    let value = cells[reason.rawValue].load(ordering: .relaxed)
    cells[reason.rawValue].store(value &+ 1, ordering: .relaxed)
  }

  /// The number counted so far.
  package subscript(reason: Reason) -> UInt64 { cells[reason.rawValue].load(ordering: .relaxed) }
}
