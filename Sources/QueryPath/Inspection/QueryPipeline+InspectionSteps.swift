import AbuseControl
import Addressing
import DNSServer
import DNSWire
import Policy
import Transfers
import ZoneRecords

/// Stages that seldom have anything to say: limits, the health name, zones offered for transfer.
extension QueryPipeline {
  /// Tells which limits the client is under; how much of them is used changes with each query.
  func inspectLimits(_ result: inout QueryInspection) {
    var lines: [String] = []
    let address = client.remote.address
    if let limit = view.parts.queries {
      lines.append(
        limit.exempt.contains(address)
          ? "queries: the client is exempt"
          : "queries: \(limit.rate.description), counted for \(limit.blocks.text(of: address)); "
            + (limit.effect == .refuse ? "those beyond are REFUSED" : "those beyond are dropped"))
    }
    if view.limitsResponses { lines.append(responseLimits(view.parts.responses)) }
    guard !lines.isEmpty else { return }
    result.add("limits", lines + ["this question is not counted"])
  }

  private func responseLimits(_ limits: ResponseLimits) -> String {
    let address = client.remote.address
    guard client.transport == .udp else { return "responses: only those over UDP are limited" }
    guard !client.isVerified else { return "responses: the client's address is verified" }
    guard !limits.exempt.contains(address) else { return "responses: the client is exempt" }
    var parts = ResponseLimits.Category.allCases.compactMap { category in
      limits.byCategory[category.rawValue].map { "\(category) \($0.description)" }
    }
    if let all = limits.all { parts.append("all \(all.description)") }
    return "responses: \(parts.joined(separator: ", ")), counted for "
      + limits.blocks.text(of: address) + (limits.isTrial ? "; trial: nothing is held back" : "")
  }

  /// Tells when the name is the health name.
  func inspectHealth(_ result: inout QueryInspection) {
    guard let health = state.parts.health, health.matches(request.qname.canonicalBytes) else {
      return
    }
    result.add(
      "health",
      health.state.isFit
        ? "the health name: the server is fit, and says so"
        : "the health name: the server is unfit, SERVFAIL; `ponor status` says why")
  }

  /// Tells when the name is in a policy zone that is offered to other resolvers.
  func inspectOffered(_ result: inout QueryInspection) {
    guard !state.offered.isEmpty, let match = state.offered.find(request.qname) else { return }
    let zone = "in the policy zone \(match.zone.source.apex), which is made to be transferred"
    guard match.isApex else { return result.add("rpz_out", "\(zone): REFUSED") }
    let isAllowed = match.zone.access.allows(client.remote.address, key: nil)
    let isReady = match.zone.source.current() != nil
    result.add(
      "rpz_out",
      zone + ": "
        + (!isAllowed
          ? "the client may not have it, or only with a key it has not signed with: REFUSED"
          : isReady ? "the client may have it" : "it is not made yet: SERVFAIL"))
  }
}
