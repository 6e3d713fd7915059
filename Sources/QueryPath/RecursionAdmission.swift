import AbuseControl
import DNSWire

/// A question's place in recursion: what it was counted for, and what its result is counted for.
struct RecursionAdmission: Sendable {
  let ticket: RecursionTicket
  let failures: FailureLimits

  /// Takes note of the result.
  func note(_ rcode: ResponseCode, in abuse: AbuseGuard, at now: Int64) {
    let result: ResolutionResult =
      switch rcode {
      case .noError: .exists
      case .nameError: .nonexistent
      default: .failed
      }
    abuse.note(result, of: ticket, failures, at: now)
  }
}
