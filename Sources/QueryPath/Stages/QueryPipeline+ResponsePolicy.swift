import Addressing
import AnswerCache
import DNSServer
import DNSWire
import Policy
import Recursion
import ResponsePolicy

/// Response policy zones (draft-vixie-dnsop-dns-rpz): which rule counts, and when that is known.
///
/// Rules about client and name are decided before anybody is asked, unless a zone that comes first
/// has rules about the answer: the order of the zones counts more (BIND's `qname-wait-recurse no`).
extension QueryPipeline {
  /// Which zones are at their turn.
  enum PolicyPhase {
    case beforeIndex
    case afterIndex
  }

  /// Judges the query by its client and name; nil when it goes on.
  ///
  /// - Parameter pending: set when the query is judged a second time, with its answer at hand; what
  ///   was only noted the first time is not noted again.
  @inline(__always)
  func judgeQuery(
    _ phase: PolicyPhase, _ packet: Span<UInt8>, _ reply: inout WireWriter, _ sink: any ReplySink,
    _ pending: PendingQuery? = nil
  ) -> HandlerOutcome? {
    guard let stage = view.parts.responsePolicy else { return nil }
    return judgeQuery(stage.policy, phase, packet, &reply, sink, pending)
  }

  private func judgeQuery(
    _ policy: ResponsePolicy, _ phase: PolicyPhase, _ packet: Span<UInt8>,
    _ reply: inout WireWriter, _ sink: any ReplySink, _ pending: PendingQuery?
  ) -> HandlerOutcome? {
    let all = policy.zones.count
    if phase == .beforeIndex {
      policyState.isAsked = isPolicyAsked()
      policyState.waitsAt = all
      nameHashes.reset(key: policy.key)
    }
    // Zones behind one that waits for the answer wait too.
    guard policyState.isAsked, policyState.waitsAt == all else { return nil }
    var position = phase == .beforeIndex ? 0 : policy.beforeIndex
    let end = phase == .beforeIndex ? policy.beforeIndex : all
    while !policyState.isExempt {
      let early = policy.judge(
        request.qname, &nameHashes, client: client.remote.address, from: position, upTo: end)
      switch early {
      case .none: return nil
      case .needsAnswer(let at):
        policyState.waitsAt = at
        return nil
      case .rule(let decision):
        let limit = begin(packet, &reply)
        let place = PolicyPlace(
          base: reply.count, answerCount: 0, nameAt: Limits.headerOctets, isQueryName: true,
          limit: limit)
        let isNoted = pending != nil
        if let outcome = apply(
          decision, place, packet, &reply, sink, pending, isNoted: isNoted)
        {
          return outcome
        }
        position = decision.position + 1
      }
    }
    return nil
  }

  /// Whether policy zones are asked: only answers that recursion would give are rewritten.
  ///
  /// Names that the operator always lets through are let through here too.
  func isPolicyAsked() -> Bool {
    request.flags.contains(.recursionDesired) && view.offersRecursion(to: client)
      && !view.parts.policy.allowed.covers(request.qname) && !view.isOptedOut(client)
  }

  // MARK: - With the answer

  /// Judges the answer that stands in `reply` and whose traits are in `info`, along its CNAME chain;
  /// nil when it goes out as it is, or as the index says.
  func judgeAnswer(
    _ packet: Span<UInt8>, _ limit: Int, _ reply: inout WireWriter, _ sink: any ReplySink,
    _ pending: PendingQuery? = nil
  ) -> HandlerOutcome? {
    // An answer that did not fit is cut, and comes again over TCP.
    guard let stage = view.parts.responsePolicy, policyState.isAsked, !policyState.isExempt,
      !reply.overflowed, info.rcode == .noError || info.rcode == .nameError
    else { return judgeFailure(packet, limit, &reply, sink, pending) }
    if stage.policy.needsServers, !policyState.startsInZone,
      let outcome = awaitServers(stage, packet, &reply, sink, pending)
    {
      return outcome
    }
    collectAddresses(&reply)
    // Whoever asks for the alias itself is not led on.
    let steps = request.qtype == .cname ? 0 : info.chainCount
    for step in 0...steps {
      if let outcome = judgeStep(step, stage, packet, limit, &reply, sink, pending) {
        return outcome
      }
      if policyState.isExempt { return nil }
    }
    return nil
  }

