// Unsafe: hands octets of ring records to SQLite for the length of one statement.
import Evidence
import Foundation
import GRDB
import GRDBSQLite

/// The writing side of the database: one connection, one transaction per batch.
///
/// After any error throw it away and open a new one: a rollback may have taken back rows that its
/// tables remember.
final class HitDatabase {
  private let connection: OpaquePointer
  private let provenance: ProvenanceTable
  private let infections: InfectionTable
  private let insertHit: SQLStatement
  private let putMinute: SQLStatement
  private let putCursor: SQLStatement
  private let putState: SQLStatement
  private var batch = InfectionBatch()
  private var minutes = MinuteSpans()
  private var nextHit: Int64 = 1

  /// How far each ring was stored when the database was opened, by ring identity.
  private(set) var cursors: [String: UInt64] = [:]

  /// Last, because properties go in the order of declaration: statements before their connection.
  private let queue: DatabaseQueue

  // MARK: - Opening

  /// Opens or creates the database and brings its tables up to date.
  init(path: String, source: any ProvenanceSource) throws(HitStorageError) {
    Self.createPrivately(path)
    do {
      (queue, connection) = try SQLiteFile.open(path, Self.configuration, HitSchema.migrator)
      provenance = try ProvenanceTable(connection, source: source)
      infections = try InfectionTable(connection)
      insertHit = try SQLStatement(
        connection, "INSERT INTO hits VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)")
      putMinute = try SQLStatement(
        connection,
        """
        INSERT INTO hit_minutes VALUES (?,?,?) ON CONFLICT (minute)
        DO UPDATE SET first = min(first, excluded.first), last = max(last, excluded.last)
        """)
      putCursor = try SQLStatement(connection, "INSERT OR REPLACE INTO ring_cursors VALUES (?,?)")
      putState = try SQLStatement(
        connection, "INSERT OR REPLACE INTO hit_state VALUES ('next_hit', ?)")
      try load()
    } catch {
      throw HitStorageError(error)
    }
  }

