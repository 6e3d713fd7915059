package import Addressing
package import DNSWire

/// A server that a zone is transferred from.
package struct PrimaryServer: Sendable, Hashable, CustomStringConvertible {
  /// Its address and port.
  package var endpoint: SocketEndpoint
  /// The name its certificate must have; nil for plain TCP (RFC 9103).
  package var tlsName: String?
  /// File with the authorities its certificate is checked with, PEM; nil for the system's.
  package var authorities: String?

  /// Names a primary.
  package init(endpoint: SocketEndpoint, tlsName: String? = nil, authorities: String? = nil) {
    self.endpoint = endpoint
    self.tlsName = tlsName
    self.authorities = authorities
  }

  package var description: String {
    tlsName.map { "\(endpoint)#\($0)" } ?? "\(endpoint)"
  }
}

/// A zone that is kept as a copy of what primaries have.
package struct SecondaryZone: Sendable, Equatable {
  /// The name of the zone.
  package var apex: Name
  /// Where it comes from, tried in this order.
  package var primaries: [PrimaryServer]
  /// The key that signs requests, nil for none; then answers and notifications must be signed by
  /// it, too.
  package var key: TSIGKey?
  /// Who may notify beside the primaries.
  package var notifySources: [IPPrefix] = []
  /// Path of the copy.
  package var path: String
  /// Largest copy, octets.
  package var maximumOctets = TransferLimits.zoneOctets

  /// Describes a secondary zone.
  package init(apex: Name, primaries: [PrimaryServer], key: TSIGKey?, path: String) {
    self.apex = apex
    self.primaries = primaries
    self.key = key
    self.path = path
  }
}
