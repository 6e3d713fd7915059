/// What one episode did on one UTC day: the part of its record that is not the score.
///
/// Bounded in size whatever comes: ten lookups as examples, distinct names by a sketch, the rest
/// are counters. A fold over hits: the order of batches does not matter.
package struct DaySummary: Equatable, Sendable {
  /// One lookup that is kept as an example.
  package struct Lookup: Equatable, Sendable {
    /// Instant, microseconds since 1970.
    package var microseconds: Int64
    /// Queried name, wire form, the client's letter case.
    package var qname: [UInt8]
    /// Octet of `qname` at which the listed name starts.
    package var matchedOffset: Int
    /// Query type.
    package var qtype: UInt16
    /// Source port.
    package var port: UInt16
    /// Transport.
    package var transport: HitTransport
    /// What was answered.
    package var action: HitAction
    /// Start of the listed name's validity, seconds since 1970; nil = always.
    package var validFrom: Int64?
    /// End of its validity, exclusive; nil = never.
    package var validTo: Int64?
    /// Place in the generator's list.
    package var ordinal: UInt32?
  }

  /// Days since 1970-01-01.
  package let day: Int64
  /// First lookup, microseconds since 1970.
  package var first: Int64 = .max
  /// Last lookup, microseconds since 1970.
  package var last: Int64 = .min
  /// Lookups that were not answered TC=1.
  package var answered: UInt64 = 0
  /// Lookups that were answered TC=1, to be verified.
  package var challenged: UInt64 = 0
  /// Lookups whose transport verified the client's address.
  package var verified: UInt64 = 0
  /// Distinct listed names.
  package var names = DistinctNames()
  /// The first of each distinct name, at most `InfectionRecord.maximumLookups`, the earliest first.
  package var lookups: [Lookup] = []
  /// Client address of the first lookup.
  package var client = ClientAddress(high: 0, low: 0)
  /// What a forwarder or balancer told of it.
  package var origin = ClientOrigin()
  /// Source port of the first lookup.
  package var port: UInt16 = 0
  /// Transport of the first lookup.
  package var transport = HitTransport.udp
  /// Address that was asked first.
  package var server = ClientAddress(high: 0, low: 0)
  /// Port that was asked first.
  package var serverPort: UInt16 = 0
  /// Variant of the family that the first lookup's name belongs to; may be empty.
  package var variant = ""
  /// Seed of the first lookup's name; may be empty.
  package var seed = ""
  /// Model or feed.
  package var kind = Provenance.Kind.model
  /// What attribution said of the first lookup; nil when it was not asked.
  package var subscriber: InfectionRecord.Subscriber?

  /// A day without lookups.
  package init(day: Int64) { self.day = day }

  /// Lookups, repeats included; a challenged one and the verified one it brought about are one.
  package var count: UInt64 { answered &+ challenged - min(challenged, verified) }

  /// Adds a hit of the family.
  ///
  /// Lookups in shadow mode (`observe`) are evidence, but nothing is told of them.
  /// - Parameter subscriber: what attribution said of this hit.
  package mutating func add(
    _ hit: HitRow, family: String, subscriber: InfectionRecord.Subscriber? = nil
  ) {
    guard hit.action != .observe, hit.action != .colliding else { return }
    if hit.firstMicroseconds < first { begin(with: hit, family: family, subscriber: subscriber) }
    last = max(last, hit.lastMicroseconds)
    if hit.wasChallenged { challenged &+= hit.count } else { answered &+= hit.count }
    if hit.isVerified { verified &+= hit.count }
    let name = ListedName.wire(of: hit)
    guard names.add(ListedName.key(name)), lookups.count < InfectionRecord.maximumLookups,
      !lookups.contains(where: { ListedName.wire($0.qname, from: $0.matchedOffset) == name })
    else { return }
    lookups.append(Lookup(hit, Self.match(of: hit, family: family)))
  }

  private mutating func begin(
    with hit: HitRow, family: String, subscriber: InfectionRecord.Subscriber?
  ) {
    first = hit.firstMicroseconds
    client = hit.client
    origin = hit.origin
    port = hit.clientPort
    transport = hit.transport
    server = hit.server
    serverPort = hit.serverPort
    let provenance = Self.match(of: hit, family: family).provenance
    variant = provenance.variant
    seed = provenance.seed
    kind = provenance.kind
    self.subscriber = subscriber
  }

  private static func match(of hit: HitRow, family: String) -> ProvenanceMatch {
    hit.matches.first { $0.provenance.family == family } ?? hit.primary
  }
}

extension DaySummary.Lookup {
  fileprivate init(_ hit: HitRow, _ match: ProvenanceMatch) {
    self.init(
      microseconds: hit.firstMicroseconds, qname: hit.qnameWire,
      matchedOffset: hit.matchedOffset, qtype: hit.qtype, port: hit.clientPort,
      transport: hit.transport, action: hit.action, validFrom: match.provenance.validFrom,
      validTo: match.provenance.validTo, ordinal: match.ordinal)
  }

  /// The lookup as records show it.
  package var shown: InfectionRecord.Lookup {
    InfectionRecord.Lookup(
      microseconds: microseconds, qname: NameText.presentation(qname, lowercased: true),
      listedName: NameText.presentation(qname.dropFirst(matchedOffset), lowercased: true),
      qtype: NameText.type(qtype), port: port, transport: transport.name, action: action.name,
      validFrom: validFrom, validTo: validTo, ordinal: ordinal)
  }
}

extension ListedName {
  /// The listed part of a queried name, lower case.
  static func wire(_ qname: [UInt8], from offset: Int) -> [UInt8] {
    lowercased(qname.dropFirst(offset).prefix(maximumLength))
  }
}