  /// Makes a new database readable for its owner only: it says whose computers are infected.
  ///
  /// SQLite gives log and shared memory the rights of the database. A failure is left to SQLite,
  /// which meets it next and says more about it.
  private static func createPrivately(_ path: String) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    if descriptor >= 0 { close(descriptor) }
  }

  private static var configuration: Configuration {
    var configuration = Configuration()
    configuration.label = "ponor.hits"
    // One writer, WAL: others hold the file for moments only.
    configuration.busyMode = .timeout(1)
    // A transaction that can be neither committed nor rolled back must not end the program (GRDB
    // checks by a precondition): the connection is thrown away instead.
    configuration.allowsUnsafeTransactions = true
    configuration.prepareDatabase { db in
      try db.execute(
        sql: """
          PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
          PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864;
          PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY;
          -- What is deleted is overwritten: free pages must not keep who asked for what.
          PRAGMA secure_delete = ON;
          """)
    }
    return configuration
  }

  private func load() throws(HitStorageError) {
    let rows = try SQLStatement(connection, "SELECT ring, position FROM ring_cursors")
    while try rows.step() { cursors[rows.text(0)] = UInt64(max(0, rows.int(1))) }
    let state = try SQLStatement(
      connection,
      """
      SELECT max(ifnull((SELECT value FROM hit_state WHERE key = 'next_hit'), 1),
                 ifnull((SELECT max(id) + 1 FROM hits), 1))
      """)
    if try state.step() { nextHit = state.int(0) }
  }

  // MARK: - Storing

  /// Stores a batch and moves the cursors, all or nothing.
  func store(
    _ fold: HitFold, cursors: [(ring: RingIdentity, position: UInt64)]
  ) throws(HitStorageError) {
    try transaction { () throws(HitStorageError) in
      batch.removeAll()
      minutes.removeAll()
      for entry in fold.entries { try insert(entry) }
      try infections.apply(&batch)
      try storeMinutes()
      for cursor in cursors {
        putCursor.bind(1, cursor.ring.description)
        putCursor.bind(2, Int64(cursor.position))
        try putCursor.run()
      }
      putState.bind(1, nextHit)
      try putState.run()
    }
  }

  /// Prepares a statement for rare use.
  func statement(_ sql: String) throws(HitStorageError) -> SQLStatement {
    try SQLStatement(connection, sql)
  }

  /// Runs `body` in a transaction of its own on the connection's queue.
  func transaction(
    _ body: () throws(HitStorageError) -> Void
  ) throws(HitStorageError) {
    do {
      try queue.inDatabase { _ in
        try execute("BEGIN IMMEDIATE")
        do {
          try body()
          try execute("COMMIT")
        } catch {
          // SQLite may have rolled back by itself; then this fails and does no harm.
          try? execute("ROLLBACK")
          throw error
        }
      }
    } catch {
      throw HitStorageError(error)
    }
  }

  /// Number of the newest stored row; 0 when there is none.
  var newestRow: Int64 { nextHit - 1 }

  /// Copies the write-ahead log into the database and syncs it, before a ring file is deleted.
  ///
  /// - Parameter isEmptying: whether the log's file is emptied too, so that nothing of what was
  ///   deleted is left in it; a reader that holds on to an older view prevents it.
  func checkpoint(isEmptying: Bool = false) throws(HitStorageError) {
    do {
      _ = try queue.inDatabase { try $0.checkpoint(isEmptying ? .truncate : .full) }
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

  private func insert(_ entry: HitFold.Entry) throws(HitStorageError) {
    let event = entry.record.event
    let server = try provenance.server(event)
    let resolved = try provenance.resolve(
      generation: event.generation, payload: event.payload)
    let id = nextHit
    nextHit += 1
    insertHit.bind(1, id)
    insertHit.bind(2, entry.first)
    insertHit.bind(3, entry.last - entry.first)
    insertHit.bind(4, entry.count)
    insertHit.bind(6, Int64(event.clientPort))
    insertHit.bind(7, server)
    insertHit.bind(
      8, Int64(event.transport) | Int64(event.action) << 8 | Int64(event.flags) << 16)
    insertHit.bind(9, Int64(event.qtype))
    insertHit.bind(10, blob: entry.record.qnameBytes)
    insertHit.bind(11, Int64(event.matchedOffset))
    insertHit.bind(12, resolved.provenance)
    if let ordinal = resolved.ordinal {
      insertHit.bind(13, Int64(ordinal))
    } else {
      insertHit.bindNull(13)
    }
    if resolved.more.isEmpty {
      insertHit.bindNull(14)
    } else {
      insertHit.bind(14, copying: resolved.more)
    }
    bindOrigin(entry.record, event)
    try runInsertHit(event)
    minutes.note(id, from: entry.first, to: entry.last)
    // A colliding name is a legitimate one: its lookups are kept but are no sign of infection.
    guard event.action != HitAction.colliding.rawValue else { return }
    batch.add(entry, event: event, server: server, mark: resolved.first)
    for mark in resolved.further { batch.add(entry, event: event, server: server, mark: mark) }
  }

  /// Binds what a forwarder or balancer told of the client; mostly nothing.
  private func bindOrigin(_ record: HitRecord, _ event: HitEvent) {
    insertHit.bind(15, event.clientPrefix == 0 ? nil : Int64(event.clientPrefix))
    insertHit.bindNull(16)
    if !record.deviceBytes.isEmpty { insertHit.bind(16, copying: record.device) }
    insertHit.bindNull(17)
    insertHit.bind(18, event.hasRelay ? Int64(event.relayPort) : nil)
    guard event.hasRelay else { return }
    let relay = ClientAddress(high: event.relayHigh, low: event.relayLow)
    insertHit.bind(17, copying: relay.octets)
  }

  private func runInsertHit(_ event: HitEvent) throws(HitStorageError) {
    var octets = (event.clientHigh.bigEndian, event.clientLow.bigEndian)
    let isIPv4 = event.clientHigh == 0 && event.clientLow >> 32 == 0xffff
    let failure = withUnsafeBytes(of: &octets) { bytes -> HitStorageError? in
      insertHit.bind(
        5, blob: isIPv4 ? UnsafeRawBufferPointer(rebasing: bytes[12...]) : bytes)
      do throws(HitStorageError) {
        try insertHit.run()
        return nil
      } catch {
        return error
      }
    }
    if let failure { throw failure }
  }

  // MARK: - Minutes

  private func storeMinutes() throws(HitStorageError) {
    for span in minutes.spans {
      putMinute.bind(1, span.minute)
      putMinute.bind(2, span.first)
      putMinute.bind(3, span.last)
      try putMinute.run()
    }
  }
}
