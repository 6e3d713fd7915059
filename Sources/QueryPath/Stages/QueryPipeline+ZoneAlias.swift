import AnswerCache
import DNSServer
import DNSWire
import Policy
import ResponsePolicy
import Zones

/// Aliases of our zones that lead out of them: the answer goes on with their target (RFC 1034
/// §4.3.2 step 3a) for clients that may have recursion, as BIND's does.
///
/// Names of our own zones are never judged by policy, what an alias leads to outside of them is.
extension QueryPipeline {
  /// Zones of ours that one answer may lead through.
  private static let longestWalk = 8

  /// Whether an answer of a zone goes on with the target of its alias.
  ///
  /// With proofs in the authority section it does not: those belong to the alias alone, and would be
  /// missing behind the rest.
  func continues(_ answer: ZoneAnswer) -> Bool {
    answer.leavesZone && !answer.truncated && answer.kind == .answer && answer.authorityCount == 0
      && request.qtype != .cname && request.qtype != .any
      && request.flags.contains(.recursionDesired) && view.offersRecursion(to: client)
  }

  /// Goes on with the target of an alias: through other zones of ours, then by recursion.
  func followZoneAlias(
    _ answer: ZoneAnswer, _ packet: Span<UInt8>, _ limit: Int, _ reply: inout WireWriter,
    _ sink: any ReplySink
  ) -> HandlerOutcome {
    reply.rewind(to: answer.answerEnd)
    info = AnswerInfo()
    info.answerCount = answer.answerCount
    var target: Int? = answer.targetOffset
    for _ in 0..<Self.longestWalk {
      guard let offset = target, loadLink(at: offset, &reply) else {
        counters.count(.authoritative)
        return conclude(packet, limit, &reply, sink, nil)
      }
      guard state.parts.zones.contains(linkName) else {
        return resolveTarget(at: offset, packet, limit, &reply, sink)
      }
      target = appendFromZone(&reply)
    }
    // RFC 1034 §3.6.2: loops of aliases are an error.
    counters.count(.failed)
    return refuse(.serverFailure, .other, packet, &reply)
  }

  private func loadLink(at offset: Int, _ reply: inout WireWriter) -> Bool {
    guard !reply.overflowed else { return false }
    return reply.withWritten { message in
      (try? linkName.load(from: message, at: offset, allowCompression: true)) != nil
    }
  }

  // MARK: - Other zones of ours

  /// Appends what a zone of ours has about `linkName`.
  ///
  /// - Returns: where the target of an alias stands that leads on; nil when the answer ends here.
  private func appendFromZone(_ reply: inout WireWriter) -> Int? {
    var inner = Request()
    let question = WireWriter.array(capacity: Limits.nameOctets + 32) { appendQuestion(&$0) }
    guard let question, inner.parse(question.span) == .query else { return nil }
    var found: ZoneAnswer?
    let start = Limits.headerOctets + linkName.count + 4
    let message = WireWriter.array(capacity: Limits.messageOctets) { writer in
      appendStandIn(&writer)
      found = state.parts.zones.answer(inner, into: &writer)
    }
    guard let found, let message else { return nil }
    info.rcode = found.rcode
    // What a delegation of ours has is not resolved through an alias: the alias is all we say.
    guard found.kind != .referral else { return nil }
    let leadsOn = found.leavesZone && found.authorityCount == 0
    let authorities = leadsOn ? 0 : found.authorityCount
    let last = copy(message, from: start, found.answerCount, authorities, &reply)
    info.answerCount += found.answerCount
    info.authorityCount = authorities
    return leadsOn ? last : nil
  }

  /// A question for `linkName`, with the DO bit of the query.
  private func appendQuestion(_ writer: inout WireWriter) {
    let wantsDNSSEC = request.edns?.dnssecOK ?? false
    for word: UInt16 in [0, 0, 1, 0, 0, wantsDNSSEC ? 1 : 0] { writer.append16(word) }
    writer.append(linkName.originalBytes)
    writer.append16(request.qtype.rawValue)
    writer.append16(request.qclass.rawValue)
    guard wantsDNSSEC else { return }
    writer.append(0)
    writer.append16(RRType.opt.rawValue)
    writer.append16(UInt16(clamping: Limits.messageOctets))
    writer.append32(0x8000)
    writer.append16(0)
  }

  /// Copies records of a message behind those of `reply`.
  ///
  /// - Returns: where the target of the last alias stands in `reply`, nil without one.
  private func copy(
    _ message: [UInt8], from start: Int, _ answers: UInt16, _ authorities: UInt16,
    _ reply: inout WireWriter, then alias: (Int, UInt16) -> Void = { _, _ in }
  ) -> Int? {
    var reader = WireReader(message.span, at: start)
    var target: Int?
    for number in 0..<(answers + authorities) {
      let at = reply.count
      do throws(WireError) {
        try RecordCopy.append(from: &reader, to: &reply, name: &linkName)
      } catch {
        info.rcode = .serverFailure
        return nil
      }
      guard number < answers, !reply.overflowed, let data = aliasTarget(at: at, &reply) else {
        continue
      }
      target = data
      alias(data, number + 1)
    }
    return target
  }

  /// Where the target stands in the record at `offset`, if that is an alias.
  private func aliasTarget(at offset: Int, _ reply: inout WireWriter) -> Int? {
    reply.withWritten { message in
      var reader = WireReader(message, at: offset)
      guard (try? reader.skipName()) != nil,
        (try? reader.readUInt16()) == RRType.cname.rawValue
      else { return nil }
      // Class, TTL and length.
      return reader.offset + 8
    }
  }

