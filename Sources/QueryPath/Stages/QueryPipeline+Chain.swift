import AnswerCache
import DNSServer
import DNSWire
import Policy

/// Answers of the Internet, judged as they are served.
extension QueryPipeline {
  /// Finishes an answer of the Internet whose sections stand in `reply` and whose traits are in
  /// `info`: policy is asked about every name its CNAME chain passes through.
  ///
  /// - Parameter isAuthoritative: whether it starts with an alias of a zone of ours.
  func finishResolved(
    _ packet: Span<UInt8>, _ limit: Int, _ reply: inout WireWriter, isAuthoritative: Bool = false
  ) -> HandlerOutcome {
    if info.chainCount > 0, !reply.overflowed, let outcome = sinkholeChain(limit, &reply) {
      return outcome
    }
    var traits = ReplyTraits()
    traits.rcode = info.rcode
    traits.counts = SectionCounts(
      answer: info.answerCount, authority: info.authorityCount, additional: info.additionalCount)
    traits.isAuthoritative = isAuthoritative
    traits.recursionAvailable = true
    traits.error = info.extendedError.map { ExtendedError(rawValue: $0) }
    // RFC 6840 §5.8: AD is told to clients that show they know it.
    let asksForAD = request.flags.contains(.authenticData) || request.edns?.dnssecOK == true
    traits.authenticData = info.isSecure && asksForAD && !isAuthoritative
    return finish(traits, limit, &reply)
  }

  private func sinkholeChain(_ limit: Int, _ reply: inout WireWriter) -> HandlerOutcome? {
    let base = request.questionEnd
    for index in 0..<info.chainCount {
      let link = info.chain[index]
      let target = base + Int(link.target)
      let isRead = reply.withWritten { message in
        (try? linkName.load(from: message, at: target, allowCompression: true)) != nil
      }
      guard isRead, let verdict = verdict(on: linkName) else { continue }
      record(verdict, linkName.originalBytes)
      guard verdict.isSwallowed else { continue }
      if challenges(verdict) { return challenge(limit, &reply) }
      reply.rewind(to: base + Int(link.end))
      return finishChain(verdict, link, target, limit, &reply)
    }
    return nil
  }

  private func finishChain(
    _ verdict: Verdict, _ link: AnswerInfo.ChainLink, _ target: Int, _ limit: Int,
    _ reply: inout WireWriter
  ) -> HandlerOutcome {
    reply.setLimit(
      limit - optRoom)
    var traits = sinkholeTraits(verdict)
    traits.isAuthoritative = false
    traits.counts.answer = link.recordCount
    let owner = SinkholeAnswers.Owner(name: target, apex: nil, apexOffset: verdict.offset)
    traits.rcode = view.parts.sinkhole.write(
      verdict.action, answeredType(in: verdict), name: linkName, owner: owner, serial: state.serial,
      counts: &traits.counts, into: &reply)
    return finish(traits, limit, errorText: view.parts.sinkhole.text, &reply)
  }
}
