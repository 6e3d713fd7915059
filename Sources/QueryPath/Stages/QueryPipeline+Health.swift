import DNSServer
import DNSWire

/// The health name.
extension QueryPipeline {
  /// Answers a question for the health name; nil for all others.
  ///
  /// Whoever reaches the server may ask: a balancer's probe may come from anywhere, and the answer
  /// tells nothing but what it is for.
  func answerHealth(
    _ health: HealthName, _ packet: Span<UInt8>, _ reply: inout WireWriter
  ) -> HandlerOutcome? {
    guard health.matches(request.qname.canonicalBytes) else { return nil }
    counters.count(.special)
    // SERVFAIL is what dnsdist and routing daemons take for down; "not ready" is RFC 8914 §4.15.
    guard health.state.isFit else { return refuse(.serverFailure, .notReady, packet, &reply) }
    var traits = ReplyTraits()
    let limit = begin(packet, &reply)
    let data: [UInt8]? =
      switch request.qtype {
      case .a: HealthName.address
      case .txt: HealthName.text
      default: nil
      }
    if let data {
      reply.append16(0xC000 | UInt16(truncatingIfNeeded: Limits.headerOctets))
      reply.append16(request.qtype.rawValue)
      reply.append16(RRClass.internet.rawValue)
      reply.append32(HealthName.ttl)
      reply.append16(UInt16(truncatingIfNeeded: data.count))
      reply.append(data.span)
      traits.counts.answer = 1
    }
    traits.isAuthoritative = true
    traits.recursionAvailable = view.offersRecursion(to: client)
    return finish(traits, limit, &reply)
  }
}