  // MARK: - The Internet

  private func resolveTarget(
    at target: Int, _ packet: Span<UInt8>, _ limit: Int, _ reply: inout WireWriter,
    _ sink: any ReplySink
  ) -> HandlerOutcome {
    noteLink(target, info.answerCount, &reply)
    // Never ask the Internet for a name that is swallowed or stays at home (DESIGN §2).
    if verdict(on: linkName)?.isSwallowed == true
      || state.special.find(linkName, request.qtype) != nil
    {
      counters.count(.authoritative)
      return conclude(packet, limit, &reply, sink, nil)
    }
    let key = cacheKey(linkName)
    var found = AnswerInfo()
    var isFound = false
    let start = Limits.headerOctets + linkName.count + 4
    let cached = WireWriter.array(capacity: Limits.messageOctets) { writer in
      appendStandIn(&writer)
      isFound = shared.cache.read(key, at: now / 1_000_000, into: &writer, info: &found)
    }
    guard isFound, let cached else {
      return ask(key, target, packet, limit, &reply, sink)
    }
    counters.count(.cacheHit)
    append(found, cached, from: start, &reply)
    return conclude(packet, limit, &reply, sink, nil)
  }

  private func ask(
    _ key: AnswerKey, _ target: Int, _ packet: Span<UInt8>, _ limit: Int,
    _ reply: inout WireWriter, _ sink: any ReplySink
  ) -> HandlerOutcome {
    guard let path = shared.recursion else {
      counters.count(.authoritative)
      return conclude(packet, limit, &reply, sink, nil)
    }
    let admission: RecursionAdmission
    switch admitToRecursion(linkName, key) {
    case .success(let given): admission = given
    case .failure(let reason): return refuseRecursion(reason, packet, &reply)
    }
    let count = info.answerCount
    let start = request.questionEnd
    let prefix = reply.withWritten { message in
      AliasPrefix(
        octets: (start..<message.count).map { message[$0] }, targetCount: message.count - target,
        count: count, error: nil, isOfZone: true)
    }
    let pending = PendingQuery(
      packet: packet, client: client, sink: sink, at: now, key: key,
      origin: shared.cache.origin(of: linkName), traits: answerTraits(path.recursor),
      path: path, admission: admission, alias: prefix)
    guard path.recursor.submit(linkName.canonicalBytes, question(key), client: pending) else {
      counters.count(.overloaded)
      return refuse(.serverFailure, .other, packet, &reply)
    }
    counters.count(.cacheMiss)
    counters.count(.recursed)
    return .pending
  }

  /// Answers with an alias of a zone of ours whose target has been resolved.
  func finishZoneAlias(
    _ prefix: AliasPrefix, _ packet: Span<UInt8>, _ entry: AnswerCache.Entry,
    _ reply: inout WireWriter, _ pending: PendingQuery
  ) -> HandlerOutcome {
    let limit = begin(packet, &reply)
    reply.append(prefix.octets)
    let target = reply.count - prefix.targetCount
    info = AnswerInfo()
    info.answerCount = prefix.count
    guard loadLink(at: target, &reply) else {
      return refuse(.serverFailure, .other, packet, &reply)
    }
    noteLink(target, prefix.count, &reply)
    let start = Limits.headerOctets + linkName.count + 4
    let message = WireWriter.array(capacity: Limits.messageOctets * 2) { writer in
      appendStandIn(&writer)
      writer.append(entry.octets.span)
    }
    append(entry.info, message ?? [], from: start, &reply)
    return conclude(packet, limit, &reply, pending.sink, pending)
  }

  private func noteLink(_ target: Int, _ count: UInt16, _ reply: inout WireWriter) {
    let base = request.questionEnd
    _ = info.appendLink(
      AnswerInfo.ChainLink(
        target: UInt16(clamping: target - base), end: UInt16(clamping: reply.count - base),
        recordCount: count))
  }

  /// Appends a resolved answer, the aliases in it to be judged too.
  private func append(
    _ found: AnswerInfo, _ message: [UInt8], from start: Int, _ reply: inout WireWriter
  ) {
    let before = info.answerCount
    info.rcode = found.rcode
    info.extendedError = found.extendedError
    info.isStale = found.isStale
    let base = request.questionEnd
    var links: [(target: Int, count: UInt16)] = []
    _ = copy(message, from: start, found.answerCount, found.authorityCount, &reply) {
      links.append(($0, before + $1))
    }
    for (target, count) in links {
      guard loadLink(at: target, &reply) else { break }
      // Where the record ends: names in copies are written in full.
      _ = info.appendLink(
        AnswerInfo.ChainLink(
          target: UInt16(clamping: target - base),
          end: UInt16(clamping: target + linkName.count - base), recordCount: count))
    }
    info.answerCount = before + found.answerCount
    info.authorityCount = found.authorityCount
  }

  // MARK: - The end

  /// Judges what stands behind the aliases of our zones and finishes the answer.
  private func conclude(
    _ packet: Span<UInt8>, _ limit: Int, _ reply: inout WireWriter, _ sink: any ReplySink,
    _ pending: PendingQuery?
  ) -> HandlerOutcome {
    policyState.isAsked = isPolicyAsked()
    policyState.startsInZone = true
    if let stage = view.parts.responsePolicy {
      policyState.waitsAt = stage.policy.zones.count
      nameHashes.reset(key: stage.policy.key)
    }
    if let outcome = judgeAnswer(packet, limit, &reply, sink, pending) { return outcome }
    return finishResolved(packet, limit, &reply, isAuthoritative: true)
  }
}
