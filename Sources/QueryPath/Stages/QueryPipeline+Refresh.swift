import AnswerCache
import DNSServer
import DNSWire
import Recursion

/// Popular answers are asked for again shortly before they expire.
extension QueryPipeline {
  /// Has the answer that was just read refreshed; the cache says so to one reader only.
  @inline(never)
  func refreshAnswer(_ key: AnswerKey) {
    info.needsRefresh = false
    guard let recursor = shared.recursion?.recursor else { return }
    counters.count(.refreshed)
    let goesToRefresher = !info.isOfRefresher
    let query = RefreshQuery(
      key: key, origin: shared.cache.origin(of: request.qname), traits: answerTraits(recursor),
      cache: shared.cache, isOfRefresher: goesToRefresher)
    _ = recursor.refresh(
      request.qname.canonicalBytes, question(key), isOfRefresher: info.isOfRefresher,
      client: query)
  }

  /// What of the question decides the form of the answer.
  func answerTraits(_ recursor: Recursor) -> ResolvedAnswer.Traits {
    ResolvedAnswer.Traits(
      dnssecOK: request.edns?.dnssecOK ?? false,
      checkingDisabled: request.flags.contains(.checkingDisabled), qtype: request.qtype,
      rebinding: RebindingGuard.concerns(request.qtype) ? recursor.rebinding : nil)
  }

  /// The question as recursion takes it.
  func question(_ key: AnswerKey) -> Recursor.Question {
    Recursor.Question(
      qtype: request.qtype, qclass: request.qclass, nameHash: key.nameHash,
      checkingDisabled: request.flags.contains(.checkingDisabled))
  }
}
