package import Addressing
package import DNSWire
package import ZoneRecords

/// Who may transfer a zone, and who is told of a new version.
package struct TransferAccess: Sendable, Equatable {
  /// Clients that may; empty leaves it to the keys.
  package var allow: [IPPrefix] = []
  /// TSIG keys of which one must sign the request; empty leaves it to the addresses.
  ///
  /// With both given, both must fit; with neither, nobody may.
  package var keys: [Name] = []
  /// Whom to tell of a new version (RFC 1996).
  package var notify: [NotifyTarget] = []

  /// Nobody may transfer, nobody is told.
  package init() {}

  /// Whether a client that signed with `key`, nil for none, may have the zone.
  package func allows(_ address: IPAddress, key: Name?) -> Bool {
    guard !(allow.isEmpty && keys.isEmpty) else { return false }
    if !allow.isEmpty, !allow.contains(where: { $0.contains(address) }) { return false }
    return keys.isEmpty || key.map(keys.contains) ?? false
  }
}

/// A secondary that is told of new versions.
package struct NotifyTarget: Sendable, Hashable {
  /// Its address and port.
  package var endpoint: SocketEndpoint
  /// The TSIG key that signs the message, nil for none.
  package var key: Name?

  /// Names a secondary.
  package init(endpoint: SocketEndpoint, key: Name? = nil) {
    self.endpoint = endpoint
    self.key = key
  }
}

/// A zone offered for transfer.
package struct TransferZone: Sendable {
  /// Where its versions come from.
  package var source: any TransferSource
  /// Who may have it.
  package var access: TransferAccess

  /// Offers `source` to those `access` names.
  package init(source: any TransferSource, access: TransferAccess) {
    self.source = source
    self.access = access
  }
}

/// All zones offered for transfer: an immutable snapshot, part of the serving state.
package struct TransferZones: Sendable {
  private let zones: [Name: TransferZone]

  /// Makes a snapshot; of two zones with one name the first counts.
  package init(_ zones: [TransferZone] = []) {
    self.zones = Dictionary(zones.map { ($0.source.apex, $0) }) { first, _ in first }
  }

  /// The zone with exactly this name.
  package subscript(apex: Name) -> TransferZone? { zones[apex] }

  /// All of them.
  package var all: [TransferZone] {
    zones.values.sorted { "\($0.source.apex)" < "\($1.source.apex)" }
  }
}
