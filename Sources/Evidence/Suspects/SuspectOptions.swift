/// What the operator says of client addresses: which of them stand for many.
package struct SuspectOptions: Equatable, Sendable {
  /// A block of addresses that many lines share.
  package struct SharedPrefix: Equatable, Sendable {
    /// The block.
    package var prefix: ClientPrefix
    /// Devices behind one address of it, about; at least 1.
    package var devices: Int

    /// Makes the pair.
    package init(prefix: ClientPrefix, devices: Int) {
      self.prefix = prefix
      self.devices = max(1, devices)
    }
  }

  /// Bits of an IPv6 address that identify a customer: 64 unless delegated prefixes are shorter
  /// (RFC 6177 lets operators give a /56 or /48).
  package var ipv6PrefixLength = 64
  /// Addresses behind a carrier-grade NAT, with the number of devices behind each address.
  package var shared: [SharedPrefix] = []
  /// Resolvers and relays that ask for others, with the number of devices behind each.
  package var forwarders: [SharedPrefix] = []

  /// The default: every address is a line of its own, IPv6 by /64.
  package init() {}

  /// Who a hit speaks of, and what kind of client that is.
  ///
  /// - Parameter line: the operator's key when attribution answered `unique` for the hit.
  package func standing(of hit: HitRow, line: String? = nil) -> Standing {
    if let line { return Standing(suspect: .line(line), scope: .line, devices: 1) }
    let suspect = suspect(client: hit.client, origin: hit.origin)
    if case .device = suspect.identity {
      return Standing(suspect: suspect, scope: .line, devices: 1)
    }
    if let match = Self.narrowest(forwarders, around: hit.client) {
      return Standing(suspect: suspect, scope: .forwarder, devices: match.devices)
    }
    if let match = Self.narrowest(shared, around: hit.client) {
      return Standing(suspect: suspect, scope: .shared, devices: match.devices)
    }
    return Standing(suspect: suspect, scope: .line, devices: 1)
  }

  /// Who a client is as long as attribution says nothing.
  package func suspect(client: ClientAddress, origin: ClientOrigin) -> Suspect {
    if !origin.device.isEmpty { return .device(origin.relay ?? client, origin.device) }
    // A forwarder's shorter prefix wins: what lies behind it is not known.
    let known = origin.prefixLength ?? 128
    return .address(client, prefixLength: client.isIPv4 ? known : min(known, ipv6PrefixLength))
  }

  private static func narrowest(
    _ list: [SharedPrefix], around address: ClientAddress
  ) -> SharedPrefix? {
    var best: SharedPrefix?
    for entry in list where entry.prefix.contains(address) {
      if entry.prefix.length > best?.prefix.length ?? -1 { best = entry }
    }
    return best
  }
}

/// Who a hit speaks of.
package struct Standing: Hashable, Sendable {
  /// The identity the evidence is kept under.
  package var suspect: Suspect
  /// How the address relates to the devices behind it.
  package var scope: InfectionRecord.Scope
  /// Devices behind it, about: `A` of the score; 1 for a line.
  package var devices: Int

  /// Makes a standing; every field is described at its property.
  package init(suspect: Suspect, scope: InfectionRecord.Scope, devices: Int) {
    self.suspect = suspect
    self.scope = scope
    self.devices = max(1, devices)
  }
}
