import Addressing
package import AnswerCache
package import DNSServer
package import DNSWire
import Policy
package import Recursion
import Zones

/// The path of one query: verdict, zones, special names, cache, recursion (DESIGN §2).
///
/// One instance per thread. Everything it needs on the way to an answer is allocated when it is
/// made; only a question that goes to recursion allocates.
package final class QueryPipeline: QueryHandler {
  /// What all pipelines share.
  package struct Shared: Sendable {
    /// The state in force.
    package let state: Published<ServingState>
    /// Answers of the recursion.
    package let cache: AnswerCache
    /// The recursion, nil when none is offered.
    package let resolver: Resolver?
    /// The pipelines of the recursion threads, which finish what others began.
    package let finishers: FinisherPool?

    /// Puts the shared parts together.
    package init(
      state: Published<ServingState>, cache: AnswerCache, resolver: Resolver?,
      finishers: FinisherPool?
    ) {
      self.state = state
      self.cache = cache
      self.resolver = resolver
      self.finishers = finishers
    }
  }

  private let shared: Shared
  private let hits: any HitRecorder
  /// What this pipeline has done.
  package let counters: QueryCounters

  // One thread owns a pipeline and no access spans a call that could come back to it, so the run-time
  // check of exclusive access, several per query, can find nothing.
  @exclusivity(unchecked) private var reader: Published<ServingState>.Reader
  @exclusivity(unchecked) private var request = Request()
  @exclusivity(unchecked) private var linkName = NameBuffer()
  @exclusivity(unchecked) private var info = AnswerInfo()

  /// Makes a pipeline for one thread.
  package init(_ shared: Shared, hits: any HitRecorder, counters: QueryCounters) {
    self.shared = shared
    self.hits = hits
    self.counters = counters
    reader = Published<ServingState>.Reader(shared.state)
  }

  /// Lets go of an old state; called when the thread is idle.
  package func refresh() { reader.refresh() }

  // MARK: - Answering

  package func handle(
    _ packet: Span<UInt8>, from client: Client, at now: Int64, reply: inout WireWriter,
    sink: any ReplySink
  ) -> HandlerOutcome {
    reader.refresh()
    let state = reader.value
    switch request.parse(packet) {
    case .ignore:
      counters.count(.dropped)
      return .drop
    case .error(let rcode):
      counters.count(rcode == .formatError ? .formatError : .notImplemented)
      return refuse(rcode, nil, packet, client, state, &reply)
    case .query:
      break
    }
    if let outcome = answerUnusual(packet, client, state, &reply) { return outcome }
    if !state.parts.zones.isEmpty, answerFromZone(packet, client, state, &reply) { return .reply }
    if let verdict = verdict(on: request.qname, for: client, state) {
      record(verdict, request.qname, client, at: now, state)
      if verdict.isSwallowed { return sinkhole(verdict, packet, client, state, &reply) }
    }
    return resolve(packet, client, now, state, &reply, sink)
  }

  /// Questions that are not for the data of class IN.
  private func answerUnusual(
    _ packet: Span<UInt8>, _ client: Client, _ state: ServingState, _ reply: inout WireWriter
  ) -> HandlerOutcome? {
    if request.qclass == .chaos { return answerIdentity(packet, client, state, &reply) }
    guard request.qclass == .internet else {
      counters.count(.refused)
      return refuse(.refused, .notSupported, packet, client, state, &reply)
    }
    switch request.qtype {
    case .axfr, .ixfr:
      counters.count(.refused)
      return refuse(.refused, .prohibited, packet, client, state, &reply)
    case .opt, .tsig, .tkey:
      counters.count(.formatError)
      return refuse(.formatError, nil, packet, client, state, &reply)
    case .maila, .mailb:
      counters.count(.notImplemented)
      return refuse(.notImplemented, .notSupported, packet, client, state, &reply)
    case let type where type.rawValue == 0 || (128..<249).contains(type.rawValue):
      // RFC 6895 §3.1: 0 is reserved, 128 to 255 are question types, none of which we know.
      counters.count(.notImplemented)
      return refuse(.notImplemented, .notSupported, packet, client, state, &reply)
    default:
      return nil
    }
  }

  private func answerIdentity(
    _ packet: Span<UInt8>, _ client: Client, _ state: ServingState, _ reply: inout WireWriter
  ) -> HandlerOutcome {
    counters.count(.chaos)
    var traits = ReplyTraits()
    let limit = begin(packet, client, state, &reply)
    traits.rcode = state.parts.identity.write(request, counts: &traits.counts, into: &reply)
    traits.isAuthoritative = traits.rcode == .noError
    return finish(traits, limit, state, &reply)
  }

  private func answerFromZone(
    _ packet: Span<UInt8>, _ client: Client, _ state: ServingState, _ reply: inout WireWriter
  ) -> Bool {
    let limit = begin(packet, client, state, &reply)
    guard let answer = state.parts.zones.answer(request, into: &reply) else { return false }
    counters.count(.authoritative)
    var traits = ReplyTraits()
    traits.rcode = answer.rcode
    traits.isAuthoritative = answer.authoritative
    traits.isTruncated = answer.truncated
    traits.recursionAvailable = offersRecursion(to: client, state)
    traits.counts = SectionCounts(
      answer: answer.answerCount, authority: answer.authorityCount,
      additional: answer.additionalCount)
    _ = finish(traits, limit, state, &reply)
    return true
  }

  // MARK: - Sinkhole

  /// What policy says of a name; nothing to clients that get no sinkhole answers.
  private func verdict(
    on name: borrowing NameBuffer, for client: Client, _ state: ServingState
  ) -> Verdict? {
    guard state.parts.sinkholeAccess.contains(client.remote.address) else { return nil }
    return state.parts.policy.verdict(name)
  }

  private func record(
    _ verdict: Verdict, _ name: borrowing NameBuffer, _ client: Client, at now: Int64,
    _ state: ServingState
  ) {
    switch verdict.action {
    case .sinkhole: counters.count(.sinkholed)
    case .nxdomain: counters.count(.nxdomain)
    case .observe: counters.count(.observed)
    case .colliding: counters.count(.colliding)
    }
    let hit = Hit(
      time: now, client: client, qtype: request.qtype, verdict: verdict,
      generation: state.generation)
    hits.record(hit, name: name.originalBytes)
  }

  private func sinkhole(
    _ verdict: Verdict, _ packet: Span<UInt8>, _ client: Client, _ state: ServingState,
    _ reply: inout WireWriter
  ) -> HandlerOutcome {
    let answers = state.parts.sinkhole
    let limit = begin(packet, client, state, &reply)
    var traits = sinkholeTraits(verdict, client, state)
    let owner = SinkholeAnswers.Owner(
      name: Limits.headerOctets, apex: Limits.headerOctets + verdict.offset,
      apexOffset: verdict.offset)
    traits.rcode = answers.write(
      verdict.action, request.qtype, name: request.qname, owner: owner, serial: state.serial,
      counts: &traits.counts, into: &reply)
    return finish(traits, limit, state, errorText: answers.text, &reply)
  }

  private func sinkholeTraits(
    _ verdict: Verdict, _ client: Client, _ state: ServingState
  ) -> ReplyTraits {
    var traits = ReplyTraits()
    traits.isAuthoritative = true
    traits.recursionAvailable = offersRecursion(to: client, state)
    traits.error = verdict.action == .nxdomain ? .blocked : .forgedAnswer
    return traits
  }

  // MARK: - Resolution

  private func resolve(
    _ packet: Span<UInt8>, _ client: Client, _ now: Int64, _ state: ServingState,
    _ reply: inout WireWriter, _ sink: any ReplySink
  ) -> HandlerOutcome {
    guard offersRecursion(to: client, state) else {
      counters.count(.refused)
      return refuse(.refused, .prohibited, packet, client, state, &reply)
    }
    if let (treatment, offset) = state.special.find(request.qname, request.qtype) {
      return answerSpecial(treatment, offset, packet, client, state, &reply)
    }
    guard request.flags.contains(.recursionDesired) else {
      counters.count(.refused)
      return refuse(.refused, .notAuthoritative, packet, client, state, &reply)
    }
    guard request.qtype != .any else { return answerAny(packet, client, state, &reply) }
    let key = cacheKey()
    let limit = begin(packet, client, state, &reply)
    if shared.cache.read(key, at: now / 1_000_000, into: &reply, info: &info) {
      counters.count(.cacheHit)
      return finishResolved(packet, limit, client, now, state, &reply)
    }
    return recurse(key, packet, client, state, &reply, sink)
  }

  private func cacheKey() -> AnswerKey {
    shared.cache.key(
      request.qname, qtype: request.qtype, qclass: request.qclass,
      dnssecOK: request.edns?.dnssecOK ?? false,
      checkingDisabled: request.flags.contains(.checkingDisabled))
  }

  private func recurse(
    _ key: AnswerKey, _ packet: Span<UInt8>, _ client: Client, _ state: ServingState,
    _ reply: inout WireWriter, _ sink: any ReplySink
  ) -> HandlerOutcome {
    guard let resolver = shared.resolver, let finishers = shared.finishers else {
      counters.count(.refused)
      return refuse(.refused, .prohibited, packet, client, state, &reply)
    }
    let pending = PendingQuery(
      packet: packet, client: client, sink: sink, key: key,
      traits: ResolvedAnswer.Traits(
        dnssecOK: request.edns?.dnssecOK ?? false,
        checkingDisabled: request.flags.contains(.checkingDisabled)),
      cache: shared.cache, finishers: finishers,
      thread: Int(key.nameHash % UInt64(finishers.count)))
    let accepted = resolver.submit(
      qname: request.qname.canonicalBytes, qtype: request.qtype, qclass: request.qclass,
      nameHash: key.nameHash, client: pending)
    guard accepted else {
      counters.count(.overloaded)
      return refuse(.serverFailure, .other, packet, client, state, &reply)
    }
    counters.count(.recursed)
    return .pending
  }

  private func answerSpecial(
    _ treatment: SpecialNames.Treatment, _ offset: Int, _ packet: Span<UInt8>, _ client: Client,
    _ state: ServingState, _ reply: inout WireWriter
  ) -> HandlerOutcome {
    counters.count(.special)
    var traits = ReplyTraits()
    let limit = begin(packet, client, state, &reply)
    traits.rcode = SpecialAnswers.write(
      treatment, request.qtype, offset: offset, counts: &traits.counts, into: &reply)
    traits.isAuthoritative = true
    traits.recursionAvailable = true
    return finish(traits, limit, state, &reply)
  }

  /// RFC 8482 §4.2: one HINFO record instead of everything.
  private func answerAny(
    _ packet: Span<UInt8>, _ client: Client, _ state: ServingState, _ reply: inout WireWriter
  ) -> HandlerOutcome {
    counters.count(.special)
    var traits = ReplyTraits()
    let limit = begin(packet, client, state, &reply)
    reply.append16(0xC000 | UInt16(truncatingIfNeeded: Limits.headerOctets))
    reply.append16(RRType.hinfo.rawValue)
    reply.append16(RRClass.internet.rawValue)
    reply.append32(3600)
    reply.append16(UInt16(truncatingIfNeeded: Self.minimalAny.count))
    reply.append(Self.minimalAny.span)
    traits.counts.answer = 1
    traits.recursionAvailable = true
    return finish(traits, limit, state, &reply)
  }

  private static let minimalAny: [UInt8] = [7] + Array("RFC8482".utf8) + [0]

  /// Finishes an answer of the Internet whose sections stand in `reply` and whose traits are in
  /// `info`: policy is asked about every name its CNAME chain passes through.
  private func finishResolved(
    _ packet: Span<UInt8>, _ limit: Int, _ client: Client, _ now: Int64, _ state: ServingState,
    _ reply: inout WireWriter
  ) -> HandlerOutcome {
    if info.chainCount > 0, !reply.overflowed,
      let outcome = sinkholeChain(limit, client, now, state, &reply)
    {
      return outcome
    }
    var traits = ReplyTraits()
    traits.rcode = info.rcode
    traits.counts = SectionCounts(
      answer: info.answerCount, authority: info.authorityCount, additional: info.additionalCount)
    traits.recursionAvailable = true
    traits.error = info.extendedError.map { ExtendedError(rawValue: $0) }
    // RFC 6840 §5.8: AD is told to clients that show they know it.
    let asksForAD = request.flags.contains(.authenticData) || request.edns?.dnssecOK == true
    traits.authenticData = info.isSecure && asksForAD
    return finish(traits, limit, state, &reply)
  }

  private func sinkholeChain(
    _ limit: Int, _ client: Client, _ now: Int64, _ state: ServingState,
    _ reply: inout WireWriter
  ) -> HandlerOutcome? {
    let base = request.questionEnd
    for index in 0..<info.chainCount {
      let link = info.chain[index]
      let target = base + Int(link.target)
      let isRead = reply.withWritten { message in
        (try? linkName.load(from: message, at: target, allowCompression: true)) != nil
      }
      guard isRead, let verdict = verdict(on: linkName, for: client, state) else { continue }
      record(verdict, linkName, client, at: now, state)
      guard verdict.isSwallowed else { continue }
      reply.rewind(to: base + Int(link.end))
      return finishChain(verdict, link, target, limit, client, state, &reply)
    }
    return nil
  }

  private func finishChain(
    _ verdict: Verdict, _ link: AnswerInfo.ChainLink, _ target: Int, _ limit: Int,
    _ client: Client, _ state: ServingState, _ reply: inout WireWriter
  ) -> HandlerOutcome {
    let answers = state.parts.sinkhole
    reply.setLimit(
      limit - ReplyFrame.optRoom(request, identifier: state.identifier))
    var traits = sinkholeTraits(verdict, client, state)
    traits.isAuthoritative = false
    traits.counts.answer = link.recordCount
    let owner = SinkholeAnswers.Owner(name: target, apex: nil, apexOffset: verdict.offset)
    traits.rcode = answers.write(
      verdict.action, request.qtype, name: linkName, owner: owner, serial: state.serial,
      counts: &traits.counts, into: &reply)
    return finish(traits, limit, state, errorText: answers.text, &reply)
  }

  // MARK: - What recursion found

  /// Answers a query that waited for recursion; called on the thread this pipeline belongs to.
  func finish(
    _ packet: Span<UInt8>, from client: Client, with entry: AnswerCache.Entry, at now: Int64,
    reply: inout WireWriter
  ) -> HandlerOutcome {
    reader.refresh()
    let state = reader.value
    guard request.parse(packet) == .query else { return .drop }
    if entry.info.rcode == .serverFailure { counters.count(.failed) }
    // The name may have been listed while the answer was on its way.
    if let verdict = verdict(on: request.qname, for: client, state), verdict.isSwallowed {
      record(verdict, request.qname, client, at: now, state)
      return sinkhole(verdict, packet, client, state, &reply)
    }
    info = entry.info
    let limit = begin(packet, client, state, &reply)
    reply.append(entry.octets.span)
    return finishResolved(packet, limit, client, now, state, &reply)
  }

  // MARK: - Frame

  private func offersRecursion(to client: Client, _ state: ServingState) -> Bool {
    guard state.parts.offersRecursion else { return false }
    return state.parts.recursionAccess.contains(client.remote.address)
  }

  private func refuse(
    _ rcode: ResponseCode, _ error: ExtendedError?, _ packet: Span<UInt8>, _ client: Client,
    _ state: ServingState, _ reply: inout WireWriter
  ) -> HandlerOutcome {
    let limit = begin(packet, client, state, &reply)
    var traits = ReplyTraits()
    traits.rcode = rcode
    traits.error = error
    traits.recursionAvailable = offersRecursion(to: client, state)
    return finish(traits, limit, state, &reply)
  }

  private func begin(
    _ packet: Span<UInt8>, _ client: Client, _ state: ServingState, _ reply: inout WireWriter
  ) -> Int {
    let limit = ReplyFrame.limit(request, client, udpPayload: state.parts.udpPayload)
    let room = ReplyFrame.optRoom(request, identifier: state.identifier)
    ReplyFrame.begin(request, packet, limit: limit, optRoom: room, into: &reply)
    return limit
  }

  private func finish(
    _ traits: ReplyTraits, _ limit: Int, _ state: ServingState, errorText: [UInt8] = [],
    _ reply: inout WireWriter
  ) -> HandlerOutcome {
    ReplyFrame.finish(
      request, traits, limit: limit, udpPayload: state.parts.udpPayload, errorText: errorText,
      identifier: state.identifier, into: &reply)
    return .reply
  }
}
