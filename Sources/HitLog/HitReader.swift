import Evidence

/// Reads hits within one read transaction.
struct HitReader {
  private let connection: OpaquePointer
  private let decoder: HitDecoder

  init(_ connection: OpaquePointer) throws(HitStorageError) {
    self.connection = connection
    var decoder = HitDecoder()
    try decoder.learn(connection)
    self.decoder = decoder
  }

  // MARK: - Reading

  func read(_ query: HitQuery, _ body: (HitRow) -> Void) throws(HitStorageError) {
    guard let ids = try rowNumbers(query) else { return }
    let isLimited = query.limit != nil
    let statement = try prepare(query, ids: ids, newestFirst: isLimited)
    var newest: [HitRow] = []
    while try statement.step() {
      let row = decoder.decode(statement)
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
    var sql = HitDecoder.selection + " WHERE id BETWEEN ?1 AND ?2"
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
}
