/// How a query came in; the raw values are those of the hit ring.
package enum HitTransport: UInt8, Sendable, CaseIterable {
  /// DNS over UDP.
  case udp = 0
  /// DNS over TCP (RFC 7766).
  case tcp = 1
  /// DNS over TLS (RFC 7858).
  case dot = 2
  /// DNS over HTTPS (RFC 8484).
  case doh = 3

  /// `udp`, `tcp`, `dot` or `doh`.
  package var name: String {
    switch self {
    case .udp: "udp"
    case .tcp: "tcp"
    case .dot: "dot"
    case .doh: "doh"
    }
  }
}

/// What the resolver did with a listed name; the raw values are those of the hit ring.
package enum HitAction: UInt8, Sendable, CaseIterable {
  /// Answered with the sinkhole's addresses.
  case sinkhole = 1
  /// Answered NXDOMAIN.
  case nxdomain = 2
  /// Resolved normally, only recorded.
  case observe = 3
  /// Resolved normally because the name is also a legitimate one.
  case colliding = 4

  /// `sinkhole`, `nxdomain`, `observe` or `colliding`.
  package var name: String {
    switch self {
    case .sinkhole: "sinkhole"
    case .nxdomain: "nxdomain"
    case .observe: "observe"
    case .colliding: "colliding"
    }
  }
}

/// Where a listed name comes from: the generator, its seed and the interval it is valid in.
package struct Provenance: Hashable, Sendable {
  /// Whether a model computed the name or a feed named it.
  package enum Kind: UInt8, Sendable {
    /// A built-in or seeded model.
    case model = 0
    /// A domain feed.
    case feed = 1
    /// The index could no longer say (its generation is gone).
    case unknown = 2

    /// `model`, `feed` or `unknown`.
    package var name: String {
      switch self {
      case .model: "model"
      case .feed: "feed"
      case .unknown: "unknown"
      }
    }
  }

  /// Family id, lower case (`conficker`); `unknown` when the index could not say.
  package let family: String
  /// Variant within the family; may be empty.
  package let variant: String
  /// Seed label; may be empty.
  package let seed: String
  /// Model or feed.
  package let kind: Kind
  /// Start of validity, seconds since 1970, inclusive; nil = always.
  package let validFrom: Int64?
  /// End of validity, seconds since 1970, exclusive; nil = never.
  package let validTo: Int64?

  /// Makes a provenance from its parts.
  package init(
    family: String, variant: String, seed: String, kind: Kind, validFrom: Int64?, validTo: Int64?
  ) {
    self.family = family
    self.variant = variant
    self.seed = seed
    self.kind = kind
    self.validFrom = validFrom
    self.validTo = validTo
  }

  /// The family under which hits of a vanished index generation are kept.
  package static let unknown = Provenance(
    family: "unknown", variant: "", seed: "", kind: .unknown, validFrom: nil, validTo: nil)
}

/// One generator that produces a name, and the name's place in its list.
package struct ProvenanceMatch: Hashable, Sendable {
  /// Generator, seed and validity.
  package let provenance: Provenance
  /// Place of the name in the list of that generator and period, from 0; nil when it has none.
  ///
  /// Different names of one (family, variant, seed, valid-from) must have different ordinals:
  /// distinct names of an infection are counted by them.
  package let ordinal: UInt32?

  /// Makes a match from its parts.
  package init(provenance: Provenance, ordinal: UInt32?) {
    self.provenance = provenance
    self.ordinal = ordinal
  }
}

/// A stored hit: one lookup of a listed name, or several equal ones folded into a count.
package struct HitRow: Equatable, Sendable {
  /// Row number in the store: grows in storing order, never used twice.
  package let id: Int64
  /// First lookup, microseconds since 1970.
  package let firstMicroseconds: Int64
  /// Last lookup folded into this row; equals the first when `count` is 1.
  package let lastMicroseconds: Int64
  /// Lookups this row stands for, at least 1.
  package let count: UInt64
  /// Client address as the server (or PROXYv2) saw it.
  package let client: ClientAddress
  /// Source port of the first lookup.
  package let clientPort: UInt16
  /// Local address asked.
  package let server: ClientAddress
  /// Local port asked.
  package let serverPort: UInt16
  /// Transport of the lookup.
  package let transport: HitTransport
  /// Whether the transport verified the client's address.
  package let isVerified: Bool
  /// Whether it was answered TC=1: a client that is real has another hit, verified, right after.
  package var wasChallenged = false
  /// Queried name of the first lookup: wire form, the client's letter case.
  package let qnameWire: [UInt8]
  /// Octet of `qnameWire` at which the listed name starts.
  package let matchedOffset: Int
  /// Query type.
  package let qtype: UInt16
  /// What was answered.
  package let action: HitAction
  /// Generators that produce the name, first the one the index names first; never empty.
  package let matches: [ProvenanceMatch]
  /// Index generation and payload, kept when the generation could no longer explain the payload.
  package let unresolved: UnresolvedMatch?

  /// What a forwarder or balancer told of the client; nothing for one that asked by itself.
  package var origin = ClientOrigin()

  /// What is left of a hit whose index generation was gone when it was stored.
  package struct UnresolvedMatch: Hashable, Sendable {
    /// Identity of the index generation.
    package let generation: UInt64
    /// The index's payload for the name.
    package let payload: UInt64

    /// Makes the pair.
    package init(generation: UInt64, payload: UInt64) {
      self.generation = generation
      self.payload = payload
    }
  }

  /// Makes a row from its parts; every field is described at its property.
  package init(
    id: Int64, firstMicroseconds: Int64, lastMicroseconds: Int64, count: UInt64,
    client: ClientAddress, clientPort: UInt16, server: ClientAddress, serverPort: UInt16,
    transport: HitTransport, isVerified: Bool, qnameWire: [UInt8], matchedOffset: Int,
    qtype: UInt16, action: HitAction, matches: [ProvenanceMatch], unresolved: UnresolvedMatch?
  ) {
    self.id = id
    self.firstMicroseconds = firstMicroseconds
    self.lastMicroseconds = lastMicroseconds
    self.count = count
    self.client = client
    self.clientPort = clientPort
    self.server = server
    self.serverPort = serverPort
    self.transport = transport
    self.isVerified = isVerified
    self.qnameWire = qnameWire
    self.matchedOffset = matchedOffset
    self.qtype = qtype
    self.action = action
    self.matches = matches
    self.unresolved = unresolved
  }

  /// Queried name, presentation form, lower case, no final dot.
  package var qname: String { NameText.presentation(qnameWire, lowercased: true) }

  /// Queried name as the client spelled it (0x20 mixing kept), presentation form.
  package var qnameRaw: String { NameText.presentation(qnameWire, lowercased: false) }

  /// The listed name that matched (the queried one or a parent of it), lower case.
  package var matchedName: String {
    NameText.presentation(qnameWire.dropFirst(matchedOffset), lowercased: true)
  }

  /// The match the index names first.
  package var primary: ProvenanceMatch {
    matches.first ?? ProvenanceMatch(provenance: .unknown, ordinal: nil)
  }
}
