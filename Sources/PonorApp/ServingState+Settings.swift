import DNSWire
import DoHMessages
import DomainIndex
import Policy
import QueryPath
import Settings
import Transfers
import Zones

/// Turns settings, index and zones into the state queries are answered from.
extension ServingState {
  static func make(
    _ settings: Settings, index: DomainIndex?, zones: ZoneSet, lists: ClientLists,
    policies: PolicyZoneSet? = nil, transfers: TransferState = TransferState(),
    tap: (any MessageTapSource)? = nil,
    health: HealthState
  ) -> ServingState {
    var parts = Parts(
      views: .make(settings, index: index, lists: lists, policies: policies), zones: zones,
      identity: ServerIdentity(
        version: settings.server.version, identifier: settings.server.identity),
      udpPayload: settings.server.udpPayloadSize)
    parts.idleTimes = settings.idleTimes
    parts.designated = settings.designatedResolver
    parts.senders.proxies = AccessList(settings.access.proxies)
    parts.senders.webProxies = AccessList(settings.access.webProxies)
    parts.senders.forwardingField =
      ForwardingField(rawValue: settings.access.webProxyField.rawValue) ?? .xForwardedFor
    parts.senders.forwarders = AccessList(settings.access.forwarders)
    parts.cookies = settings.cookiePolicy
    parts.recursion = settings.recursionLimits
    parts.ordinaryNames = settings.ordinaryNames
    parts.minimalAny = settings.server.minimalAny.queryPath
    parts.health = settings.health.name.flatMap { try? Name($0) }
      .map { HealthName($0, state: health) }
    parts.transfers = transfers
    parts.tap = tap
    return ServingState(parts)
  }
}
