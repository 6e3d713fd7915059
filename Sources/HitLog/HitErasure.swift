package import Evidence
import GRDB

/// Deletes what is stored of some clients, while a server may go on writing.
package final class HitErasure {
  /// Rows deleted in one transaction, so that the writer never waits long.
  private static let piece = 2000
  /// Longest wait for another writer, seconds.
  private static let busySeconds = 10.0

  private let path: String
  private let queue: DatabaseQueue

  /// What was deleted.
  package struct Counts: Equatable, Sendable {
    /// Rows of hits.
    package var hits = 0
    /// Aggregates of client and generator.
    package var infections = 0
    /// Whether nothing of it is left in the write-ahead log: false while another reader is at it.
    package var isLogEmpty = true

    /// Nothing was deleted.
    package init() {}
  }

  /// Opens the hits of a data directory; nil when there are none.
  package init?(dataDirectory: String) throws(HitStorageError) {
    path = HitLogPaths(dataDirectory: dataDirectory).database
    do {
      _ = try HitStore.open(dataDirectory: dataDirectory)
    } catch  where error.kind == .cannotOpen {
      return nil
    }
    var configuration = Configuration()
    configuration.label = "ponor.hits.erase"
    configuration.busyMode = .timeout(Self.busySeconds)
    configuration.prepareDatabase { db in try db.execute(sql: "PRAGMA secure_delete = ON") }
    do {
      queue = try DatabaseQueue(path: path, configuration: configuration)
    } catch {
      throw HitStore.describe(error, path: path)
    }
  }

  /// Deletes the hits and aggregates that `matches` says.
  ///
  /// - Parameter matches: client, what is known beside its address, first and last lookup.
  package func erase(
    _ matches: @escaping (ClientAddress, ClientOrigin, Int64, Int64) -> Bool
  ) throws(HitStorageError) -> Counts {
    do {
      var counts = Counts()
      counts.hits = try delete(
        try find(
          "SELECT id, client, prefix, device, relay, relay_port, time, time + span FROM hits",
          matches), ["DELETE FROM hits WHERE id = ?"])
      counts.infections = try delete(
        try find(
          """
          SELECT id, client, prefix, device, last_relay, last_relay_port, first, last
          FROM infections
          """, matches),
        ["DELETE FROM name_sets WHERE infection = ?", "DELETE FROM infections WHERE id = ?"])
      counts.isLogEmpty = try emptyLog()
      return counts
    } catch {
      throw HitStore.describe(error, path: path)
    }
  }

  /// Row numbers of what matches; found before anything is locked, as it takes a pass over all.
  private func find(
    _ sql: String, _ matches: (ClientAddress, ClientOrigin, Int64, Int64) -> Bool
  ) throws -> [Int64] {
    try queue.read { db in
      guard let connection = db.sqliteConnection else { return [] }
      let rows = try SQLStatement(connection, sql)
      var found: [Int64] = []
      while try rows.step() {
        guard let client = ClientAddress(octets: rows.blob(1)) else { continue }
        let origin = ClientOrigin(
          prefix: rows.int(2), device: rows.blob(3), relay: rows.blob(4), relayPort: rows.int(5))
        if matches(client, origin, rows.int(6), rows.int(7)) { found.append(rows.int(0)) }
      }
      return found
    }
  }

  private func delete(_ ids: [Int64], _ statements: [String]) throws -> Int {
    var rest = ids[...]
    while !rest.isEmpty {
      let piece = rest.prefix(Self.piece)
      rest = rest.dropFirst(Self.piece)
      try queue.write { db in
        for sql in statements {
          let statement = try db.cachedStatement(sql: sql)
          for id in piece { try statement.execute(arguments: [id]) }
        }
      }
    }
    return ids.count
  }

  private func emptyLog() throws -> Bool {
    try queue.inDatabase { db in
      do {
        _ = try db.checkpoint(.truncate)
        return true
      } catch let error as DatabaseError where error.resultCode.primaryResultCode == .SQLITE_BUSY {
        return false
      }
    }
  }
}
