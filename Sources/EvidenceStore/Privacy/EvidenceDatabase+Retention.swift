internal import Evidence
internal import HitLog

/// Deletes what is too old, in pieces; what is left of a case are counts by family and month.
extension EvidenceDatabase {
  private static let day = UTCTime.secondsPerDay * UTCTime.microsecondsPerSecond

  /// Deletes a piece of what is too old.
  ///
  /// - Returns: whether there may be more, and whether anything was deleted.
  func expire(
    _ rules: RetentionRules, now: Int64, limit: Int
  ) throws(HitStorageError) -> (isMore: Bool, isChanged: Bool) {
    try transaction { () throws(HitStorageError) in
      var deleted = try expireEpisodes(rules, now: now, limit: limit)
      deleted += try expireDays(before: now - Int64(rules.episodes) * Self.day, limit: limit)
      let joined = now - Int64(rules.joins) * Self.day
      deleted += try expireJoins(before: joined, limit: limit)
      deleted += try expireLineAddresses(before: joined, limit: limit)
      deleted += try expireFeed(
        before: now - Int64(rules.episodes) * Self.day,
        replacedBefore: now - Int64(rules.replacedRecords) * Self.day, limit: limit)
      deleted += try expireAudit(before: now - Int64(rules.audit) * Self.day, limit: limit)
      return (deleted >= limit, deleted > 0)
    }
  }

  private func expireEpisodes(
    _ rules: RetentionRules, now: Int64, limit: Int
  ) throws(HitStorageError) -> Int {
    let find = try statement(
      "SELECT id FROM episodes WHERE last_day < ? AND last < ? ORDER BY last_day LIMIT ?")
    let before = now - Int64(rules.episodes) * Self.day
    find.bind(1, UTCTime.dayNumber(microseconds: before) + 1)
    find.bind(2, before)
    find.bind(3, Int64(limit))
    var ids = try numbers(find)
    // A line is a join by itself: it goes when joins do.
    let lines = try statement(
      """
      SELECT e.id FROM episodes e JOIN suspects s ON s.id = e.suspect
      WHERE e.last_day < ?1 AND e.last < ?2 AND s.name >= 'line:' AND s.name < 'line;' LIMIT ?3
      """)
    let joined = now - Int64(rules.joins) * Self.day
    lines.bind(1, UTCTime.dayNumber(microseconds: joined) + 1)
    lines.bind(2, joined)
    lines.bind(3, Int64(limit))
    ids += try numbers(lines)
    for id in Set(ids).sorted() { try deleteEpisode(id) }
    return ids.count
  }

  /// Days of long ago go also when their episode goes on.
  private func expireDays(before: Int64, limit: Int) throws(HitStorageError) -> Int {
    let delete = try statement(
      "DELETE FROM days WHERE id IN (SELECT id FROM days WHERE day < ? LIMIT ?)")
    delete.bind(1, UTCTime.dayNumber(microseconds: before))
    delete.bind(2, Int64(limit))
    try delete.run()
    return try changes()
  }

  /// Deletes an episode with all that hangs on it, and its suspect when it was the last.
  ///
  /// - Parameter keepingRecords: whether its records stay in the feed until they are too old.
  func deleteEpisode(_ id: Int64, keepingRecords: Bool = false) throws(HitStorageError) {
    guard let row = try episode(id: id) else { return }
    let days = DayRow.ids(of: id)
    var deletions = ["DELETE FROM days WHERE id BETWEEN ?1 AND ?2"]
    if !keepingRecords { deletions.append("DELETE FROM feed WHERE day BETWEEN ?1 AND ?2") }
    for sql in deletions {
      let delete = try statement(sql)
      delete.bind(1, days.lowerBound)
      delete.bind(2, days.upperBound)
      try delete.run()
    }
    try deleteCase(row.caseNumber, lastSeen: row.last)
    try run("DELETE FROM episodes WHERE id = ?", id)
    if try episodes(ofSuspect: row.suspect).isEmpty { try deleteSuspect(row.suspect) }
  }

  /// Deletes a case; what became of it stays as counts.
  func deleteCase(_ number: CaseNumber, lastSeen: Int64) throws(HitStorageError) {
    if let row = try caseRow(number) {
      let counts = CaseOutcome.counts(
        of: row, transitions: try transitions(of: number), lastSeen: lastSeen)
      for what in counts {
        let put = try statement(
          """
          INSERT INTO outcomes VALUES (?,?,?,1) ON CONFLICT (family, month, what)
          DO UPDATE SET count = count + 1
          """)
        put.bind(1, row.family)
        put.bind(2, CaseOutcome.month(of: row))
        put.bind(3, what)
        try put.run()
      }
    }
    try run("DELETE FROM transitions WHERE case_number = ?", number.stored)
    try run("DELETE FROM cases WHERE id = ?", number.stored)
  }

  /// Takes the subscriber out of records and days of long ago.
  private func expireJoins(before: Int64, limit: Int) throws(HitStorageError) -> Int {
    let find = try statement(
      """
      SELECT sequence, record, day FROM feed WHERE joined = 1 AND added < ? LIMIT ?
      """)
    find.bind(1, before)
    find.bind(2, Int64(limit))
    var found: [(Int64, [UInt8], Int64)] = []
    while try find.step() { found.append((find.int(0), find.blob(1), find.int(2))) }
    find.reset()
    let coding = RecordCoding()
    for (sequence, octets, day) in found {
      var record = try coding.decode(octets, sequence: sequence)
      record.subscriber = nil
      let put = try statement("UPDATE feed SET record = ?, joined = 0 WHERE sequence = ?")
      put.bind(1, copying: coding.encode(record))
      put.bind(2, sequence)
      try put.run()
      guard var row = try self.day(day & 0xffff, of: day >> 16) else { continue }
      row.summary.subscriber = nil
      try self.put(row, of: day >> 16)
    }
    return found.count
  }

  private func expireAudit(before: Int64, limit: Int) throws(HitStorageError) -> Int {
    let delete = try statement(
      "DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE time < ? LIMIT ?)")
    delete.bind(1, before)
    delete.bind(2, Int64(limit))
    try delete.run()
    return try changes()
  }

  /// Runs a statement with one number.
  func run(_ sql: String, _ number: Int64) throws(HitStorageError) {
    let statement = try statement(sql)
    statement.bind(1, number)
    try statement.run()
  }
}
