package import Evidence
import Foundation
import GRDB

/// Follows the hits in the order in which they are stored; for what works through all of them.
///
/// One thread at a time. The numbers of rows grow as long as `identity` stays the same.
package final class HitTail {
  private let path: String
  /// Goes before its connection, as properties do in the order of declaration.
  private var newestQuery: SQLStatement?
  private let queue: DatabaseQueue
  private let file: FileIdentity?
  private var decoder = HitDecoder()
  /// Tells this database from one that took its place: a damaged one is set aside and a new one
  /// begins to count again.
  package let identity: Int64

  private struct FileIdentity: Equatable {
    let device: UInt64
    let number: UInt64

    init?(_ path: String) {
      var status = stat()
      guard stat(path, &status) == 0 else { return nil }
      device = UInt64(status.st_dev)
      number = UInt64(status.st_ino)
    }
  }

  /// Opens the hits of a data directory.
  ///
  /// - Throws: `HitStorageError` of kind `cannotOpen` when there are none yet.
  package init(dataDirectory: String) throws(HitStorageError) {
    path = HitLogPaths(dataDirectory: dataDirectory).database
    file = FileIdentity(path)
    guard file != nil else {
      throw HitStorageError(kind: .cannotOpen, message: "\(path) does not exist yet")
    }
    do {
      let queue = try HitStore.openQueue(path)
      self.queue = queue
      identity = try queue.read { db in
        try Int64.fetchOne(db, sql: "SELECT value FROM hit_state WHERE key = 'identity'") ?? 0
      }
    } catch {
      throw HitStore.describe(error, path: path)
    }
  }

  /// Whether another file has taken the place of the one that is open.
  package var isReplaced: Bool { FileIdentity(path) != file }

  /// The rows after a number, oldest first, at most `limit`.
  package func rows(after number: Int64, limit: Int) throws(HitStorageError) -> [HitRow] {
    var rows: [HitRow] = []
    try read { connection throws(HitStorageError) in
      try decoder.learn(connection)
      let statement = try SQLStatement(
        connection, HitDecoder.selection + " WHERE id > ? ORDER BY id LIMIT ?")
      statement.bind(1, number)
      statement.bind(2, Int64(limit))
      while try statement.step() { rows.append(decoder.decode(statement)) }
    }
    return rows
  }

  /// Numbers of the rows that touch an interval, and a few around them; nil when there are none.
  ///
  /// - Parameters: microseconds since 1970, the end exclusive.
  package func span(from start: Int64, to end: Int64) throws(HitStorageError) -> ClosedRange<Int64>?
  {
    let minute: Int64 = 60_000_000
    var span: ClosedRange<Int64>?
    try read { connection throws(HitStorageError) in
      let find = try SQLStatement(
        connection,
        "SELECT min(first), max(last) FROM hit_minutes WHERE minute BETWEEN ? AND ?")
      find.bind(1, start / minute)
      find.bind(2, (end - 1) / minute)
      guard try find.step(), let first = find.optionalInt(0), let last = find.optionalInt(1) else {
        return
      }
      span = first...last
    }
    return span
  }

  /// Number of the newest row there ever was, deleted or not; 0 when there was none.
  package func newest() throws(HitStorageError) -> Int64 {
    do {
      // Asked several times a second on an idle server: prepared once, and without a transaction,
      // which one statement does not need.
      return try queue.unsafeRead { db in
        guard let connection = db.sqliteConnection else { return 0 }
        let query = try newestQuery ?? SQLStatement(connection, Self.newestSQL)
        newestQuery = query
        defer { query.reset() }
        return try query.step() ? query.int(0) : 0
      }
    } catch {
      throw HitStore.describe(error, path: path)
    }
  }

  private static let newestSQL =
    """
    SELECT max(ifnull((SELECT value FROM hit_state WHERE key = 'next_hit'), 1) - 1,
               ifnull((SELECT max(id) FROM hits), 0))
    """

  /// First number from which on no row is missing; the newest plus 1 when there is none.
  ///
  /// Retention and erasure leave gaps: whatever began before such a gap can no longer be computed
  /// from the hits.
  package func oldestComplete() throws(HitStorageError) -> Int64 {
    try number(
      """
      SELECT ifnull((SELECT id FROM hits h
        WHERE NOT EXISTS (SELECT 1 FROM hits p WHERE p.id = h.id - 1)
        ORDER BY id DESC LIMIT 1), 1)
      """)
  }

  private func number(_ sql: String) throws(HitStorageError) -> Int64 {
    var number: Int64 = 0
    try read { connection throws(HitStorageError) in
      let statement = try SQLStatement(connection, sql)
      if try statement.step() { number = statement.int(0) }
    }
    return number
  }

  /// Runs `body` on one view of the database.
  private func read(
    _ body: (OpaquePointer) throws(HitStorageError) -> Void
  ) throws(HitStorageError) {
    do {
      try queue.read { db in
        guard let connection = db.sqliteConnection else { return }
        try body(connection)
      }
    } catch {
      throw HitStore.describe(error, path: path)
    }
  }
}
