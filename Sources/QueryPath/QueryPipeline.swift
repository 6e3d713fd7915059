package import AbuseControl
import Addressing
package import AnswerCache
import ClientIdentity
package import DNSServer
package import DNSWire
import Policy
import ResponsePolicy
import Transfers
import Zones

/// The path of one query: verdict, zones, special names, cache, recursion (DESIGN §2).
///
/// One instance per thread. Everything it needs on the way to an answer is allocated when it is
/// made; only a question that goes to recursion allocates. This file has the order of the stages;
/// each stage stands in an extension of its own.
package final class QueryPipeline: QueryHandler {
  /// What all pipelines share.
  package struct Shared: Sendable {
    /// The state in force.
    package let state: Published<ServingState>
    /// Answers of the recursion.
    package let cache: AnswerCache
    /// The recursion, nil when none is offered.
    package let recursion: RecursionPath?
    /// What is counted against abuse.
    package let abuse: AbuseGuard

    /// Puts the shared parts together.
    package init(
      state: Published<ServingState>, cache: AnswerCache, recursion: RecursionPath?,
      abuse: AbuseGuard = AbuseGuard()
    ) {
      self.state = state
      self.cache = cache
      self.recursion = recursion
      self.abuse = abuse
    }
  }

  let shared: Shared
  let hits: any HitRecorder
  /// What this pipeline has done.
  package let counters: QueryCounters

  // One thread owns a pipeline and no access spans a call that could come back to it, so the run-time
  // check of exclusive access, several per query, can find nothing.
  @exclusivity(unchecked) private var reader: Published<ServingState>.Reader

  // The query at hand, valid from the start of `handle` or `finish` to its end.
  @exclusivity(unchecked) var request = Request()
  @exclusivity(unchecked) var client: Client
  /// Microseconds since 1970.
  @exclusivity(unchecked) var now: Int64 = 0
  /// How the client is treated.
  @exclusivity(unchecked) var view: View
  /// Where in the name asked for the name starts that the answer is about: a listed name stands for
  /// all below it.
  @exclusivity(unchecked) var subjectOffset = 0
  /// Signs the answer, nil unless the query was signed.
  @exclusivity(unchecked) var signer: TSIGSigner?
  @exclusivity(unchecked) var linkName = NameBuffer()
  /// Where the answer cache has the question, nil where there is no recursion.
  @exclusivity(unchecked) var answerKey: AnswerKey?
  @exclusivity(unchecked) var info = AnswerInfo()
  /// How far response policy zones have judged the query.
  @exclusivity(unchecked) var policyState = PolicyState()
  @exclusivity(unchecked) var nameHashes = SuffixHashes(key: SipHash.Key(low: 0, high: 0))
  @exclusivity(unchecked) var answerAddresses: [IPAddress] = []
  @exclusivity(unchecked) var options = ReplyOptions()
  @exclusivity(unchecked) var device = DeviceIdentity()
  @exclusivity(unchecked) var hasValidCookie = false
  @exclusivity(unchecked) var pressure = CookiePressure()
  @exclusivity(unchecked) var tapState = TapState()
  /// Whether it only looks at what would happen: nothing is counted for others to see.
  @exclusivity(unchecked) var isInspecting = false
  /// The code of the answer that was finished last.
  @exclusivity(unchecked) var finishedCode = ResponseCode.noError

  /// Makes a pipeline for one thread.
  package init(_ shared: Shared, hits: any HitRecorder, counters: QueryCounters) {
    self.shared = shared
    self.hits = hits
    self.counters = counters
    reader = Published<ServingState>.Reader(shared.state)
    view = reader.value.views.standard
    let nowhere = SocketEndpoint(address: IPAddress(high: 0, low: 0), port: 0)
    client = Client(remote: nowhere, local: nowhere, transport: .udp)
  }

  /// The state the query is answered from.
  var state: ServingState { reader.value }

  /// Lets go of an old state; called when the thread is idle.
  package func refresh() {
    reader.refresh()
    if view !== state.views.standard { view = state.views.standard }
    adoptTap()
  }

  // MARK: - The stages

  package func handle(
    _ packet: Span<UInt8>, from client: Client, at now: Int64, reply: inout WireWriter,
    sink: any ReplySink
  ) -> HandlerOutcome {
    admit(client, at: now)
    let outcome = counted(limited(answer(packet, &reply, sink), packet, &reply))
    if state.tapSerial != 0 { tapHandled(outcome, packet, &reply) }
    return outcome
  }

  private func answer(
    _ packet: Span<UInt8>, _ reply: inout WireWriter, _ sink: any ReplySink
  ) -> HandlerOutcome {
    switch request.parse(packet) {
    case .ignore:
      counters.count(.dropped)
      return .drop
    case .error(let rcode):
      counters.count(rcode == .formatError ? .formatError : .notImplemented)
      return refuse(rcode, nil, packet, &reply)
    case .cookieOnly:
      return answerCookieOnly(packet, &reply)
    case .query, .notification:
      break
    }
    guard identify(packet) else {
      counters.count(.formatError)
      return refuse(.formatError, nil, packet, &reply)
    }
    if let outcome = limitQuery(packet, &reply) { return outcome }
    if let outcome = challenge(packet, &reply) { return outcome }
    if shared.recursion != nil { expectCacheRead() }
    if let outcome = answerTransaction(packet, &reply, sink) { return outcome }
    if let outcome = answerUnusual(packet, &reply) { return outcome }
    if request.qname.canonicalBytes.count == state.healthOctets, let health = state.parts.health,
      let outcome = answerHealth(health, packet, &reply)
    {
      return outcome
    }
    if !state.offered.isEmpty, let outcome = answerFromOfferedZone(packet, &reply) {
      return outcome
    }
    if !state.parts.zones.isEmpty, let outcome = answerFromZone(packet, &reply, sink) {
      return outcome
    }
    if let outcome = judgeQuery(.beforeIndex, packet, &reply, sink) { return outcome }
    if let verdict = verdict(on: request.qname) {
      record(verdict, request.qname.originalBytes)
      if verdict.isSwallowed { return sinkhole(verdict, packet, &reply) }
    }
    if let outcome = judgeQuery(.afterIndex, packet, &reply, sink) { return outcome }
    return resolve(packet, &reply, sink)
  }

  /// Answers a query that waited for recursion; called on the thread this pipeline belongs to.
  func finish(
    _ packet: Span<UInt8>, from client: Client, with entry: AnswerCache.Entry, at now: Int64,
    reply: inout WireWriter, pending: PendingQuery
  ) -> HandlerOutcome {
    admit(client, at: now)
    guard request.parse(packet) == .query, identify(packet), checkSignature(packet) == nil else {
      return .drop
    }
    let outcome = counted(limited(answer(packet, with: entry, &reply, pending), packet, &reply))
    if state.tapSerial != 0 { tapFinished(outcome, packet, &reply) }
    return outcome
  }

  private func answer(
    _ packet: Span<UInt8>, with entry: AnswerCache.Entry, _ reply: inout WireWriter,
    _ pending: PendingQuery
  ) -> HandlerOutcome {
    if entry.info.rcode == .serverFailure { counters.count(.failed) }
    if entry.info.isStale { counters.count(.stale) }
    if let prefix = pending.alias {
      return prefix.isOfZone
        ? finishZoneAlias(prefix, packet, entry, &reply, pending)
        : finishAlias(prefix, packet, entry, &reply)
    }
    if let outcome = judgeQuery(.beforeIndex, packet, &reply, pending.sink, pending) {
      return outcome
    }
    // The name may have been listed while the answer was on its way.
    if pending.judgedBy != state.number, let verdict = verdict(on: request.qname),
      verdict.isSwallowed
    {
      record(verdict, request.qname.originalBytes)
      return sinkhole(verdict, packet, &reply)
    }
    if let outcome = judgeQuery(.afterIndex, packet, &reply, pending.sink, pending) {
      return outcome
    }
    info = entry.info
    let limit = begin(packet, &reply)
    reply.append(entry.octets.span)
    if let outcome = judgeAnswer(packet, limit, &reply, pending.sink, pending) { return outcome }
    return finishResolved(packet, limit, &reply)
  }

  /// Takes up a query: the state in force, who asks, and how that client is treated.
  func admit(_ client: Client, at now: Int64) {
    reader.refresh()
    self.client = client
    self.now = now
    subjectOffset = 0
    policyState = PolicyState()
    signer = nil
    options = ReplyOptions()
    device.clear()
    hasValidCookie = false
    chooseView()
  }

  /// Takes the state in force before a query has come.
  func refreshState() { reader.refresh() }

  /// Looks up how the client is treated.
  func chooseView() {
    guard state.hasSeveralViews else {
      if view !== state.standardView { view = state.standardView }
      return
    }
    let found = state.views.view(for: client)
    // Comparing first spares the reference counts of the view that nearly everybody has.
    if found !== view { view = found }
  }
}
