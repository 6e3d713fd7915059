import DNSWire

/// Collects the records of a zone and, at the end, checks and compiles them.
struct ZoneBuilder {
  /// A record on its way into the zone.
  struct Record {
    var node: Int32
    var type: RRType
    /// The type that an RRSIG record covers, else 0: signatures stand together by that type.
    var covered: UInt16
    var ttl: UInt32
    /// Rdata in `rdata`.
    var offset: UInt32
    var length: UInt16
    var position: MasterFileParser.Position
  }

  /// Most octets of names or rdata: offsets have 32 bits.
  private static let maximumOctets = Int(UInt32.max) - 1 << 20

  let apex: Name
  private let apexLabels: Int
  private(set) var octets: [UInt8] = []
  private(set) var nodes: [ZoneNode] = []
  private(set) var owners: OwnerTable
  /// Owners of NSEC3 records: they are not names of the zone (RFC 5155 §7.2.8).
  private(set) var hashedOwners: OwnerTable
  private(set) var records: [Record] = []
  private(set) var rdata: [UInt8] = []

  init(apex: Name) {
    self.apex = apex
    apexLabels = apex.labelCount
    owners = OwnerTable(key: .random())
    hashedOwners = OwnerTable(key: .random())
    let node = append(apex.wire[...], labels: apexLabels, parent: ZoneNode.none)
    owners.insert(node, apex.canonical.span, from: 0)
  }

  /// Takes one record.
  mutating func add(
    _ record: ParsedRecord, at position: MasterFileParser.Position
  ) throws(MasterFileFault) {
    guard record.owner.isEqualOrBelow(apex) else {
      throw MasterFileFault(
        problem: "\(record.owner) is outside the zone",
        advice: "check $ORIGIN and final dots, or move the record to its own zone")
    }
    guard Self.isReadable(record.rdata, record.type) else {
      throw MasterFileFault(
        problem: "malformed \(record.type) data", advice: "correct the record")
    }
    guard octets.count + rdata.count + record.rdata.count < Self.maximumOctets else {
      throw MasterFileFault(problem: "the zone is too large", advice: "split it")
    }
    let covered =
      record.type == .rrsig ? record.rdata.prefix(2).reduce(0) { $0 << 8 | UInt16($1) } : 0
    let isHashed = record.type == .nsec3 || covered == RRType.nsec3.rawValue
    let node = isHashed ? try internHashed(record.owner) : intern(record.owner)
    records.append(
      Record(
        node: node, type: record.type, covered: covered, ttl: record.ttl,
        offset: UInt32(rdata.count), length: UInt16(clamping: record.rdata.count),
        position: position))
    rdata.append(contentsOf: record.rdata)
  }

  /// Whether the data has the form of its type, so that resolvers can read it.
  ///
  /// Data written as `\#` (RFC 3597) may hold anything, and of an NSEC3 hash with `=` in it libldns
  /// makes one that is shorter than the length octet before it says.
  private static func isReadable(_ rdata: [UInt8], _ type: RRType) -> Bool {
    var reader = WireReader(rdata.span)
    return (try? RData(type: type, reading: &reader)) != nil
  }

  // MARK: - Owners

  /// The node of a name in the zone; it and its ancestors are made if need be, ancestors first.
  private mutating func intern(_ name: Name) -> Int32 {
    let canonical = name.canonical
    if let known = owners.find(canonical.span, from: 0, nodes: nodes, octets: octets) {
      return known
    }
    let offsets = name.labelOffsets
    var parent = CompiledZone.apexNode
    for depth in (apexLabels + 1)..<(offsets.count + 1) {
      let start = offsets[offsets.count - depth]
      if let node = owners.find(canonical.span, from: start, nodes: nodes, octets: octets) {
        parent = node
        continue
      }
      let node = append(name.wire[start...], labels: depth, parent: parent)
      owners.insert(node, canonical.span, from: start)
      if name.wire[start...].starts(with: [1, UInt8(ascii: "*")]) {
        nodes[Int(parent)].wildcard = node
      }
      parent = node
    }
    return parent
  }

  private mutating func internHashed(_ name: Name) throws(MasterFileFault) -> Int32 {
    let canonical = name.canonical
    if let known = hashedOwners.find(canonical.span, from: 0, nodes: nodes, octets: octets) {
      return known
    }
    guard name.labelCount == apexLabels + 1, name.wire[0] == UInt8(NSEC3Hash.textOctets) else {
      throw MasterFileFault(
        problem: "\(name) cannot own an NSEC3 record", advice: "sign the zone again (RFC 5155 §3)")
    }
    let node = append(
      name.wire[...], labels: apexLabels + 1, parent: CompiledZone.apexNode)
    hashedOwners.insert(node, canonical.span, from: 0)
    return node
  }

  private mutating func append(
    _ name: ArraySlice<UInt8>, labels: Int, parent: Int32
  ) -> Int32 {
    let node = Int32(truncatingIfNeeded: nodes.count)
    nodes.append(
      ZoneNode(
        name: UInt32(octets.count), nameLength: UInt8(name.count), labels: UInt8(labels),
        parent: parent))
    octets.append(contentsOf: name)
    return node
  }
}
