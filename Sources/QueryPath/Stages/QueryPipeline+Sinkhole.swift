import AbuseControl
import Addressing
import ClientIdentity
import DNSServer
import DNSWire
import Policy

/// Verdicts, hit records and sinkhole answers.
extension QueryPipeline {
  /// What policy says of a name; nothing to clients that get no sinkhole answers.
  func verdict(on name: borrowing NameBuffer) -> Verdict? {
    guard view.sinkholes(client), let verdict = view.parts.policy.verdict(name) else { return nil }
    if isOptedOut { return nil }
    if policyState.isExempt { return verdict.notSwallowed }
    return verdict.deniesFirst ? staged(verdict, name) : verdict
  }

  /// A bot that gets an address stops walking its list: its first names are denied instead.
  ///
  /// By the listed name itself: an index built meanwhile numbers its names anew.
  private func staged(_ verdict: Verdict, _ name: borrowing NameBuffer) -> Verdict {
    var staged = verdict
    let listed = SipHash.hash(
      name.canonicalBytes, from: verdict.offset, key: shared.abuse.nameKey)
    let isFirst = shared.abuse.isFirstName(
      of: client.remote.address, family: view.parts.policy.family(of: verdict),
      name: listed.low, count: view.parts.deniedNames, at: now)
    if isFirst { staged.action = .nxdomain }
    return staged
  }

  func record(_ verdict: Verdict, _ name: Span<UInt8>) {
    switch verdict.action {
    case .sinkhole: counters.count(.sinkholed)
    case .nxdomain: counters.count(.nxdomain)
    case .observe: counters.count(.observed)
    case .colliding: counters.count(.colliding)
    }
    counters.hits.count(view.parts.policy.family(of: verdict), verdict.action)
    // A forwarder that kept the answer would hide its other clients' lookups of this name.
    options.dependsOnClient = true
    guard view.parts.recordsHits else { return }
    let hit = Hit(
      time: now, client: client, qtype: request.qtype, verdict: verdict,
      generation: state.generation, wasChallenged: challenges(verdict))
    hits.record(hit, name: name, device: device.octets)
    noteTapped(verdict, name)
  }

  func sinkhole(
    _ verdict: Verdict, _ packet: Span<UInt8>, _ reply: inout WireWriter
  ) -> HandlerOutcome {
    let limit = begin(packet, &reply)
    if challenges(verdict) { return challenge(limit, &reply) }
    subjectOffset = verdict.offset
    var traits = sinkholeTraits(verdict)
    let owner = SinkholeAnswers.Owner(
      name: Limits.headerOctets, apex: Limits.headerOctets + verdict.offset,
      apexOffset: verdict.offset)
    traits.rcode = view.parts.sinkhole.write(
      verdict.action, answeredType(in: verdict), name: request.qname, owner: owner,
      serial: state.serial,
      counts: &traits.counts, into: &reply)
    let text = request.edns == nil ? [] : view.parts.sinkhole.text
    return finish(traits, limit, errorText: text, &reply)
  }

  func sinkholeTraits(_ verdict: Verdict) -> ReplyTraits {
    var traits = ReplyTraits()
    traits.isAuthoritative = true
    traits.recursionAvailable = view.offersRecursion(to: client)
    traits.error = verdict.action == .nxdomain ? .blocked : .forgedAnswer
    return traits
  }
}
