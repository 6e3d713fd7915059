import Addressing
import AnswerCache
package import DNSServer
import DNSWire
package import Policy
import ResponsePolicy
import Zones

/// Tells what happens to a query, with the very stages that it passes.
extension QueryPipeline {
  /// A pipeline that only looks: it records and counts nothing, keeps its own limits, and asks
  /// nobody.
  package static func inspector(_ shared: Shared) -> QueryPipeline {
    let quiet = Shared(state: shared.state, cache: shared.cache, recursion: nil)
    let pipeline = QueryPipeline(quiet, hits: QuietRecorder(), counters: QueryCounters())
    pipeline.isInspecting = true
    return pipeline
  }

  /// Tells what happens to `packet`.
  ///
  /// - Parameters:
  ///   - hasRecursion: whether the server has a recursion, which this pipeline has not.
  ///   - origins: the lines about a listed name.
  package func inspect(
    _ packet: [UInt8], from client: Client, at now: Int64, hasRecursion: Bool,
    origins: (Policy, Verdict) -> [String]
  ) -> QueryInspection {
    let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: Limits.messageOctets)
    defer { buffer.deallocate() }
    var reply = WireWriter(buffer)
    var result = QueryInspection()
    run(packet.span, client, now, &reply, &result)
    // The stages are looked at with the state the answer left behind them.
    admit(client, at: now)
    guard request.parse(packet.span) == .query, identify(packet.span) else {
      result.add("message", "not a query that can be read")
      return result
    }
    inspectView(&result)
    inspectLimits(&result)
    inspectHealth(&result)
    inspectOffered(&result)
    inspectZones(packet.span, &reply, &result)
    inspectPolicy(&result, isBeforeIndex: true)
    inspectIndex(origins, &result)
    inspectPolicy(&result, isBeforeIndex: false)
    inspectSpecial(&result)
    inspectCache(packet.span, &reply, origins, &result)
    if result.needsRecursion {
      result.add(
        "recursion",
        hasRecursion
          ? "asked, for nothing else has an answer; what comes back is judged again"
          : "not offered: REFUSED")
      result.needsRecursion = hasRecursion
    }
    return result
  }

  /// Has the query answered, as any other is.
  private func run(
    _ packet: Span<UInt8>, _ client: Client, _ now: Int64, _ reply: inout WireWriter,
    _ result: inout QueryInspection
  ) {
    let misses = counters[.cacheMiss]
    let outcome = handle(packet, from: client, at: now, reply: &reply, sink: NoSink())
    result.needsRecursion = counters[.cacheMiss] > misses
    if outcome == .reply {
      result.answer = reply.withWritten { message in message.indices.map { message[$0] } }
    }
  }

  // MARK: - Stages

  private func inspectView(_ result: inout QueryInspection) {
    let parts = view.parts
    let why =
      view !== state.views.standard
      ? "the first that takes \(client.remote.address) at listening address \(client.listener)"
      : state.views.others.isEmpty
        ? "there is no other"
        : "no other view takes \(client.remote.address) at listening address \(client.listener)"
    result.add("view", "\(parts.name): \(why)")
    let swallows = view.sinkholes(client)
    let reason =
      parts.appliesPolicy != nil
      ? "the view says so" : "access.sinkhole \(swallows ? "has" : "does not have") the client"
    var access = ["sinkhole answers: \(swallows ? "yes" : "no"), \(reason)"]
    let recursion = view.offersRecursion(to: client)
    let refusal =
      parts.offersRecursion ? "access.recursion does not have the client" : "not offered"
    access.append("recursion: \(recursion ? "yes" : "no, \(refusal)")")
    if view.isOptedOut(client) { access.append("the client has opted out: nothing is swallowed") }
    if parts.challenges, client.transport == .udp {
      access.append("hits over UDP are answered TC=1 until the address is verified")
    }
    result.add("access", access)
  }

  private func inspectZones(
    _ packet: Span<UInt8>, _ reply: inout WireWriter, _ result: inout QueryInspection
  ) {
    guard !state.parts.zones.isEmpty else { return }
    _ = begin(packet, &reply)
    guard let answer = state.parts.zones.answer(request, into: &reply) else {
      return result.add("zones", "the name is in no zone of ours")
    }
    result.add(
      "zones",
      "answered from a zone of ours: \(answer.kind), \(ResponseCounters.name(of: answer.rcode))")
  }

  private func inspectPolicy(_ result: inout QueryInspection, isBeforeIndex: Bool) {
    guard let stage = view.parts.responsePolicy else { return }
    let policy = stage.policy
    let range =
      isBeforeIndex ? 0..<policy.beforeIndex : policy.beforeIndex..<policy.zones.count
    guard !range.isEmpty else { return }
    guard isPolicyAsked() else {
      return result.add("rpz", "not asked: no recursion, on the allow list, or opted out")
    }
    nameHashes.reset(key: policy.key)
    result.add("rpz", range.map { inspectZone(policy, $0) })
  }

  private func inspectZone(_ policy: ResponsePolicy, _ position: Int) -> String {
    let zone = policy.zones[position]
    let decision = policy.judge(
      request.qname, &nameHashes, client: client.remote.address, from: position,
      upTo: position + 1)
    switch decision {
    case .none: return "\(zone.name): no rule"
    case .needsAnswer: return "\(zone.name): no rule about name or client; waits for the answer"
    case .rule(let found):
      return "\(zone.name): \(found.trigger.word) rule, \(Self.word(found.rule))"
        + (zone.options.override == .given ? "" : ", overridden by the zone's settings")
    }
  }

  private static func word(_ rule: PolicyRule) -> String {
    switch rule {
    case .nxdomain: "nxdomain"
    case .nodata: "nodata"
    case .passthru: "passthru: later zones are not asked"
    case .drop: "drop"
    case .tcpOnly: "tcp-only"
    default: "local data"
    }
  }

  private func inspectIndex(
    _ origins: (Policy, Verdict) -> [String], _ result: inout QueryInspection
  ) {
    let policy = view.parts.policy
    guard policy.index != nil else { return result.add("index", "there is none") }
    guard let found = policy.verdict(request.qname) else {
      return result.add("index", "not listed, or its family is off")
    }
    var lines = [found.action.sentence]
    if found.deniesFirst {
      lines.append("the first \(view.parts.deniedNames) names each client and hour are denied")
    }
    if policy.allowed.covers(request.qname) { lines.append("the allow list has it") }
    if !view.sinkholes(client) || view.isOptedOut(client) {
      lines.append("does not count for this client")
    }
    result.add("index", lines + origins(policy, found))
  }

  private func inspectSpecial(_ result: inout QueryInspection) {
    guard let (treatment, _) = state.special.find(request.qname, request.qtype) else { return }
    result.add("special", "a special-use name, never asked of the Internet: \(treatment)")
  }

  private func inspectCache(
    _ packet: Span<UInt8>, _ reply: inout WireWriter, _ origins: (Policy, Verdict) -> [String],
    _ result: inout QueryInspection
  ) {
    let seconds = now / 1_000_000
    let key = cacheKey(request.qname)
    // Looking also gives back what reading claimed: the next client still has it refreshed.
    guard let held = shared.cache.inspect(key, at: seconds) else {
      return result.add("cache", "no answer")
    }
    var lines = [
      "\(ResponseCounters.name(of: held.rcode)), \(held.answerCount) records, stored \(held.age) s ago, "
        + (held.secondsLeft > 0
          ? "\(held.secondsLeft) s left" : "ended \(-held.secondsLeft) s ago")
        + (held.staleSeconds > 0 ? ", may be served stale \(held.staleSeconds) s" : "")
        + (held.isSecure ? ", secure" : "")
    ]
    _ = begin(packet, &reply)
    if held.chainCount > 0, shared.cache.read(key, at: seconds, into: &reply, info: &info) {
      lines += (0..<info.chainCount).flatMap { inspectLink($0, &reply, origins) }
      _ = shared.cache.inspect(key, at: seconds)
    }
    result.add("cache", lines)
  }

  private func inspectLink(
    _ link: Int, _ reply: inout WireWriter, _ origins: (Policy, Verdict) -> [String]
  ) -> [String] {
    let target = request.questionEnd + Int(info.chain[link].target)
    let isRead = reply.withWritten { message in
      (try? linkName.load(from: message, at: target, allowCompression: true)) != nil
    }
    guard isRead else { return [] }
    let name = Name(linkName)
    guard let found = view.parts.policy.verdict(linkName) else {
      return ["alias of \(name): not listed"]
    }
    return ["alias of \(name): \(found.action.sentence)"] + origins(view.parts.policy, found)
  }
}

/// Takes no answers: an inspection has nobody to send them to.
private final class NoSink: ReplySink {
  func send(_ message: Span<UInt8>, to client: Client) {}
  func stream(_ producer: any MessageProducer) -> Bool { false }
}

/// Records nothing.
private final class QuietRecorder: HitRecorder {
  func record(_ hit: Hit, name: Span<UInt8>, device: Span<UInt8>) {}
}
