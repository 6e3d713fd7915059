/// What the core needs of one stored hit for one family.
package struct Observation: Equatable, Sendable {
  /// One place of the name in the family's lists.
  package struct Origin: Equatable, Sendable {
    /// Variant and seed, as one text: `variant/seed`.
    package var generator: String
    /// Start of validity, seconds since 1970, inclusive; nil = always.
    package var validFrom: Int64?
    /// End of validity, exclusive; nil = never.
    package var validTo: Int64?
    /// Place in the list; nil = none.
    package var ordinal: UInt32?

    /// Makes an origin from its parts.
    package init(generator: String, validFrom: Int64?, validTo: Int64?, ordinal: UInt32?) {
      self.generator = generator
      self.validFrom = validFrom
      self.validTo = validTo
      self.ordinal = ordinal
    }
  }

  /// What kinds of query types a lookup has; a set because lookups of one name add up.
  package struct QueryKinds: OptionSet, Hashable, Sendable {
    /// The bits.
    package let rawValue: UInt8
    /// Takes bits.
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    /// A or AAAA: what a bot asks for.
    package static let address = QueryKinds(rawValue: 1)
    /// HTTPS or SVCB (RFC 9460): what browsers ask for beside the address.
    package static let service = QueryKinds(rawValue: 2)
    /// Anything else (MX, TXT, NS, SOA, ANY …): what relays and analysts ask for.
    package static let other = QueryKinds(rawValue: 4)
    /// All kinds there are.
    package static let all: QueryKinds = [.address, .service, .other]

    /// The kind of a query type.
    package init(qtype: UInt16) {
      switch qtype {
      case 1, 28: self = .address
      case 64, 65: self = .service
      default: self = .other
      }
    }
  }

  /// Number of the hit it comes from; grows.
  package var hit: Int64
  /// Family id.
  package var family: String
  /// Places of the name in the family's lists: the fittest of each seed, never empty, at most
  /// `maximumOrigins`.
  package var origins: [Origin]
  /// The listed name, wire form, lower case.
  package var name: [UInt8]
  /// First lookup, microseconds since 1970.
  package var firstMicroseconds: Int64
  /// Last lookup, microseconds since 1970, not before the first.
  package var lastMicroseconds: Int64
  /// Lookups, at least 1.
  package var count: UInt64
  /// What was asked for.
  package var kinds: QueryKinds
  /// Whether the transport verified the client's address.
  package var isVerified: Bool
  /// Whether it was answered TC=1, to be verified.
  package var wasChallenged: Bool
  /// What was answered.
  package var action: HitAction

  /// Most places of one name that are looked at.
  package static let maximumOrigins = 8

  /// Makes an observation; every field is described at its property.
  package init(
    hit: Int64, family: String, origins: [Origin], name: [UInt8], firstMicroseconds: Int64,
    lastMicroseconds: Int64, count: UInt64 = 1, kinds: QueryKinds = .address,
    isVerified: Bool, wasChallenged: Bool = false, action: HitAction = .sinkhole
  ) {
    self.hit = hit
    self.family = family
    self.origins = origins
    self.name = name
    self.firstMicroseconds = firstMicroseconds
    self.lastMicroseconds = max(firstMicroseconds, lastMicroseconds)
    self.count = max(1, count)
    self.kinds = kinds
    self.isVerified = isVerified
    self.wasChallenged = wasChallenged
    self.action = action
  }
}

// MARK: - From a stored hit

extension Observation {
  /// One observation for each family that makes the name; none for a hit whose answer was
  /// `colliding` (it only feeds the learning of collisions) or whose family is not known any more.
  package static func read(_ hit: HitRow) -> [Observation] {
    guard hit.action != .colliding else { return [] }
    var observations: [Observation] = []
    for match in hit.matches where match.provenance.kind != .unknown {
      let origin = Origin(match)
      if let index = observations.firstIndex(where: { $0.family == match.provenance.family }) {
        observations[index].consider(origin)
      } else {
        observations.append(Observation(hit, family: match.provenance.family, origin: origin))
      }
    }
    return observations
  }

  private init(_ hit: HitRow, family: String, origin: Origin) {
    self.init(
      hit: hit.id, family: family, origins: [origin], name: ListedName.wire(of: hit),
      firstMicroseconds: hit.firstMicroseconds, lastMicroseconds: hit.lastMicroseconds,
      count: hit.count, kinds: QueryKinds(qtype: hit.qtype), isVerified: hit.isVerified,
      wasChallenged: hit.wasChallenged, action: hit.action)
  }

  /// Of several periods of one seed, the one nearest to the lookup explains it best.
  private mutating func consider(_ origin: Origin) {
    let seconds = firstMicroseconds / UTCTime.microsecondsPerSecond
    if let index = origins.firstIndex(where: { $0.generator == origin.generator }) {
      if origin.distance(at: seconds) < origins[index].distance(at: seconds) {
        origins[index] = origin
      }
    } else if origins.count < Self.maximumOrigins {
      origins.append(origin)
    }
  }
}

extension Observation.Origin {
  /// The place an index match names.
  init(_ match: ProvenanceMatch) {
    let provenance = match.provenance
    self.init(
      generator: provenance.variant + "/" + provenance.seed, validFrom: provenance.validFrom,
      validTo: provenance.validTo, ordinal: match.ordinal)
  }

  /// The variant, without the seed.
  package var variant: Substring { generator.prefix { $0 != "/" } }

  /// Seconds between an instant and the validity; 0 inside.
  func distance(at seconds: Int64) -> Int64 {
    if let validFrom, seconds < validFrom { return validFrom &- seconds }
    if let validTo, seconds >= validTo { return seconds &- validTo &+ 1 }
    return 0
  }
}

/// Wire forms of listed names.
package enum ListedName {
  /// Longest name on the wire (RFC 1035 §2.3.4).
  package static let maximumLength = 255

  /// The listed part of a hit's name, lower case, cut at the longest a name can be.
  package static func wire(of hit: HitRow) -> [UInt8] {
    lowercased(hit.qnameWire.dropFirst(hit.matchedOffset).prefix(maximumLength))
  }

  /// ASCII letters in lower case; length octets are at most 63 and so never letters.
  package static func lowercased(_ wire: some Collection<UInt8>) -> [UInt8] {
    wire.map { (65...90).contains($0) ? $0 | 0x20 : $0 }
  }

  /// A key of a name that is the same in every run and on every machine (FNV-1a, 64 bits, then
  /// mixed): it selects table slots and counts distinct names, it protects nothing.
  package static func key(_ wire: some Collection<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for octet in wire { hash = (hash ^ UInt64(octet)) &* 0x100_0000_01b3 }
    // FNV's high bits are poor on short input; the finaliser of MurmurHash3 spreads them.
    hash = (hash ^ hash >> 33) &* 0xff51_afd7_ed55_8ccd
    hash = (hash ^ hash >> 33) &* 0xc4ce_b9fe_1a85_ec53
    return hash ^ hash >> 33
  }
}
