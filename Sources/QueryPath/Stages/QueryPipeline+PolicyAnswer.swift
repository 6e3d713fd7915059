import AnswerCache
import ClientIdentity
import DNSServer
import DNSWire
import Policy
import Recursion
import ResponsePolicy

/// What rules of response policy zones do to an answer.
extension QueryPipeline {
  /// Does what a rule says; nil when the query goes on, as it does behind a zone that only logs and,
  /// without further rules, behind PASSTHRU.
  ///
  /// - Parameter isNoted: whether what changes nothing has been counted before.
  func apply(
    _ decision: PolicyDecision, _ place: PolicyPlace, _ packet: Span<UInt8>,
    _ reply: inout WireWriter, _ sink: any ReplySink, _ pending: PendingQuery?, isNoted: Bool
  ) -> HandlerOutcome? {
    let zone = decision.zone
    var rule = decision.rule
    switch zone.options.override {
    case .given: break
    case .disabled:
      if !isNoted { note(.logged, decision, place) }
      return nil
    case .rule(let chosen): rule = chosen
    case .alias(let target):
      return answerAlias(
        target.wire.span, zone.rules.soaTTL, decision, place, packet, &reply, sink, pending)
    }
    switch rule {
    case .passthru:
      if !isNoted { note(.passthru, decision, place) }
      policyState.isExempt = true
      return nil
    case .tcpOnly:
      guard client.transport == .udp else {
        if !isNoted { note(.passthru, decision, place) }
        policyState.isExempt = true
        return nil
      }
      note(.tcpOnly, decision, place)
      return truncate(place, &reply)
    case .drop:
      note(.drop, decision, place)
      return .drop
    case .nxdomain:
      note(.nxdomain, decision, place)
      return answerNothing(.nameError, zone, .nxdomain, place, &reply)
    case .nodata:
      note(.nodata, decision, place)
      return answerNothing(.noError, zone, .nodata, place, &reply)
    default:
      return answerData(rule, decision, place, packet, &reply, sink, pending)
    }
  }

  // MARK: - Counting

  private func note(_ outcome: PolicyOutcome, _ decision: PolicyDecision, _ place: PolicyPlace) {
    let zone = decision.zone
    if !isInspecting { zone.counters.count(outcome) }
    // Another client of a forwarder may be judged otherwise.
    options.dependsOnClient = true
    let changesAnswer = outcome != .logged && outcome != .passthru
    if changesAnswer { counters.count(.policy) }
    guard zone.options.records, view.parts.recordsHits, outcome != .passthru else { return }
    let action: Verdict.Action =
      switch outcome {
      case .logged: .observe
      case .data: .sinkhole
      default: .nxdomain
      }
    let hit = Hit(
      time: now, client: client, qtype: request.qtype,
      verdict: Verdict(
        action: action, payload: UInt64(decision.trigger.rawValue), offset: decision.offset),
      generation: zone.hitGeneration, wasChallenged: false)
    if place.isQueryName {
      hits.record(hit, name: request.qname.originalBytes, device: device.octets)
      noteTapped(outcome, hit, request.qname.originalBytes)
    } else {
      hits.record(hit, name: linkName.originalBytes, device: device.octets)
      noteTapped(outcome, hit, linkName.originalBytes)
    }
  }

  // MARK: - Answers

  private func policyTraits(_ zone: PolicyZone, _ outcome: PolicyOutcome) -> ReplyTraits {
    var traits = ReplyTraits()
    traits.recursionAvailable = true
    traits.error = zone.extendedError(outcome)
    return traits
  }

  private func openSection(_ place: PolicyPlace, _ reply: inout WireWriter) {
    reply.rewind(to: place.base)
    reply.setLimit(
      place.limit - optRoom)
  }

  private func truncate(_ place: PolicyPlace, _ reply: inout WireWriter) -> HandlerOutcome {
    reply.rewind(to: request.questionEnd)
    var traits = ReplyTraits()
    traits.recursionAvailable = true
    traits.isTruncated = true
    return finish(traits, place.limit, &reply)
  }

  private func answerNothing(
    _ rcode: ResponseCode, _ zone: PolicyZone, _ outcome: PolicyOutcome, _ place: PolicyPlace,
    _ reply: inout WireWriter
  ) -> HandlerOutcome {
    openSection(place, &reply)
    var traits = policyTraits(zone, outcome)
    traits.rcode = rcode
    traits.counts.answer = place.answerCount
    appendSOA(zone, &traits, &reply)
    return finish(traits, place.limit, errorText: view.parts.sinkhole.text, &reply)
  }

