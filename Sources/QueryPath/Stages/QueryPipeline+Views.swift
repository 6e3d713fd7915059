import DNSServer
import DNSWire
import Policy

/// What a view decides about a listed name.
extension QueryPipeline {
  /// Whether the client wants none of it.
  ///
  /// Asked about listed names only: few are, so a long list of such clients costs other queries
  /// nothing.
  var isOptedOut: Bool {
    guard view.isOptedOut(client) else { return false }
    counters.limits.count(.optedOut)
    return true
  }

  /// Whether the client has to show its address before it gets an answer of ours.
  func challenges(_ verdict: Verdict) -> Bool {
    view.parts.challenges && verdict.isSwallowed && client.transport == .udp && !client.isVerified
  }

  /// Answers TC=1: only a client that owns its address can come back over TCP.
  func challenge(_ limit: Int, _ reply: inout WireWriter) -> HandlerOutcome {
    counters.limits.count(.challenged)
    reply.rewind(to: request.questionEnd)
    return truncate(limit, &reply)
  }

  /// Whether a question of type ANY gets a subset of the records.
  var isAnyMinimal: Bool { state.parts.minimalAny.applies(to: client.transport) }

  /// The type whose records answer the question.
  func answeredType(in verdict: Verdict) -> RRType {
    guard request.qtype == .any, isAnyMinimal else { return request.qtype }
    return view.parts.sinkhole.subsetOfAny
  }
}
