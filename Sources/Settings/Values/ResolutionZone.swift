package import Addressing

/// A zone with servers of its own.
package struct ResolutionZone: Hashable, Sendable {
  /// The apex, without trailing dot, lower case.
  package var name: String
  /// Who is asked.
  package var servers: [SocketEndpoint] = []
  /// The name in the servers' certificate; nil asks without TLS.
  package var tlsName: String?
  /// Whether nothing below is validated.
  package var isInsecure = false

  /// A zone without servers.
  package init(name: String) { self.name = name }
}

/// How much of a name servers on the way are shown (RFC 9156).
package enum QNAMEMinimisation: String, CaseIterable, Sendable {
  /// All of it.
  case off
  /// As little as possible, all where that breaks.
  case relaxed
  /// As little as possible.
  case strict
}

/// Whether an address family is used.
package enum AddressFamilyUse: String, CaseIterable, Sendable {
  /// If the machine has a route.
  case auto
  /// Always.
  case on
  /// Never.
  case off
}

/// Which address family is preferred.
package enum AddressFamilyPreference: String, CaseIterable, Sendable {
  /// The faster server.
  case none
  /// IPv4.
  case ipv4
  /// IPv6.
  case ipv6
}