  /// A name that could not be resolved is still judged by zones that waited for its answer.
  private func judgeFailure(
    _ packet: Span<UInt8>, _ limit: Int, _ reply: inout WireWriter, _ sink: any ReplySink,
    _ pending: PendingQuery?
  ) -> HandlerOutcome? {
    guard let stage = view.parts.responsePolicy, policyState.isAsked, !policyState.isExempt,
      !reply.overflowed
    else { return nil }
    info.chainCount = 0
    answerAddresses.removeAll(keepingCapacity: true)
    return judgeStep(0, stage, packet, limit, &reply, sink, pending)
  }

  /// Judges the name asked for (step 0) or the target of a CNAME of the answer.
  private func judgeStep(
    _ step: Int, _ stage: PolicyStage, _ packet: Span<UInt8>, _ limit: Int,
    _ reply: inout WireWriter, _ sink: any ReplySink, _ pending: PendingQuery?
  ) -> HandlerOutcome? {
    let policy = stage.policy
    guard let place = place(ofStep: step, limit, &reply) else { return nil }
    if step > 0 { nameHashes.reset() }
    var position = step == 0 ? policyState.waitsAt : 0
    while position < policy.zones.count {
      // The index comes before the zones behind it, also for the names an answer leads to.
      if step > 0, position == policy.beforeIndex, verdict(on: linkName)?.isSwallowed == true {
        return nil
      }
      let end = step > 0 && position < policy.beforeIndex ? policy.beforeIndex : policy.zones.count
      guard
        let decision = decide(step, stage, from: position, upTo: end)
      else {
        position = end
        continue
      }
      if let outcome = apply(
        decision, place, packet, &reply, sink, pending, isNoted: false)
      {
        return outcome
      }
      if policyState.isExempt { return nil }
      position = decision.position + 1
    }
    return nil
  }

  private func place(
    ofStep step: Int, _ limit: Int, _ reply: inout WireWriter
  ) -> PolicyPlace? {
    let question = request.questionEnd
    guard step > 0 else {
      return PolicyPlace(
        base: question, answerCount: 0, nameAt: Limits.headerOctets, isQueryName: true,
        limit: limit)
    }
    let link = info.chain[step - 1]
    let target = question + Int(link.target)
    let isRead = reply.withWritten { message in
      (try? linkName.load(from: message, at: target, allowCompression: true)) != nil
    }
    guard isRead else { return nil }
    return PolicyPlace(
      base: question + Int(link.end), answerCount: link.recordCount, nameAt: target,
      isQueryName: false, limit: limit)
  }

  private func decide(
    _ step: Int, _ stage: PolicyStage, from start: Int, upTo end: Int
  ) -> PolicyDecision? {
    let policy = stage.policy
    let isLast = step == info.chainCount
    let addresses = isLast ? answerAddresses : []
    let seconds = now / 1_000_000
    if step == 0 {
      let servers =
        policy.needsServers
        ? stage.facts.facts(stage.facts.hash(request.qname), at: seconds) : nil
      return policy.judge(
        request.qname, &nameHashes, .init(client: client.remote.address, servers: servers),
        from: start, upTo: end, addresses: addresses)
    }
    let servers =
      policy.needsServers ? stage.facts.facts(stage.facts.hash(linkName), at: seconds) : nil
    return policy.judge(
      linkName, &nameHashes, .init(client: nil, servers: servers), from: start, upTo: end,
      addresses: addresses)
  }
}
