import DNSServer
import DNSWire

/// Questions that are not for the data of class IN.
extension QueryPipeline {
  /// Answers a question of another class or of a type that is no data; nil for all others.
  func answerUnusual(_ packet: Span<UInt8>, _ reply: inout WireWriter) -> HandlerOutcome? {
    if request.qclass == .chaos { return answerIdentity(packet, &reply) }
    guard request.qclass == .internet else {
      counters.count(.refused)
      return refuse(.refused, .notSupported, packet, &reply)
    }
    switch request.qtype {
    case .axfr, .ixfr:
      counters.count(.refused)
      return refuse(.refused, .prohibited, packet, &reply)
    case .opt, .tsig, .tkey:
      counters.count(.formatError)
      return refuse(.formatError, nil, packet, &reply)
    case .maila, .mailb:
      counters.count(.notImplemented)
      return refuse(.notImplemented, .notSupported, packet, &reply)
    case let type where type.rawValue == 0 || (128..<249).contains(type.rawValue):
      // RFC 6895 §3.1: 0 is reserved, 128 to 255 are question types, none of which we know.
      counters.count(.notImplemented)
      return refuse(.notImplemented, .notSupported, packet, &reply)
    default:
      return nil
    }
  }

  private func answerIdentity(
    _ packet: Span<UInt8>, _ reply: inout WireWriter
  ) -> HandlerOutcome {
    counters.count(.chaos)
    var traits = ReplyTraits()
    let limit = begin(packet, &reply)
    traits.rcode = state.parts.identity.write(request, counts: &traits.counts, into: &reply)
    traits.isAuthoritative = traits.rcode == .noError
    return finish(traits, limit, &reply)
  }
}
