package import Evidence
import Foundation
import GRDB
internal import HitLog
import Synchronization

/// The feed of a data directory, for readers in other processes while the server writes.
///
/// Opens the database when it is asked, so that it may be made before there is one; until then the
/// feed is empty.
package final class StoredFeed: RecordFeed {
  private let path: String
  private let connection = Mutex<Connection?>(nil)

  /// Sendable: a queue of GRDB serialises its users.
  private struct Connection: Sendable {
    let queue: DatabaseQueue
    let device: UInt64
    let number: UInt64
  }

  /// Prepares to read the feed of a data directory.
  package init(dataDirectory: String) {
    path = EvidencePaths(dataDirectory: dataDirectory).database
  }

  /// Entries after a sequence, in order, at most `limit`.
  package func entries(after sequence: Int64, limit: Int) throws -> [FeedEntry] {
    try read { db in
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT sequence, added, record FROM feed WHERE sequence > ? ORDER BY sequence LIMIT ?
          """,
        arguments: [sequence, limit])
      return try Self.entries(rows)
    } ?? []
  }

  /// The newest sequence; 0 when there is none.
  package func newestSequence() throws -> Int64 {
    // The counter of AUTOINCREMENT also knows what has been deleted since.
    try read { db in
      try Int64.fetchOne(db, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'feed'") ?? 0
    } ?? 0
  }

  /// The newest record of each episode and day whose lookups touch an interval, oldest day first.
  ///
  /// - Parameters:
  ///   - since: last lookup at or after this instant, microseconds since 1970.
  ///   - until: first lookup before this instant.
  ///   - body: takes one record after the other; nothing is gathered in memory.
  package func forEachRecord(
    since: Int64?, until: Int64?, _ body: (FeedEntry) throws -> Void
  ) throws {
    _ = try read { db in
      let day = { (time: Int64) in UTCTime.dayNumber(microseconds: time) }
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT f.sequence, f.added, f.record FROM feed f
          WHERE f.day & 65535 >= ? AND f.day & 65535 <= ?
            AND NOT EXISTS (SELECT 1 FROM feed n WHERE n.day = f.day AND n.sequence > f.sequence)
          ORDER BY f.day & 65535, f.sequence
          """,
        arguments: [since.map(day) ?? 0, until.map(day) ?? 65535])
      while let entry = try Self.next(rows) {
        guard since.map({ entry.record.lastMicroseconds >= $0 }) ?? true,
          until.map({ entry.record.firstMicroseconds < $0 }) ?? true
        else { continue }
        try body(entry)
      }
    }
  }

  /// How many records `forEachRecord` would give, counted by whole days.
  package func recordCount(since: Int64?, until: Int64?) throws -> Int {
    try read { db in
      let day = { (time: Int64) in UTCTime.dayNumber(microseconds: time) }
      return try Int.fetchOne(
        db,
        sql: """
          SELECT count(DISTINCT day) FROM feed WHERE day & 65535 >= ? AND day & 65535 <= ?
          """,
        arguments: [since.map(day) ?? 0, until.map(day) ?? 65535]) ?? 0
    } ?? 0
  }

  // MARK: - Reading

  private static func entries(_ rows: RowCursor) throws -> [FeedEntry] {
    var entries: [FeedEntry] = []
    while let entry = try next(rows) { entries.append(entry) }
    return entries
  }

  private static func next(_ rows: RowCursor) throws -> FeedEntry? {
    guard let row = try rows.next() else { return nil }
    let sequence: Int64 = row[0]
    let record: Data = row[2]
    return FeedEntry(
      sequence: sequence, added: row[1],
      record: try RecordCoding().decode(Array(record), sequence: sequence))
  }

  /// Runs `body` on one view; nil when there is no database yet.
  private func read<Result>(_ body: (Database) throws -> Result) throws -> Result? {
    guard let queue = try open() else { return nil }
    do {
      return try queue.read(body)
    } catch {
      let error = HitStorageError(error)
      throw HitStorageError(
        kind: error.kind, code: error.code, message: "\(path): \(error.message)")
    }
  }

  /// The open database; opened again when another file took its place.
  private func open() throws -> DatabaseQueue? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    let (device, number) = (UInt64(status.st_dev), UInt64(status.st_ino))
    return try connection.withLock { connection in
      if let open = connection, open.device == device, open.number == number { return open.queue }
      var configuration = Configuration()
      configuration.readonly = true
      configuration.busyMode = .timeout(5)
      configuration.label = "ponor.evidence.feed"
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      // A file that is just being made has no tables yet.
      guard try queue.read(EvidenceSchema.migrator.hasCompletedMigrations) else { return nil }
      connection = Connection(queue: queue, device: device, number: number)
      return queue
    }
  }
}
