import DNSWire

/// The arrays of a zone while they are being filled.
struct ZoneParts {
  var octets: [UInt8]
  var nodes: [ZoneNode]
  var owners: OwnerTable
  var rrsets: [ZoneRRset] = []
  var targets: [NameTarget] = []
  var canonicalOrder: [Int32] = []
  var soa = -1
  var serial: UInt32 = 0
  var negativeTTL: UInt32 = 0
  var isSigned = false
  var hashedDenial: HashedDenial?
  var recordCount = 0
  /// Where the first record of each RRset stands, for error messages.
  var positions: [MasterFileParser.Position] = []
  /// Nodes that only own NSEC3 records.
  var hashedNodes: [Int32] = []

  init(_ builder: borrowing ZoneBuilder) {
    octets = builder.octets
    nodes = builder.nodes
    owners = builder.owners
  }

  /// The uncompressed name of a node.
  func name(_ node: Int32) -> [UInt8] {
    let owner = nodes[Int(node)]
    return Array(octets[Int(owner.name)..<Int(owner.name) + Int(owner.nameLength)])
  }

  /// The RRsets of a node.
  func rrsetIndices(_ node: Int32) -> Range<Int> {
    let owner = nodes[Int(node)]
    return Int(owner.firstRRset)..<Int(owner.firstRRset) + Int(owner.rrsetCount)
  }

  /// The RRset of `type` at `node`.
  func rrset(_ type: RRType, at node: Int32) -> Int? {
    rrsetIndices(node).first { rrsets[$0].type == type }
  }
}
