import Foundation
import GRDB

/// Records that wait for the end of their UTC day, and the documents made of them.
extension DeliveryStore {
  /// A record that waits.
  struct Pending: Equatable {
    var record: Data
    var revision: Int
    var sequence: Int64
  }

  /// Whether a record waits at a sink.
  func isPending(_ record: String, sink: Int64) throws -> Bool {
    try queue.read { db in
      try Bool.fetchOne(
        db, sql: "SELECT 1 FROM pending WHERE sink = ? AND record = ?",
        arguments: [sink, RecordKey.data(record)]) ?? false
    }
  }

  /// Days before a day for which records wait, the earliest first.
  func days(of sink: Int64, before day: String) throws -> [String] {
    try queue.read { db in
      try String.fetchAll(
        db,
        sql: "SELECT DISTINCT day FROM pending WHERE sink = ? AND day < ? ORDER BY day",
        arguments: [sink, day])
    }
  }

  /// Records of a day that wait, in the order of the feed.
  func pending(
    of sink: Int64, day: String, after sequence: Int64, limit: Int
  ) throws -> [Pending] {
    try queue.read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT record, revision, sequence FROM pending
          WHERE sink = ? AND day = ? AND sequence > ? ORDER BY sequence LIMIT ?
          """, arguments: [sink, day, sequence, limit]
      ).map { row in
        Pending(record: row["record"], revision: row["revision"], sequence: row["sequence"])
      }
    }
  }

  /// The number of the next document of a day.
  func nextPart(of sink: Int64, day: String) throws -> Int {
    try queue.read { db in
      let last = try Int.fetchOne(
        db, sql: "SELECT part FROM parts WHERE sink = ? AND day = ?", arguments: [sink, day])
      return (last ?? 0) + 1
    }
  }

  /// Keeps that the document of a day, with the records up to a sequence, was handed over; one
  /// without records has no number.
  func published(
    _ name: DayName, upTo sequence: Int64, isEmpty: Bool, _ state: SinkState,
    skipped: [String: Int], now: Int64
  ) throws {
    var change = StoreChange()
    change.skipped = skipped
    try queue.write { db in
      try Self.apply(state, change, now: now, db)
      let range: StatementArguments = [state.id, name.day, sequence]
      try db.execute(
        sql: """
          INSERT OR REPLACE INTO told
          SELECT sink, record, revision, \(now) FROM pending
          WHERE sink = ? AND day = ? AND sequence <= ?
          """, arguments: range)
      try db.execute(
        sql: "DELETE FROM pending WHERE sink = ? AND day = ? AND sequence <= ?", arguments: range)
      guard !isEmpty else { return }
      try db.execute(
        sql: "INSERT OR REPLACE INTO parts VALUES (?, ?, ?)",
        arguments: [state.id, name.day, name.part])
    }
  }

  /// Sets all records of a day aside.
  func setAside(day: String, reason: String, _ state: SinkState, now: Int64) throws {
    try queue.write { db in
      try state.save(db)
      try db.execute(
        sql: """
          INSERT OR REPLACE INTO dead_letters
          SELECT sink, sequence, 'day ' || day, ?, ?, ?, 0 FROM pending WHERE sink = ? AND day = ?
          """, arguments: [reason, state.headTries, now, state.id, day])
      try db.execute(
        sql: "DELETE FROM pending WHERE sink = ? AND day = ?", arguments: [state.id, day])
    }
  }
}
