package import Addressing

/// Who may transfer a zone from us, and who is told when it changes.
package struct ZoneTransfer: Hashable, Sendable {
  /// Clients that may; empty leaves it to the keys.
  package var allow: [IPPrefix] = []
  /// Names of TSIG keys of which one must sign; empty leaves it to the addresses.
  package var keys: [String] = []
  /// Secondaries that are told of a new version (RFC 1996).
  package var notify: [NotifyAddress] = []

  /// Nobody may, nobody is told.
  package init() {}
}

/// A secondary that is told of new versions.
package struct NotifyAddress: Hashable, Sendable {
  /// Its address and port.
  package var address: SocketEndpoint
  /// Name of the TSIG key that signs the message, nil for none.
  package var key: String?

  /// Names a secondary.
  package init(address: SocketEndpoint, key: String? = nil) {
    self.address = address
    self.key = key
  }
}
