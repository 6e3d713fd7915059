public import DNSWire

extension ExtendedError {
  /// The code that explains an answer, from what `RecursionClient.recursionFinished` was given; nil
  /// for one that needs no explanation.
  public static func explaining(
    _ rcode: ResponseCode, _ status: ValidationStatus, reason: String?
  ) -> ExtendedError? {
    if status == .bogus { return reason.map(BogusReason.code) ?? .dnssecBogus }
    guard rcode == .serverFailure else { return nil }
    switch reason {
    case RecursionFailure.stopping: return .notReady
    case RecursionFailure.noCallback, RecursionFailure.notTaken: return .other
    // libunbound 1.17 gives no reason for a SERVFAIL. It means that no server of the zone, or no
    // forwarder, gave a usable answer.
    default: return .noReachableAuthority
    }
  }
}

/// The reasons of Ponor's own that come with SERVFAIL.
public enum RecursionFailure {
  /// The time-out passed.
  public static let timedOut = "no answer in time"
  /// The resolver is being stopped or replaced.
  public static let stopping = "the resolver is stopping"
  /// libunbound did not take the question.
  public static let notTaken = "libunbound did not take the question"
  /// libunbound dropped the question.
  public static let noCallback = "libunbound dropped the question"
}
