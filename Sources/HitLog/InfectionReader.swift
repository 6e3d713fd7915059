import Evidence

/// Reads infections within one read transaction.
struct InfectionReader {
  private let connection: OpaquePointer

  init(_ connection: OpaquePointer) { self.connection = connection }

  func read(_ query: InfectionQuery) throws(HitStorageError) -> [Infection] {
    var sql = """
      SELECT i.id, i.client, g.family, g.variant, g.seed, g.kind, i.names, i.hits, i.verified,
        i.first, i.last, i.qtypes, i.transports, i.last_port, s.address, s.port,
        i.prefix, i.device, i.last_relay, i.last_relay_port
      FROM infections i JOIN generators g ON g.id = i.generator
      JOIN servers s ON s.id = i.last_server WHERE 1
      """
    if query.since != nil { sql += " AND i.last >= ?1" }
    if query.until != nil { sql += " AND i.first < ?2" }
    if query.client != nil { sql += " AND i.client = ?3" }
    if query.family != nil { sql += " AND g.family = ?4" }
    sql += " ORDER BY i.last DESC, i.id LIMIT ?5"
    let statement = try SQLStatement(connection, sql)
    if let since = query.since { statement.bind(1, since) }
    if let until = query.until { statement.bind(2, until) }
    if let client = query.client { statement.bind(3, copying: client.octets) }
    if let family = query.family { statement.bind(4, family) }
    statement.bind(5, query.limit.map { Int64(max(1, $0)) } ?? -1)
    var infections: [Infection] = []
    while try statement.step() { infections.append(decode(statement)) }
    return infections
  }

  private func decode(_ row: SQLStatement) -> Infection {
    let nowhere = ClientAddress(high: 0, low: 0)
    let transports = row.int(12)
    var infection = Infection(
      id: row.int(0), client: ClientAddress(octets: row.blob(1)) ?? nowhere,
      family: row.text(2), variant: row.text(3), seed: row.text(4),
      kind: Provenance.Kind(rawValue: UInt8(truncatingIfNeeded: row.int(5))) ?? .unknown,
      distinctNames: UInt64(max(0, row.int(6))), hits: UInt64(max(0, row.int(7))),
      firstMicroseconds: row.int(9), lastMicroseconds: row.int(10),
      qtypes: TypeSet.decode(row.blob(11)),
      transports: HitTransport.allCases.filter { transports >> Int64($0.rawValue) & 1 == 1 },
      lastPort: UInt16(truncatingIfNeeded: row.int(13)),
      lastServer: ClientAddress(octets: row.blob(14)) ?? nowhere,
      lastServerPort: UInt16(truncatingIfNeeded: row.int(15)),
      verifiedHits: UInt64(max(0, row.int(8))))
    infection.origin = ClientOrigin(
      prefix: row.int(16), device: row.blob(17), relay: row.blob(18), relayPort: row.int(19))
    return infection
  }
}