  /// The zone's SOA record goes into the additional section, as in BIND and Unbound: it tells which
  /// zone it was, without standing for the name's own zone.
  private func appendSOA(
    _ zone: PolicyZone, _ traits: inout ReplyTraits, _ reply: inout WireWriter
  ) {
    let soa = zone.rules.soa
    guard !soa.isEmpty else { return }
    let start = reply.count
    reply.append(zone.name.wire)
    reply.append16(RRType.soa.rawValue)
    reply.append16(RRClass.internet.rawValue)
    reply.append32(zone.rules.soaTTL)
    reply.append16(UInt16(truncatingIfNeeded: soa.count))
    reply.append(soa.span)
    // It is a courtesy: no reason to cut an answer that fits without it.
    if reply.overflowed { reply.rewind(to: start) } else { traits.counts.additional += 1 }
  }

  private func answerData(
    _ rule: PolicyRule, _ decision: PolicyDecision, _ place: PolicyPlace, _ packet: Span<UInt8>,
    _ reply: inout WireWriter, _ sink: any ReplySink, _ pending: PendingQuery?
  ) -> HandlerOutcome? {
    let zone = decision.zone
    guard let index = rule.dataIndex else { return nil }
    var alias: (ttl: UInt32, target: [UInt8])?
    var hasData = false
    openSection(place, &reply)
    var count = place.answerCount
    var cursor = zone.rules.data.cursor(of: index)
    while let record = zone.rules.data.next(&cursor) {
      if record.type == .cname {
        alias = (record.ttl, zone.rules.data.octets(record))
      } else if record.type == request.qtype || request.qtype == .any {
        appendHead(record.type, record.ttl, place, &reply)
        zone.rules.data.append(record, to: &reply)
        count += 1
        hasData = true
      }
    }
    if let alias {
      return answerAlias(
        alias.target.span, alias.ttl, decision, place, packet, &reply, sink, pending)
    }
    note(.data, decision, place)
    guard hasData else { return answerNothing(.noError, zone, .data, place, &reply) }
    var traits = policyTraits(zone, .data)
    traits.counts.answer = count
    return finish(traits, place.limit, errorText: view.parts.sinkhole.text, &reply)
  }

  private func appendHead(
    _ type: RRType, _ ttl: UInt32, _ place: PolicyPlace, _ reply: inout WireWriter
  ) {
    reply.append16(0xC000 | UInt16(truncatingIfNeeded: place.nameAt))
    reply.append16(type.rawValue)
    reply.append16(RRClass.internet.rawValue)
    reply.append32(ttl)
  }

  // MARK: - Aliases

  /// Answers with a CNAME and what its target has.
  ///
  /// A target `*.name` takes the name asked for in front. The target is not judged again
  /// (draft-vixie-dnsop-dns-rpz §3.6).
  private func answerAlias(
    _ target: Span<UInt8>, _ ttl: UInt32, _ decision: PolicyDecision, _ place: PolicyPlace,
    _ packet: Span<UInt8>, _ reply: inout WireWriter, _ sink: any ReplySink,
    _ pending: PendingQuery?
  ) -> HandlerOutcome? {
    let zone = decision.zone
    note(.data, decision, place)
    openSection(place, &reply)
    appendHead(.cname, ttl, place, &reply)
    let lengthAt = reply.count
    reply.append16(0)
    let isWildcard = target.count > 3 && target[0] == 1 && target[1] == UInt8(ascii: "*")
    if isWildcard {
      if place.isQueryName {
        reply.append(request.qname.originalBytes.extracting(0..<request.qname.count - 1))
      } else {
        reply.append(linkName.originalBytes.extracting(0..<linkName.count - 1))
      }
    }
    reply.append(target.extracting((isWildcard ? 2 : 0)..<target.count))
    let length = reply.count - lengthAt - 2
    var traits = policyTraits(zone, .data)
    guard length <= Limits.nameOctets else {
      // RFC 6672 §2.2: what DNAME does when the new name is too long.
      openSection(place, &reply)
      traits.rcode = ResponseCode(rawValue: 6)
      traits.counts.answer = place.answerCount
      return finish(traits, place.limit, &reply)
    }
    reply.patch16(UInt16(truncatingIfNeeded: length), at: lengthAt)
    traits.counts.answer = place.answerCount + 1
    guard request.qtype != .cname, request.qtype != .any, !reply.overflowed else {
      return finish(traits, place.limit, errorText: view.parts.sinkhole.text, &reply)
    }
    return followAlias(to: lengthAt + 2, traits, place, packet, &reply, sink, pending)
  }

