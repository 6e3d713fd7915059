import DNSWire

/// What proves non-existence in a zone with NSEC3 records (RFC 5155 §7.2).
struct HashedDenial: Sendable {
  /// Most extra iterations: each costs time on the query thread, and validators take such zones as
  /// insecure anyway (RFC 9276 §3.2 allows 100 as a first limit; 150 was used in practice).
  static let maximumIterations = 150

  /// The NSEC3 records of one name: indices of nodes, or none.
  struct Proof: Sendable {
    /// Owns the record that matches the name.
    var matching = ZoneNode.none
    /// Owns the record that covers it.
    var covering = ZoneNode.none
    /// Owns the record that covers the wildcard below it.
    var coveringWildcard = ZoneNode.none
  }

  let salt: [UInt8]
  let iterations: Int
  /// Nodes that own NSEC3 records, by hash.
  private let order: [Int32]
  /// The proofs of each node, prepared at load.
  let proofs: [Proof]

  /// Nodes that own an NSEC3 record.
  static func owners(in parts: ZoneParts) -> [Int32] {
    parts.rrsets.filter { $0.type == .nsec3 }.map(\.node)
  }

  /// Prepares the proofs; nil when the zone has no NSEC3PARAM record at its apex.
  init?(_ parts: ZoneParts) throws(MasterFileFault) {
    guard let parameters = parts.rrset(.nsec3param, at: CompiledZone.apexNode) else { return nil }
    let rdata = Int(parts.rrsets[parameters].offset) + ZoneRRset.recordHeadOctets
    // RFC 5155 §4.2: algorithm, flags, iterations, salt length, salt.
    guard parts.octets[rdata] == 1 else { return nil }
    iterations = Int(parts.octets.big16(at: rdata + 2))
    guard iterations <= Self.maximumIterations else {
      throw MasterFileFault(
        problem: "\(iterations) NSEC3 iterations", advice: "sign the zone with 0 (RFC 9276 §3.1)")
    }
    salt = Array(parts.octets[rdata + 5..<rdata + 5 + Int(parts.octets[rdata + 4])])
    let nodes = parts.nodes
    let octets = parts.octets
    let hashed = Self.owners(in: parts)
    order = hashed.sorted {
      Self.label(nodes[Int($0)], octets).lexicographicallyPrecedes(
        Self.label(nodes[Int($1)], octets))
    }
    proofs = Self.proofs(parts, hashed: Set(hashed), order: order, salt, iterations)
  }

  private static func label(_ node: ZoneNode, _ octets: [UInt8]) -> [UInt8] {
    let start = Int(node.name) + 1
    return octets[start..<start + NSEC3Hash.textOctets].map(\.asciiLowercased)
  }

  private static func proofs(
    _ parts: ZoneParts, hashed: Set<Int32>, order: [Int32], _ salt: [UInt8], _ iterations: Int
  ) -> [Proof] {
    parts.nodes.indices.map { index in
      var proof = Proof()
      let node = parts.nodes[index]
      let isOccluded = node.cut >= 0 && Int(node.cut) != index
      guard !isOccluded, !hashed.contains(Int32(index)) else { return proof }
      let name = parts.name(Int32(index)).map(\.asciiLowercased)
      let hash = NSEC3Hash(name.span, from: 0, salt: salt, iterations: iterations)
      let found = find(hash, order, parts.nodes, parts.octets)
      if found.isExact { proof.matching = found.node } else { proof.covering = found.node }
      let wildcard = [1, UInt8(ascii: "*")] + name
      let wildcardHash = NSEC3Hash(wildcard.span, from: 0, salt: salt, iterations: iterations)
      let wildcardFound = find(wildcardHash, order, parts.nodes, parts.octets)
      if !wildcardFound.isExact { proof.coveringWildcard = wildcardFound.node }
      return proof
    }
  }

  /// The node whose NSEC3 record covers the name at `start` of `name`; none if one matches it.
  func covering(_ name: Span<UInt8>, from start: Int, in zone: borrowing CompiledZone) -> Int32 {
    let hash = NSEC3Hash(name, from: start, salt: salt, iterations: iterations)
    let found = Self.find(hash, order, zone.nodes, zone.octets)
    return found.isExact ? ZoneNode.none : found.node
  }

  /// The last owner whose hash is not greater; before the first one the last one covers.
  private static func find(
    _ hash: NSEC3Hash, _ order: [Int32], _ nodes: [ZoneNode], _ octets: [UInt8]
  ) -> ZoneLocation {
    var low = 0
    var high = order.count
    while low < high {
      let middle = (low + high) / 2
      let comparison = compare(nodes[Int(order[middle])], hash, octets)
      if comparison == 0 { return ZoneLocation(node: order[middle], isExact: true) }
      if comparison < 0 { low = middle + 1 } else { high = middle }
    }
    guard let last = order.last else { return ZoneLocation(node: ZoneNode.none, isExact: false) }
    return ZoneLocation(node: low == 0 ? last : order[low - 1], isExact: false)
  }

  private static func compare(_ node: ZoneNode, _ hash: NSEC3Hash, _ octets: [UInt8]) -> Int {
    let start = Int(node.name) + 1
    for index in 0..<NSEC3Hash.textOctets {
      let difference = Int(octets[start + index].asciiLowercased) - Int(hash.text[index])
      if difference != 0 { return difference }
    }
    return 0
  }
}
