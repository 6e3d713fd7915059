import Foundation
import GRDB
import Glibc

/// A message that was set aside: tried for days, or refused.
package struct DeadLetter: Equatable, Sendable {
  /// Sequence in the feed.
  package var sequence: Int64
  /// Id of the message.
  package var message: String
  /// Why the receiver did not take it.
  package var reason: String
  /// How often it was tried.
  package var tries: Int
  /// When it was set aside, microseconds since 1970.
  package var at: Int64

  init(sequence: Int64, message: String, reason: String, tries: Int, at: Int64) {
    self.sequence = sequence
    self.message = message
    self.reason = reason
    self.tries = tries
    self.at = at
  }
}

/// What a step of a sink changes beside its state.
struct StoreChange {
  /// Revisions the recipient has been told.
  var told: [(record: String, revision: Int)] = []
  /// Records left out, by reason.
  var skipped: [String: Int] = [:]
  /// Messages set aside.
  var dead: [DeadLetter] = []
  /// Sequences of dead letters that were taken after all.
  var revived: [Int64] = []
  /// Records waiting for the end of their day.
  var pending: [(record: String, day: String, revision: Int, sequence: Int64)] = []
  /// Records that do not wait any more.
  var dropped: [String] = []
}

/// `delivery.sqlite`: cursor, attempts and dead letters of each sink.
///
/// The delivering process writes it; others read, and ask for dead letters to be tried again.
package final class DeliveryStore: Sendable {
  /// Name of the file in the data directory.
  package static let fileName = "delivery.sqlite"
  /// How long it is remembered what a recipient was told, microseconds: as long as episodes are
  /// kept by default.
  static let memory: Int64 = 90 * 86_400_000_000

  let queue: DatabaseQueue

  /// Opens or creates the file.
  package init(path: String) throws {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    if descriptor >= 0 { close(descriptor) }
    queue = try DatabaseQueue(path: path, configuration: Self.configuration(isReader: false))
    try DeliverySchema.migrator.migrate(queue)
  }

  private init(reading path: String) throws {
    queue = try DatabaseQueue(path: path, configuration: Self.configuration(isReader: true))
  }

  /// Opens the file for looking only; nil if there is none.
  package static func reader(path: String) throws -> DeliveryStore? {
    guard access(path, F_OK) == 0 else { return nil }
    return try DeliveryStore(reading: path)
  }

  private static func configuration(isReader: Bool) -> Configuration {
    var configuration = Configuration()
    configuration.label = "ponor.delivery"
    configuration.readonly = isReader
    configuration.busyMode = .timeout(5)
    guard !isReader else { return configuration }
    configuration.prepareDatabase { db in
      // A cursor that is lost at a power cut only repeats what was sent: NORMAL suffices.
      try db.execute(
        sql: """
          PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON;
          PRAGMA journal_size_limit = 16777216; PRAGMA temp_store = MEMORY;
          """)
    }
    return configuration
  }

  // MARK: - States

  /// Makes a sink known; one whose settings have changed is switched on again.
  ///
  /// - Parameter newest: the newest sequence of the feed; only used for a new sink.
  package func adopt(_ name: String, fingerprint: String, newest: Int64, now: Int64) throws {
    try queue.write { db in
      try db.execute(
        sql: """
          INSERT INTO sinks (name, fingerprint, created, backlog_end) VALUES (?, ?, ?, ?)
          ON CONFLICT (name) DO UPDATE SET
            disabled = iif(fingerprint = excluded.fingerprint, disabled, NULL),
            next_try = iif(fingerprint = excluded.fingerprint, next_try, 0),
            fingerprint = excluded.fingerprint
          """, arguments: [name, fingerprint, now, newest])
    }
  }

  /// Where a sink stands; nil if it is not known.
  package func state(_ name: String) throws -> SinkState? {
    try queue.read { db in
      try Row.fetchOne(db, sql: "SELECT * FROM sinks WHERE name = ?", arguments: [name])
        .map(SinkState.init)
    }
  }

  /// Where all sinks stand, by name.
  package func states() throws -> [SinkState] {
    try queue.read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM sinks ORDER BY name").map(SinkState.init)
    }
  }

  /// Keeps a state and what changes with it, all or nothing.
  func commit(_ state: SinkState, _ change: StoreChange, now: Int64) throws {
    try queue.write { db in try Self.apply(state, change, now: now, db) }
  }

  static func apply(
    _ state: SinkState, _ change: StoreChange, now: Int64, _ db: Database
  ) throws {
    try state.save(db)
    for (reason, number) in change.skipped {
      try db.execute(
        sql: """
          INSERT INTO skips VALUES (?, ?, ?)
          ON CONFLICT DO UPDATE SET number = number + excluded.number
          """, arguments: [state.id, reason, number])
    }
    for told in change.told {
      try db.execute(
        sql: "INSERT OR REPLACE INTO told VALUES (?, ?, ?, ?)",
        arguments: [state.id, RecordKey.data(told.record), told.revision, now])
    }
    try setAside(change.dead, of: state.id, db)
    for sequence in change.revived {
      try db.execute(
        sql: "DELETE FROM dead_letters WHERE sink = ? AND sequence = ?",
        arguments: [state.id, sequence])
    }
    try collect(change, of: state.id, db)
  }

  private static func setAside(_ letters: [DeadLetter], of sink: Int64, _ db: Database) throws {
    for letter in letters {
      try db.execute(
        sql: "INSERT OR REPLACE INTO dead_letters VALUES (?, ?, ?, ?, ?, ?, 0)",
        arguments: [
          sink, letter.sequence, letter.message, letter.reason, letter.tries, letter.at,
        ])
    }
  }

  private static func collect(_ change: StoreChange, of sink: Int64, _ db: Database) throws {
    for row in change.pending {
      try db.execute(
        sql: "INSERT OR REPLACE INTO pending VALUES (?, ?, ?, ?, ?)",
        arguments: [sink, RecordKey.data(row.record), row.day, row.revision, row.sequence])
    }
    for record in change.dropped {
      try db.execute(
        sql: "DELETE FROM pending WHERE sink = ? AND record = ?",
        arguments: [sink, RecordKey.data(record)])
    }
  }

  // MARK: - What recipients were told

  /// The revision of a record the sink's recipient was told; nil = nothing.
  func told(_ record: String, sink: Int64) throws -> Int? {
    try queue.read { db in
      try Int.fetchOne(
        db, sql: "SELECT revision FROM told WHERE sink = ? AND record = ?",
        arguments: [sink, RecordKey.data(record)])
    }
  }

  /// Forgets what was told long ago.
  package func prune(now: Int64) throws {
    try queue.write { db in
      try db.execute(
        sql: "DELETE FROM told WHERE at < ?", arguments: [now - Self.memory])
    }
  }
}

/// The id of a record as it is kept: a UUID in its 16 octets.
enum RecordKey {
  static func data(_ id: String) -> Data {
    let digits = id.utf8.filter { $0 != UInt8(ascii: "-") }
    let values = digits.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
    guard digits.count == 32, values.count == 32 else { return Data(id.utf8) }
    return Data(stride(from: 0, to: 32, by: 2).map { UInt8(values[$0] << 4 | values[$0 + 1]) })
  }
}
