package import Evidence
import Foundation
import GRDB

/// Which hits are wanted; nil fields do not restrict.
package struct HitQuery: Equatable, Sendable {
  /// Hits whose last lookup is at or after this instant, microseconds since 1970.
  package var since: Int64?
  /// Hits whose first lookup is before this instant, microseconds since 1970.
  package var until: Int64?
  /// Hits of this client.
  package var client: ClientAddress?
  /// Hits of this family id, also when it is not the first of several matches.
  package var family: String?
  /// The newest so many hits; at least 1.
  package var limit: Int?

  /// A query for everything.
  package init() {}
}

/// Which infections are wanted; nil fields do not restrict.
package struct InfectionQuery: Equatable, Sendable {
  /// Infections whose last lookup is at or after this instant, microseconds since 1970.
  package var since: Int64?
  /// Infections whose first lookup is before this instant, microseconds since 1970.
  package var until: Int64?
  /// Infections of this client.
  package var client: ClientAddress?
  /// Infections by this family.
  package var family: String?
  /// At most so many, those seen last first.
  package var limit: Int?

  /// A query for everything.
  package init() {}
}

/// The reading side of the database, for other processes too while the server writes.
package final class HitStore: Sendable {
  private let queue: DatabaseQueue

  private init(queue: DatabaseQueue) { self.queue = queue }

  /// Opens the database of a data directory for reading.
  ///
  /// - Throws: `HitStorageError` of kind `cannotOpen` when there is none yet.
  package static func open(dataDirectory: String) throws(HitStorageError) -> HitStore {
    let path = HitLogPaths(dataDirectory: dataDirectory).database
    guard access(path, F_OK) == 0 else {
      throw HitStorageError(
        kind: .cannotOpen,
        message: "\(path) does not exist: no server has stored hits with this data_dir yet")
    }
    do {
      return try HitStore(queue: openQueue(path))
    } catch {
      throw describe(error, path: path)
    }
  }

  static func openQueue(_ path: String) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(5)
    configuration.label = "ponor.hits.read"
    do {
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      try check(queue)
      return queue
    } catch let error as DatabaseError
      where error.resultCode == .SQLITE_CANTOPEN && access(path + "-wal", F_OK) != 0
    {
      // A directory that cannot be written holds no index for the log: read it as it lies there.
      let immutable = "file:\(path)?immutable=1"
      return try DatabaseQueue(path: immutable, configuration: configuration)
    }
  }

  private static func check(_ queue: DatabaseQueue) throws {
    let migrator = HitSchema.migrator
    try queue.read { db in
      if try migrator.hasBeenSuperseded(db) {
        throw HitStorageError(
          kind: .newer, message: "written by a later version of ponor; update this one")
      }
      if try !migrator.hasCompletedMigrations(db) {
        throw HitStorageError(
          kind: .other, message: "has old tables; start the server once to bring it up to date")
      }
    }
  }

  static func describe(_ error: any Error, path: String) -> HitStorageError {
    let error = HitStorageError(error)
    let advice = error.kind == .damaged ? "; the server sets it aside when it starts" : ""
    return HitStorageError(
      kind: error.kind, code: error.code, message: "\(path): \(error.message)\(advice)")
  }

  // MARK: - Hits

  /// The hits that a query wants, in the order they were stored.
  package func hits(_ query: HitQuery) throws(HitStorageError) -> [HitRow] {
    var rows: [HitRow] = []
    try forEachHit(query) { rows.append($0) }
    return rows
  }

  /// Hands the hits that a query wants to `body`, in the order they were stored.
  ///
  /// Without a limit nothing is gathered in memory. All of it is one consistent view.
  package func forEachHit(
    _ query: HitQuery, _ body: (HitRow) -> Void
  ) throws(HitStorageError) {
    do {
      try queue.read { db in
        guard let connection = db.sqliteConnection else { return }
        try HitReader(connection).read(query, body)
      }
    } catch {
      throw Self.describe(error, path: queue.path)
    }
  }

  /// Hands to `body` each pair of a client's address and what was told of it, of those clients that
  /// a forwarder told apart by a device; also of aggregates, which outlive their hits.
  package func forEachDevice(
    _ body: (ClientAddress, ClientOrigin) -> Void
  ) throws(HitStorageError) {
    do {
      try queue.read { db in
        guard let connection = db.sqliteConnection else { return }
        let rows = try SQLStatement(
          connection,
          """
          SELECT client, ifnull(prefix, 0), device, relay FROM hits WHERE device IS NOT NULL
          UNION
          SELECT client, prefix, device, last_relay FROM infections WHERE device <> x''
          """)
        while try rows.step() {
          guard let client = ClientAddress(octets: rows.blob(0)) else { continue }
          body(
            client,
            ClientOrigin(
              prefix: rows.int(1), device: rows.blob(2), relay: rows.blob(3), relayPort: 0))
        }
      }
    } catch {
      throw Self.describe(error, path: queue.path)
    }
  }

  // MARK: - Infections

  /// The infections that a query wants, those seen last first.
  package func infections(_ query: InfectionQuery) throws(HitStorageError) -> [Infection] {
    do {
      return try queue.read { db in
        guard let connection = db.sqliteConnection else { return [] }
        return try InfectionReader(connection).read(query)
      }
    } catch {
      throw Self.describe(error, path: queue.path)
    }
  }
}
