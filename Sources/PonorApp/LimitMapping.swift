import AbuseControl
import Addressing
import DNSWire
import ListSources
import Policy
import QueryPath
import Settings

/// Turns the settings of limits into what the query path counts by.
extension Settings.RateLimit {
  var responseLimits: ResponseLimits {
    var limits = ResponseLimits()
    limits.set(.answer, limit(responsesPerSecond))
    limits.set(.nodata, limit(nodataPerSecond ?? responsesPerSecond))
    limits.set(.nxdomain, limit(nxdomainsPerSecond ?? responsesPerSecond))
    limits.set(.error, limit(errorsPerSecond ?? responsesPerSecond))
    limits.all = limit(allPerSecond)
    limits.blocks = ClientBlocks(ipv4: ipv4Prefix, ipv6: ipv6Prefix)
    limits.exempt = AddressSet(exempt)
    limits.isTrial = logOnly
    return limits
  }

  private func limit(_ perSecond: Int) -> AbuseControl.RateLimit? {
    guard perSecond > 0 else { return nil }
    return AbuseControl.RateLimit(
      perSecond: perSecond, window: Int(window.components.seconds), slip: slip)
  }
}

extension Settings.QueryLimit {
  var limit: AbuseControl.QueryLimit? {
    guard queriesPerSecond > 0 else { return nil }
    return AbuseControl.QueryLimit(
      // No debt: a real client that asks too much still gets its share.
      rate: AbuseControl.RateLimit(perSecond: queriesPerSecond, window: 0),
      effect: action == .drop ? .drop : .refuse,
      blocks: ClientBlocks(ipv4: ipv4Prefix, ipv6: ipv6Prefix), exempt: AddressSet(exempt))
  }
}

extension Settings {
  var recursionLimits: RecursionLimits {
    let recursion = recursionLimit
    var limits = RecursionLimits()
    limits.blocks = ClientBlocks(ipv4: queryLimit.ipv4Prefix, ipv6: queryLimit.ipv6Prefix)
    limits.perClient = recursion.outstandingPerClient > 0 ? recursion.outstandingPerClient : nil
    limits.perZone = recursion.outstandingPerZone > 0 ? recursion.outstandingPerZone : nil
    limits.failures = FailureLimits(
      failing: failures(recursion.failingNames, recursion.failingNamesPerSecond),
      nonexistent: failures(recursion.nonexistentNames, recursion.nonexistentNamesPerSecond))
    limits.zones = ZoneGuess(suffixes: SharedSuffixes.names.compactMap { try? Name($0) })
    limits.exempt = NameSet(recursion.exempt.compactMap { try? Name($0) })
    return limits
  }

  private func failures(_ names: Int, _ perSecond: Int) -> AbuseControl.RateLimit? {
    guard names > 0 else { return nil }
    return AbuseControl.RateLimit(
      perSecond: perSecond, burst: names,
      window: Int(recursionLimit.protection.components.seconds), isPenalty: true)
  }
}

extension Settings.MinimalAny {
  var queryPath: QueryPath.MinimalAny {
    switch self {
    case .always: .always
    case .udp: .udp
    case .never: .never
    }
  }
}
