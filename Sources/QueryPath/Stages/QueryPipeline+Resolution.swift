import AnswerCache
import DNSServer
import DNSWire
import Recursion

/// Special-use names, the answer cache, and handing a question to recursion.
extension QueryPipeline {
  func resolve(
    _ packet: Span<UInt8>, _ reply: inout WireWriter, _ sink: any ReplySink
  ) -> HandlerOutcome {
    guard view.offersRecursion(to: client) else {
      if tellsDesignated() { return answerSpecial(.empty, 0, packet, &reply) }
      counters.count(.refused)
      return refuse(.refused, .prohibited, packet, &reply)
    }
    if state.special.mayHold(request.qname.lastLabelWord),
      let (treatment, offset) = state.special.find(request.qname, request.qtype)
    {
      return answerSpecial(treatment, offset, packet, &reply)
    }
    guard request.flags.contains(.recursionDesired) else {
      counters.count(.refused)
      return refuse(.refused, .notAuthoritative, packet, &reply)
    }
    guard request.qtype != .any || !isAnyMinimal else { return answerAny(packet, &reply) }
    let key = answerKey ?? cacheKey(request.qname)
    let limit = begin(packet, &reply)
    if shared.cache.read(key, at: now / 1_000_000, into: &reply, info: &info) {
      counters.count(.cacheHit)
      if info.isStale { counters.count(.stale) }
      if info.needsRefresh { refreshAnswer(key) }
      if let outcome = judgeAnswer(packet, limit, &reply, sink) { return outcome }
      return finishResolved(packet, limit, &reply)
    }
    counters.count(.cacheMiss)
    return recurse(key, packet, &reply, sink)
  }

  /// Has the memory fetched that `resolve` will look at, while other stages have the query.
  func expectCacheRead() {
    let key = cacheKey(request.qname)
    shared.cache.prefetch(key)
    answerKey = key
  }

  func cacheKey(_ name: borrowing NameBuffer) -> AnswerKey {
    shared.cache.key(
      name.canonicalBytes, qtype: request.qtype, qclass: request.qclass,
      dnssecOK: request.edns?.dnssecOK ?? false,
      checkingDisabled: request.flags.contains(.checkingDisabled))
  }

  private func recurse(
    _ key: AnswerKey, _ packet: Span<UInt8>, _ reply: inout WireWriter, _ sink: any ReplySink
  ) -> HandlerOutcome {
    guard let path = shared.recursion else {
      counters.count(.refused)
      return refuse(.refused, .prohibited, packet, &reply)
    }
    let admission: RecursionAdmission
    switch admitToRecursion(request.qname, key) {
    case .success(let given): admission = given
    case .failure(let reason): return refuseRecursion(reason, packet, &reply)
    }
    let pending = PendingQuery(
      packet: packet, client: client, sink: sink, at: now, key: key,
      origin: shared.cache.origin(of: request.qname), traits: answerTraits(path.recursor),
      path: path, admission: admission, judgedBy: state.number)
    let accepted = path.recursor.submit(
      request.qname.canonicalBytes, question(key), client: pending)
    guard accepted else {
      counters.count(.overloaded)
      return refuse(.serverFailure, .other, packet, &reply)
    }
    counters.count(.recursed)
    return .pending
  }

  /// Whether the query asks where this server speaks TLS and HTTPS, of a server that resolves
  /// nothing: those who get sinkhole answers here may know (RFC 9462 §4).
  private func tellsDesignated() -> Bool {
    shared.recursion == nil && view.sinkholes(client)
      && state.parts.designated?.answers(request) == true
  }

  private func answerSpecial(
    _ treatment: SpecialNames.Treatment, _ offset: Int, _ packet: Span<UInt8>,
    _ reply: inout WireWriter
  ) -> HandlerOutcome {
    counters.count(.special)
    var traits = ReplyTraits()
    let limit = begin(packet, &reply)
    if treatment == .empty, let designated = state.parts.designated, designated.answers(request) {
      designated.write(counts: &traits.counts, into: &reply)
    } else {
      traits.rcode = SpecialAnswers.write(
        treatment, request.qtype, offset: offset, counts: &traits.counts, into: &reply)
    }
    traits.isAuthoritative = true
    traits.recursionAvailable = true
    return finish(traits, limit, &reply)
  }

  /// RFC 8482 §4.2: one HINFO record instead of everything.
  private func answerAny(_ packet: Span<UInt8>, _ reply: inout WireWriter) -> HandlerOutcome {
    counters.count(.special)
    var traits = ReplyTraits()
    let limit = begin(packet, &reply)
    reply.append16(0xC000 | UInt16(truncatingIfNeeded: Limits.headerOctets))
    reply.append16(RRType.hinfo.rawValue)
    reply.append16(RRClass.internet.rawValue)
    reply.append32(3600)
    reply.append16(UInt16(truncatingIfNeeded: Self.minimalAny.count))
    reply.append(Self.minimalAny.span)
    traits.counts.answer = 1
    traits.recursionAvailable = true
    return finish(traits, limit, &reply)
  }

  private static let minimalAny: [UInt8] = [7] + Array("RFC8482".utf8) + [0]
}
