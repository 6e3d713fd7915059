internal import Evidence
internal import HitLog

/// The outbox: what delivery reads, in the order in which it became known.
extension EvidenceDatabase {
  /// Adds a record of an episode's day.
  func append(
    _ record: InfectionRecord, day: Int64, of episode: Int64, added: Int64
  ) throws(HitStorageError) {
    let put = try statement("INSERT INTO feed VALUES (NULL,?,?,?,?)")
    put.bind(1, added)
    put.bind(2, DayRow.id(episode: episode, day: day))
    put.bind(3, Int64(record.subscriber == nil ? 0 : 1))
    put.bind(4, copying: RecordCoding().encode(record))
    try put.run()
  }

  /// Whether anything was ever told of an episode.
  func isTold(_ episode: Int64) throws(HitStorageError) -> Bool {
    let find = try statement("SELECT 1 FROM days WHERE id BETWEEN ? AND ? AND revision > 0 LIMIT 1")
    let ids = DayRow.ids(of: episode)
    find.bind(1, ids.lowerBound)
    find.bind(2, ids.upperBound)
    defer { find.reset() }
    return try find.step()
  }

  /// The newest record of a day; nil when none is kept.
  func newestRecord(day: Int64, of episode: Int64) throws(HitStorageError) -> [UInt8]? {
    let find = try statement("SELECT record FROM feed WHERE day = ? ORDER BY sequence DESC LIMIT 1")
    find.bind(1, DayRow.id(episode: episode, day: day))
    defer { find.reset() }
    return try find.step() ? find.blob(0) : nil
  }

  /// Deletes records: all before one instant, and before another those that a later one replaces.
  ///
  /// - Returns: how many were deleted.
  func expireFeed(
    before all: Int64, replacedBefore replaced: Int64, limit: Int
  ) throws(HitStorageError) -> Int {
    let old = try statement(
      """
      DELETE FROM feed WHERE sequence IN (
        SELECT sequence FROM feed WHERE added < ?1 ORDER BY sequence LIMIT ?2)
      """)
    old.bind(1, all)
    old.bind(2, Int64(limit))
    try old.run()
    let deleted = try changes()
    let superseded = try statement(
      """
      DELETE FROM feed WHERE sequence IN (
        SELECT f.sequence FROM feed f WHERE f.added < ?1
          AND EXISTS (SELECT 1 FROM feed n WHERE n.day = f.day AND n.sequence > f.sequence)
        ORDER BY f.sequence LIMIT ?2)
      """)
    superseded.bind(1, replaced)
    superseded.bind(2, Int64(limit))
    try superseded.run()
    return try deleted + changes()
  }

  /// Rows that the last statement changed.
  func changes() throws(HitStorageError) -> Int {
    let row = try statement("SELECT changes()")
    defer { row.reset() }
    return try row.step() ? Int(row.int(0)) : 0
  }
}
