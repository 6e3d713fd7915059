import GRDB

/// Messages that were set aside.
extension DeliveryStore {
  /// Dead letters of a sink, the oldest first.
  package func deadLetters(of name: String, limit: Int = 10_000) throws -> [DeadLetter] {
    try letters(
      """
      SELECT d.* FROM dead_letters d JOIN sinks s ON s.id = d.sink
      WHERE s.name = ? ORDER BY sequence LIMIT ?
      """, [name, limit])
  }

  /// Dead letters somebody wants to be tried again.
  func wantedLetters(of sink: Int64, limit: Int) throws -> [DeadLetter] {
    try letters(
      "SELECT * FROM dead_letters WHERE sink = ? AND is_wanted = 1 ORDER BY sequence LIMIT ?",
      [sink, limit])
  }

  private func letters(_ sql: String, _ arguments: StatementArguments) throws -> [DeadLetter] {
    try queue.read { db in
      try Row.fetchAll(db, sql: sql, arguments: arguments).map { row in
        DeadLetter(
          sequence: row["sequence"], message: row["message"], reason: row["reason"],
          tries: row["tries"], at: row["at"])
      }
    }
  }

  /// Has the dead letters of a sink tried again, and the sink at once and even if it was off.
  ///
  /// - Returns: how many letters; nil if there is no such sink.
  package func revive(_ name: String) throws -> Int? {
    try queue.write { db in
      guard
        let sink = try Int64.fetchOne(
          db, sql: "SELECT id FROM sinks WHERE name = ?", arguments: [name])
      else { return nil }
      try db.execute(
        sql: "UPDATE sinks SET disabled = NULL, next_try = 0 WHERE id = ?", arguments: [sink])
      try db.execute(
        sql: "UPDATE dead_letters SET is_wanted = 1 WHERE sink = ?", arguments: [sink])
      return db.changesCount
    }
  }

  /// Records left out, by sink and reason.
  package func skips() throws -> [String: [String: Int]] {
    try grouped("SELECT name, reason, number FROM skips JOIN sinks ON id = sink")
  }

  /// Numbers of dead letters, by sink.
  package func deadCounts() throws -> [String: Int] {
    try queue.read { db in
      let rows = try Row.fetchAll(
        db, sql: "SELECT name, count(*) AS n FROM dead_letters JOIN sinks ON id = sink GROUP BY 1")
      return Dictionary(uniqueKeysWithValues: rows.map { ($0["name"], $0["n"]) })
    }
  }

  private func grouped(_ sql: String) throws -> [String: [String: Int]] {
    try queue.read { db in
      var result: [String: [String: Int]] = [:]
      for row in try Row.fetchAll(db, sql: sql) {
        result[row["name"], default: [:]][row["reason"]] = row["number"]
      }
      return result
    }
  }
}
