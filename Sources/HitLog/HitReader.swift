import Evidence

/// Reads hits within one read transaction.
struct HitReader {
  private let connection: OpaquePointer
  private let provenances: [Int64: Provenance]
  private let servers: [Int64: (ClientAddress, UInt16)]

  init(_ connection: OpaquePointer) throws(HitStorageError) {
    self.connection = connection
    provenances = try Self.loadProvenances(connection)
    servers = try Self.loadServers(connection)
  }

  // MARK: - Reading

  func read(_ query: HitQuery, _ body: (HitRow) -> Void) throws(HitStorageError) {
    guard let ids = try rowNumbers(query) else { return }
    let isLimited = query.limit != nil
    let statement = try prepare(query, ids: ids, newestFirst: isLimited)
    var newest: [HitRow] = []
    while try statement.step() {
      let row = decode(statement)
      if let family = query.family,
        !row.matches.contains(where: { $0.provenance.family == family })
      {
        continue
      }
      if !isLimited {
        body(row)
        continue
      }
      newest.append(row)
      if newest.count >= max(1, query.limit ?? 1) { break }
    }
    statement.reset()
    for row in newest.reversed() { body(row) }
  }

  /// The span of row numbers whose minutes touch the query's interval.
  private func rowNumbers(_ query: HitQuery) throws(HitStorageError) -> ClosedRange<Int64>? {
    let statement = try SQLStatement(
      connection,
      """
      SELECT min(first), max(last) FROM hit_minutes
      WHERE minute >= ifnull(?1, minute) AND minute <= ifnull(?2, minute)
      """)
    statement.bind(1, query.since.map { $0 / 60_000_000 })
    statement.bind(2, query.until.map { $0 / 60_000_000 })
    guard try statement.step(), let first = statement.optionalInt(0),
      let last = statement.optionalInt(1)
    else { return nil }
    return first...last
  }

  private func prepare(
    _ query: HitQuery, ids: ClosedRange<Int64>, newestFirst: Bool
  ) throws(HitStorageError) -> SQLStatement {
    var sql = """
      SELECT id, time, span, count, client, port, server, how, qtype, qname, matched,
        provenance, ordinal, more FROM hits WHERE id BETWEEN ?1 AND ?2
      """
    if query.since != nil { sql += " AND time + span >= ?3" }
    if query.until != nil { sql += " AND time < ?4" }
    if query.client != nil { sql += " AND client = ?5" }
    if query.family != nil {
      sql += """
         AND (more IS NOT NULL OR provenance IN (SELECT p.id FROM provenance p
        JOIN generators g ON g.id = p.generator WHERE g.family = ?6))
        """
    }
    sql += newestFirst ? " ORDER BY id DESC" : " ORDER BY id"
    let statement = try SQLStatement(connection, sql)
    statement.bind(1, ids.lowerBound)
    statement.bind(2, ids.upperBound)
    if let since = query.since { statement.bind(3, since) }
    if let until = query.until { statement.bind(4, until) }
    if let client = query.client { statement.bind(5, copying: client.octets) }
    if let family = query.family { statement.bind(6, family) }
    return statement
  }

  // MARK: - Decoding

  private func decode(_ row: SQLStatement) -> HitRow {
    let how = row.int(7)
    let (further, unresolved) = MoreBlob.decode(row.blob(13))
    let first = ProvenanceMatch(
      provenance: provenances[row.int(11)] ?? .unknown,
      ordinal: row.optionalInt(12).map { UInt32(truncatingIfNeeded: $0) })
    let matches = further.map {
      ProvenanceMatch(provenance: provenances[$0.provenance] ?? .unknown, ordinal: $0.ordinal)
    }
    let server = servers[row.int(6)]
    return HitRow(
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
  }

  private static func loadProvenances(
    _ connection: OpaquePointer
  ) throws(HitStorageError) -> [Int64: Provenance] {
    let rows = try SQLStatement(
      connection,
      """
      SELECT p.id, g.family, g.variant, g.seed, g.kind, p.valid_from, p.valid_to
      FROM provenance p JOIN generators g ON g.id = p.generator
      """)
    var provenances: [Int64: Provenance] = [:]
    while try rows.step() {
      provenances[rows.int(0)] = Provenance(
        family: rows.text(1), variant: rows.text(2), seed: rows.text(3),
        kind: Provenance.Kind(rawValue: UInt8(truncatingIfNeeded: rows.int(4))) ?? .unknown,
        validFrom: rows.optionalInt(5), validTo: rows.optionalInt(6))
    }
    return provenances
  }

  private static func loadServers(
    _ connection: OpaquePointer
  ) throws(HitStorageError) -> [Int64: (ClientAddress, UInt16)] {
    let rows = try SQLStatement(connection, "SELECT id, address, port FROM servers")
    var servers: [Int64: (ClientAddress, UInt16)] = [:]
    while try rows.step() {
      guard let address = ClientAddress(octets: rows.blob(1)) else { continue }
      servers[rows.int(0)] = (address, UInt16(truncatingIfNeeded: rows.int(2)))
    }
    return servers
  }
}