  private func followAlias(
    to targetAt: Int, _ traits: ReplyTraits, _ place: PolicyPlace, _ packet: Span<UInt8>,
    _ reply: inout WireWriter, _ sink: any ReplySink, _ pending: PendingQuery?
  ) -> HandlerOutcome {
    let prefixStart = request.questionEnd
    let prefix = reply.withWritten { message -> AliasPrefix? in
      guard (try? linkName.load(from: message, at: targetAt, allowCompression: false)) != nil
      else { return nil }
      return AliasPrefix(
        octets: (prefixStart..<message.count).map { message[$0] },
        targetCount: message.count - targetAt, count: traits.counts.answer, error: traits.error)
    }
    guard let prefix else { return finish(traits, place.limit, &reply) }
    let key = shared.cache.key(
      linkName.canonicalBytes, qtype: request.qtype, qclass: request.qclass,
      dnssecOK: request.edns?.dnssecOK ?? false, checkingDisabled: false)
    var found = AnswerInfo()
    var isFound = false
    let base = Limits.headerOctets + linkName.count + 4
    let cached = WireWriter.array(capacity: Limits.messageOctets) { writer in
      appendStandIn(&writer)
      isFound = shared.cache.read(key, at: now / 1_000_000, into: &writer, info: &found)
    }
    if isFound, let cached {
      counters.count(.cacheHit)
      return finishAlias(prefix, place.limit, found, cached, base, &reply)
    }
    guard let path = pending?.path ?? shared.recursion else {
      return finish(traits, place.limit, &reply)
    }
    let next = PendingQuery(
      packet: packet, client: client, sink: sink, at: now, key: key,
      origin: shared.cache.origin(of: linkName),
      traits: ResolvedAnswer.Traits(
        dnssecOK: request.edns?.dnssecOK ?? false, checkingDisabled: false, qtype: request.qtype,
        rebinding: path.recursor.rebinding),
      path: path, alias: prefix)
    let accepted = path.recursor.submit(
      linkName.canonicalBytes,
      Recursor.Question(
        qtype: request.qtype, qclass: request.qclass, nameHash: key.nameHash,
        checkingDisabled: false), client: next)
    guard accepted else {
      counters.count(.overloaded)
      return refuse(.serverFailure, .other, packet, &reply)
    }
    return .pending
  }

  /// A stand-in for the message that a cached answer's pointers count in: header and question.
  func appendStandIn(_ writer: inout WireWriter) {
    for _ in 0..<6 { writer.append16(0) }
    writer.append(linkName.originalBytes)
    writer.append16(request.qtype.rawValue)
    writer.append16(request.qclass.rawValue)
  }

  /// Answers with an alias whose target has been resolved.
  func finishAlias(
    _ prefix: AliasPrefix, _ packet: Span<UInt8>, _ entry: AnswerCache.Entry,
    _ reply: inout WireWriter
  ) -> HandlerOutcome {
    let limit = begin(packet, &reply)
    let base = reply.count
    reply.append(prefix.octets)
    // The target is the data of the last record, and the entry follows a question for it.
    let isRead = reply.withWritten { message in
      (try? linkName.load(
        from: message, at: max(base, message.count - prefix.targetCount), allowCompression: false))
        != nil
    }
    guard isRead else { return refuse(.serverFailure, .other, packet, &reply) }
    let start = Limits.headerOctets + linkName.count + 4
    let message = WireWriter.array(capacity: Limits.messageOctets * 2) { writer in
      appendStandIn(&writer)
      writer.append(entry.octets.span)
    }
    return finishAlias(prefix, limit, entry.info, message ?? [], start, &reply)
  }

  private func finishAlias(
    _ prefix: AliasPrefix, _ limit: Int, _ found: AnswerInfo, _ message: [UInt8], _ base: Int,
    _ reply: inout WireWriter
  ) -> HandlerOutcome {
    var traits = ReplyTraits()
    traits.recursionAvailable = true
    traits.error = prefix.error
    traits.rcode = found.rcode
    traits.counts.answer = prefix.count + found.answerCount
    traits.counts.authority = found.authorityCount
    var reader = WireReader(message.span, at: base)
    for _ in 0..<(Int(found.answerCount) + Int(found.authorityCount)) {
      do throws(WireError) {
        try RecordCopy.append(from: &reader, to: &reply, name: &linkName)
      } catch {
        traits.rcode = .serverFailure
        traits.counts = SectionCounts()
        reply.rewind(to: request.questionEnd)
        break
      }
    }
    return finish(traits, limit, errorText: view.parts.sinkhole.text, &reply)
  }
}
