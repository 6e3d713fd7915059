import DNSServer
import DNSWire
import Zones

/// Zones served with authority.
extension QueryPipeline {
  /// Answers a question for a name in one of our zones.
  ///
  /// - Returns: nil when it is in none.
  func answerFromZone(
    _ packet: Span<UInt8>, _ reply: inout WireWriter, _ sink: any ReplySink
  ) -> HandlerOutcome? {
    let limit = begin(packet, &reply)
    guard let answer = state.parts.zones.answer(request, into: &reply) else { return nil }
    if continues(answer) { return followZoneAlias(answer, packet, limit, &reply, sink) }
    counters.count(.authoritative)
    var traits = ReplyTraits()
    traits.rcode = answer.rcode
    traits.isAuthoritative = answer.authoritative
    traits.isTruncated = answer.truncated
    traits.recursionAvailable = view.offersRecursion(to: client)
    traits.counts = SectionCounts(
      answer: answer.answerCount, authority: answer.authorityCount,
      additional: answer.additionalCount)
    return finish(traits, limit, &reply)
  }
}
