import AbuseControl
import DNSWire

/// A question's place in recursion: what it was counted for, and what its result is counted for.
struct RecursionAdmission: Sendable {
  let abuse: AbuseGuard
  let ticket: RecursionTicket
  let failures: FailureLimits

  /// Takes note of the result.
  func note(_ rcode: ResponseCode, at now: Int64) {
    let result: ResolutionResult =
      switch rcode {
      case .noError: .exists
      case .nameError: .nonexistent
      default: .failed
      }
    abuse.note(result, of: ticket, failures, at: now)
  }

  /// Gives the place back; to be called once.
  func end() { abuse.leave(ticket) }
}
