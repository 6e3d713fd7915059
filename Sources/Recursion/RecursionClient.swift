public import DNSWire

/// What DNSSEC validation said about an answer (RFC 4035 §4.3).
public enum ValidationStatus: UInt8, Sendable, Hashable, CaseIterable {
  /// Signed, and the chain of trust holds: AD may be set.
  case secure
  /// Not signed, provably or because no anchor covers it; also every answer without data.
  case insecure
  /// The signatures do not hold; the data is still there, for clients that set CD.
  case bogus
}

/// Whoever asked and waits for the answer.
public protocol RecursionClient: AnyObject, Sendable {
  /// Takes the answer to one accepted submission; called exactly once, on a recursion thread.
  ///
  /// It must not block, and must not call `Resolver.stop`. It may submit again.
  ///
  /// - Parameters:
  ///   - rcode: the response code; `serverFailure` when there was no usable answer. Bogus answers
  ///     come with the code of their data: turning them into SERVFAIL is the caller's duty.
  ///   - packet: the whole response as for a query with DO=1: ID 0, RD, RA, AD when secure, an OPT
  ///     record, RRSIGs and denial included. Empty if there is no data. Valid during the call only.
  ///   - status: the outcome of validation.
  ///   - reason: for bogus answers, libunbound's sentence on what failed and where; for SERVFAIL,
  ///     one of `RecursionFailure`, or nil if libunbound found no answer.
  func recursionFinished(
    rcode: ResponseCode, packet: Span<UInt8>, status: ValidationStatus, reason: String?)

  /// Learns that the answer has been long in coming, at most once and before the call above.
  ///
  /// The same rules hold. Recursion goes on. Does nothing by default.
  func recursionIsLate()
}

extension RecursionClient {
  /// By default lateness is nothing to act on.
  public func recursionIsLate() {}
}
