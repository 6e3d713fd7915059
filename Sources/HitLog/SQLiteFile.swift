package import GRDB

/// Opening a database of ours for writing: the same way for hits and for evidence.
package enum SQLiteFile {
  /// Opens or creates the database and brings its tables up to date.
  ///
  /// - Returns: the queue and its connection, which is valid as long as the queue.
  /// - Throws: `HitStorageError` of kind `newer` for tables of a later version, else of what SQLite
  ///   says.
  package static func open(
    _ path: String, _ configuration: Configuration, _ migrator: DatabaseMigrator
  ) throws(HitStorageError) -> (queue: DatabaseQueue, connection: OpaquePointer) {
    do {
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      if try queue.read(migrator.hasBeenSuperseded) {
        throw HitStorageError(
          kind: .newer, message: "\(path) was written by a later version of ponor; update this one")
      }
      try migrator.migrate(queue)
      guard let connection = queue.inDatabase({ $0.sqliteConnection }) else {
        throw HitStorageError(kind: .cannotOpen, message: "\(path): no connection")
      }
      return (queue, connection)
    } catch {
      throw HitStorageError(error)
    }
  }
}
