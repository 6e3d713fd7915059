/// What is known of one client and one generator (family, variant, seed): a plain aggregate of
/// its hits, no judgement.
package struct Infection: Equatable, Sendable {
  /// Row number in the store.
  package let id: Int64
  /// Client address.
  package let client: ClientAddress
  /// Family id.
  package let family: String
  /// Variant within the family; may be empty.
  package let variant: String
  /// Seed label; may be empty.
  package let seed: String
  /// Model, feed or unknown.
  package let kind: Provenance.Kind
  /// Distinct listed names looked up.
  package let distinctNames: UInt64
  /// Lookups, repeats included.
  package let hits: UInt64
  /// First lookup, microseconds since 1970.
  package let firstMicroseconds: Int64
  /// Last lookup, microseconds since 1970.
  package let lastMicroseconds: Int64
  /// Query types seen, ascending.
  package let qtypes: [UInt16]
  /// Transports seen, in the order of their raw values.
  package let transports: [HitTransport]
  /// Source port of the last stored lookup.
  package let lastPort: UInt16
  /// Local address of the last stored lookup.
  package let lastServer: ClientAddress
  /// Local port of the last stored lookup.
  package let lastServerPort: UInt16
  /// Lookups whose transport verified the client's address.
  package let verifiedHits: UInt64
  /// What a forwarder or balancer told of the client, as of the last stored lookup.
  package var origin = ClientOrigin()

  /// Makes an infection from its parts; every field is described at its property.
  package init(
    id: Int64, client: ClientAddress, family: String, variant: String, seed: String,
    kind: Provenance.Kind, distinctNames: UInt64, hits: UInt64, firstMicroseconds: Int64,
    lastMicroseconds: Int64, qtypes: [UInt16], transports: [HitTransport], lastPort: UInt16,
    lastServer: ClientAddress, lastServerPort: UInt16, verifiedHits: UInt64
  ) {
    self.id = id
    self.client = client
    self.family = family
    self.variant = variant
    self.seed = seed
    self.kind = kind
    self.distinctNames = distinctNames
    self.hits = hits
    self.firstMicroseconds = firstMicroseconds
    self.lastMicroseconds = lastMicroseconds
    self.qtypes = qtypes
    self.transports = transports
    self.lastPort = lastPort
    self.lastServer = lastServer
    self.lastServerPort = lastServerPort
    self.verifiedHits = verifiedHits
  }
}
