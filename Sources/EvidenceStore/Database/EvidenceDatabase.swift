// Unsafe: SQLite's C interface, through SQLStatement.
import Foundation
import GRDB
import GRDBSQLite
package import HitLog

/// The writing side of the evidence: one connection, one transaction per step.
///
/// After any error throw it away and open a new one.
package final class EvidenceDatabase {
  private let connection: OpaquePointer
  private var statements: [String: SQLStatement] = [:]
  /// Last, because properties go in the order of declaration: statements before their connection.
  private let queue: DatabaseQueue

  /// Longest wait for another writer, seconds.
  private static let busySeconds = 10.0
  /// The log is copied into the file when it has so many pages.
  private static let checkpointPages = 4000
  /// Size of the log's file after a copy, octets.
  private static let logLimit = 64 << 20
  /// Size of SQLite's page cache, KiB.
  private static let cacheKiB = 65_536

  /// Opens or creates the database and brings its tables up to date.
  package init(path: String) throws(HitStorageError) {
    try? Self.createPrivately(path)
    do {
      (queue, connection) = try SQLiteFile.open(path, Self.configuration, EvidenceSchema.migrator)
    } catch {
      throw HitStorageError(
        kind: error.kind, code: error.code, message: "\(path): \(error.message)")
    }
  }

  /// Makes a new database readable for its owner only; root makes it the directory's owner's, so
  /// that a server that runs as somebody else can go on with it.
  private static func createPrivately(_ path: String) throws {
    let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    var status = stat()
    let directory = (path as NSString).deletingLastPathComponent
    guard geteuid() == 0, stat(directory, &status) == 0 else { return }
    _ = fchown(descriptor, status.st_uid, status.st_gid)
  }

  private static var configuration: Configuration {
    var configuration = Configuration()
    configuration.label = "ponor.evidence"
    configuration.busyMode = .timeout(busySeconds)
    // As in the hit log: what can be neither committed nor rolled back must not end the program.
    configuration.allowsUnsafeTransactions = true
    configuration.prepareDatabase { db in
      try db.execute(
        sql: """
          PRAGMA auto_vacuum = INCREMENTAL;
          PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
          PRAGMA wal_autocheckpoint = \(checkpointPages); PRAGMA journal_size_limit = \(logLimit);
          PRAGMA cache_size = -\(cacheKiB); PRAGMA temp_store = MEMORY;
          -- What is deleted or replaced is overwritten: free pages must not keep whose it was.
          PRAGMA secure_delete = ON;
          """)
    }
    return configuration
  }

  // MARK: - Use

  /// The statement of a text, prepared once.
  func statement(_ sql: String) throws(HitStorageError) -> SQLStatement {
    if let known = statements[sql] {
      known.reset()
      return known
    }
    let statement = try SQLStatement(connection, sql)
    statements[sql] = statement
    return statement
  }

  /// Runs `body` in a transaction that may write.
  func transaction<Result>(
    _ body: () throws(HitStorageError) -> Result
  ) throws(HitStorageError) -> Result {
    do {
      return try queue.inDatabase { _ in
        try execute("BEGIN IMMEDIATE")
        do {
          let result = try body()
          resetStatements()
          try execute("COMMIT")
          return result
        } catch {
          resetStatements()
          // SQLite may have rolled back by itself; then this fails and does no harm.
          try? execute("ROLLBACK")
          throw error
        }
      }
    } catch {
      throw HitStorageError(error)
    }
  }

  /// A statement that still has rows to give keeps its view of the database.
  private func resetStatements() { for statement in statements.values { statement.reset() } }

  /// Takes what was deleted out of the log and the file: gives free pages back and empties the log.
  ///
  /// - Returns: false when another reader holds on to an older view, which keeps the log.
  @discardableResult
  package func scrub() throws(HitStorageError) -> Bool {
    do {
      return try queue.inDatabase { db in
        try execute("PRAGMA incremental_vacuum")
        do {
          _ = try db.checkpoint(.truncate)
          return true
        } catch let error as DatabaseError where error.resultCode.primaryResultCode == .SQLITE_BUSY
        {
          return false
        }
      }
    } catch {
      throw HitStorageError(error)
    }
  }

  private func execute(_ sql: String) throws(HitStorageError) {
    let code = sqlite3_exec(connection, sql, nil, nil, nil)
    guard code == SQLITE_OK else {
      throw HitStorageError(
        code: sqlite3_extended_errcode(connection),
        message: String(cString: sqlite3_errmsg(connection)))
    }
  }
}

extension EvidenceDatabase {
  /// A number of the table of single values; nil when it was never set.
  func value(_ key: String) throws(HitStorageError) -> Int64? {
    let row = try statement("SELECT value FROM state WHERE key = ?")
    row.bind(1, key)
    defer { row.reset() }
    return try row.step() ? row.int(0) : nil
  }

  /// A text of the table of single values; empty when it was never set.
  func text(_ key: String) throws(HitStorageError) -> String {
    let row = try statement("SELECT value FROM state WHERE key = ?")
    row.bind(1, key)
    defer { row.reset() }
    return try row.step() ? row.text(0) : ""
  }

  /// Sets a number.
  func set(_ key: String, _ value: Int64) throws(HitStorageError) {
    let put = try statement("INSERT OR REPLACE INTO state VALUES (?,?)")
    put.bind(1, key)
    put.bind(2, value)
    try put.run()
  }

  /// Sets a text.
  func set(_ key: String, _ value: String) throws(HitStorageError) {
    let put = try statement("INSERT OR REPLACE INTO state VALUES (?,?)")
    put.bind(1, key)
    put.bind(2, value)
    try put.run()
  }
}
