import Evidence

/// Makes hits of rows; remembers what the numbers in them stand for.
struct HitDecoder {
  /// The columns that `decode` reads, in its order.
  static let selection = """
    SELECT id, time, span, count, client, port, server, how, qtype, qname, matched,
      provenance, ordinal, more, prefix, device, relay, relay_port FROM hits
    """

  private var provenances: [Int64: Provenance] = [:]
  private var newestProvenance: Int64 = 0
  private var servers: [Int64: (ClientAddress, UInt16)] = [:]
  private var newestServer: Int64 = 0

  /// Learns what came since the last time; rows of these tables are only ever added.
  mutating func learn(_ connection: OpaquePointer) throws(HitStorageError) {
    try learnProvenances(connection)
    try learnServers(connection)
  }

  /// The hit of the statement's present row.
  func decode(_ row: SQLStatement) -> HitRow {
    let how = row.int(7)
    let (further, unresolved) = MoreBlob.decode(row.blob(13))
    let first = ProvenanceMatch(
      provenance: provenances[row.int(11)] ?? .unknown,
      ordinal: row.optionalInt(12).map { UInt32(truncatingIfNeeded: $0) })
    let matches = further.map {
      ProvenanceMatch(provenance: provenances[$0.provenance] ?? .unknown, ordinal: $0.ordinal)
    }
    let server = servers[row.int(6)]
    var hit = HitRow(
      id: row.int(0), firstMicroseconds: row.int(1), lastMicroseconds: row.int(1) + row.int(2),
      count: UInt64(max(1, row.int(3))),
      client: ClientAddress(octets: row.blob(4)) ?? ClientAddress(high: 0, low: 0),
      clientPort: UInt16(truncatingIfNeeded: row.int(5)),
      server: server?.0 ?? ClientAddress(high: 0, low: 0), serverPort: server?.1 ?? 0,
      transport: HitTransport(rawValue: UInt8(truncatingIfNeeded: how)) ?? .udp,
      isVerified: how >> 16 & Int64(HitEvent.addressVerified) != 0, qnameWire: row.blob(9),
      matchedOffset: Int(row.int(10)), qtype: UInt16(truncatingIfNeeded: row.int(8)),
      action: HitAction(rawValue: UInt8(truncatingIfNeeded: how >> 8)) ?? .observe,
      matches: [first] + matches, unresolved: unresolved)
    hit.origin = ClientOrigin(
      prefix: row.int(14), device: row.blob(15), relay: row.blob(16), relayPort: row.int(17))
    hit.wasChallenged = how >> 16 & Int64(HitEvent.challenged) != 0
    return hit
  }

  private mutating func learnProvenances(_ connection: OpaquePointer) throws(HitStorageError) {
    let rows = try SQLStatement(
      connection,
      """
      SELECT p.id, g.family, g.variant, g.seed, g.kind, p.valid_from, p.valid_to
      FROM provenance p JOIN generators g ON g.id = p.generator WHERE p.id > ?
      """)
    rows.bind(1, newestProvenance)
    while try rows.step() {
      newestProvenance = max(newestProvenance, rows.int(0))
      provenances[rows.int(0)] = Provenance(
        family: rows.text(1), variant: rows.text(2), seed: rows.text(3),
        kind: Provenance.Kind(rawValue: UInt8(truncatingIfNeeded: rows.int(4))) ?? .unknown,
        validFrom: rows.optionalInt(5), validTo: rows.optionalInt(6))
    }
  }

  private mutating func learnServers(_ connection: OpaquePointer) throws(HitStorageError) {
    let rows = try SQLStatement(connection, "SELECT id, address, port FROM servers WHERE id > ?")
    rows.bind(1, newestServer)
    while try rows.step() {
      newestServer = max(newestServer, rows.int(0))
      guard let address = ClientAddress(octets: rows.blob(1)) else { continue }
      servers[rows.int(0)] = (address, UInt16(truncatingIfNeeded: rows.int(2)))
    }
  }
}
