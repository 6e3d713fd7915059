import DNSWire

/// A name of a zone: one that owns records, or one between such a name and the apex.
struct ZoneNode {
  /// Marks the lack of a node or RRset in the 32-bit fields below.
  static let none: Int32 = -1

  /// Offset of the uncompressed owner name in the zone's octets.
  var name: UInt32
  /// Octets of that name.
  var nameLength: UInt8
  /// Labels of that name, the root label not counted.
  var labels: UInt8
  /// Whether NS records here delegate the names from here down.
  var isDelegation = false
  /// Whether a DNAME record redirects the names below.
  var isDNAME = false
  /// The name one label up; none for the apex.
  var parent: Int32
  /// The child whose label is `*` (RFC 4592 §2.1.1).
  var wildcard = Self.none
  /// The topmost delegation at or above this name.
  var cut = Self.none
  /// The node whose NSEC record is this name's, or covers it.
  var denial = Self.none
  /// The node whose NSEC record covers the missing wildcard below this name.
  var wildcardDenial = Self.none
  /// This name's first RRset.
  var firstRRset: UInt32 = 0
  /// This name's RRsets, in the order of their types.
  var rrsetCount: UInt16 = 0
}

/// An RRset: its records stand one behind the other, each as TTL, rdata length and rdata, which is
/// how the end of a record looks on the wire.
struct ZoneRRset {
  /// TTL and rdata length.
  static let recordHeadOctets = 6

  var type: RRType
  var count: UInt16
  /// Offset of the first record in the zone's octets.
  var offset: UInt32
  /// The owner.
  var node: Int32
  /// First of the names in the rdata, in the zone's targets.
  var firstTarget: UInt32 = 0
  /// Names in each record's rdata that are in the zone's targets: 0 to 2.
  var targetsPerRecord: UInt8 = 0
  /// Offset and number of the RRSIG records that cover this RRset.
  var signatureOffset: UInt32 = 0
  var signatureCount: UInt16 = 0
  var ttl: UInt32
}

/// A name in rdata.
struct NameTarget {
  /// The longest part of the name that is a node of the zone; none for a name outside it.
  var node: Int32
  /// Octets of the name in front of that part.
  var prefix: UInt8
  /// Octets of the name, uncompressed.
  var length: UInt8
}

/// Where a name stands in a zone.
struct ZoneLocation {
  /// The name itself, or its closest encloser (RFC 4592 §3.3.1).
  var node: Int32
  /// Whether it is the name itself.
  var isExact: Bool
}

/// A zone that many threads read.
final class LoadedZone: Sendable {
  let data: CompiledZone
  /// Whether this only holds the place of a zone of which there is no data to serve.
  let isUnavailable: Bool

  init(_ data: consuming CompiledZone, isUnavailable: Bool = false) {
    self.data = data
    self.isUnavailable = isUnavailable
  }
}

/// A zone in the form in which it is served: flat, immutable arrays.
///
/// It cannot be copied, so that no query touches the reference counts of its arrays, which all
/// threads share.
struct CompiledZone: ~Copyable, Sendable {
  /// The node of the apex.
  static let apexNode: Int32 = 0

  let apex: Name
  let apexLabels: Int
  let octets: [UInt8]
  let nodes: [ZoneNode]
  let rrsets: [ZoneRRset]
  let targets: [NameTarget]
  let owners: OwnerTable
  /// Nodes in canonical order (RFC 4034 §6.1), empty unless the zone has NSEC records.
  let canonicalOrder: [Int32]
  /// The SOA RRset.
  let soa: Int
  let serial: UInt32
  /// TTL of the SOA record in negative answers (RFC 2308 §3).
  let negativeTTL: UInt32
  /// Whether DNSSEC records are added for clients that want them.
  let isSigned: Bool
  /// Hashed denial, nil unless the zone has NSEC3 records and their parameters.
  let hashedDenial: HashedDenial?
  let recordCount: Int

  init(_ parts: ZoneParts, apex: Name) {
    self.apex = apex
    apexLabels = apex.labelCount
    octets = parts.octets
    nodes = parts.nodes
    rrsets = parts.rrsets
    targets = parts.targets
    owners = parts.owners
    canonicalOrder = parts.canonicalOrder
    soa = parts.soa
    serial = parts.serial
    negativeTTL = parts.negativeTTL
    isSigned = parts.isSigned
    hashedDenial = parts.hashedDenial
    recordCount = parts.recordCount
  }

  /// Finds a name that is the apex or stands below it.
  ///
  /// Every ancestor of a node is a node, so the closest encloser is found by halving: at most eight
  /// probes for any name.
  func locate(_ name: borrowing NameBuffer) -> ZoneLocation {
    let bytes = name.canonicalBytes
    if let node = owners.find(bytes, from: 0, nodes: nodes, octets: octets) {
      return ZoneLocation(node: node, isExact: true)
    }
    var found = Self.apexNode
    var low = apexLabels
    var high = name.labelCount - 1
    while low < high {
      let middle = (low + high + 1) / 2
      let start = name.labelOffset(name.labelCount - middle)
      if let node = owners.find(bytes, from: start, nodes: nodes, octets: octets) {
        found = node
        low = middle
      } else {
        high = middle - 1
      }
    }
    return ZoneLocation(node: found, isExact: false)
  }

  /// The RRset of `type` at `node`.
  func rrset(_ type: RRType, at node: Int32) -> Int? {
    let owner = nodes[Int(node)]
    let first = Int(owner.firstRRset)
    for index in first..<first + Int(owner.rrsetCount) where rrsets[index].type == type {
      return index
    }
    return nil
  }
}
