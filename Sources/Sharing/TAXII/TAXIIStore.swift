package import Evidence
package import Exporters
import Foundation
import GRDB

/// The STIX objects that collections offer, in `taxii.sqlite`.
///
/// Written by the delivering process, read by the server.
///
/// An object about a client points to the entry of the feed it was made of and goes when that
/// does: `sweep`.
package final class TAXIIStore: Sendable {
  /// Name of the file in the data directory.
  package static let fileName = "taxii.sqlite"
  /// Name of the collection of names that malware asks for.
  package static let domains = "domains"

  /// Types of objects that say nothing about a client.
  private static let knowledge: Set<String> = [
    "identity", "indicator", "malware", "marking-definition", "relationship", "domain-name",
  ]

  /// An object as a collection offers it.
  package struct Entry: Equatable, Sendable {
    /// Grows by each entry: what `next` counts.
    package var row: Int64
    /// Identifier of the object.
    package var id: String
    /// Version; that of an object without one is the instant it was added.
    package var version: String
    /// When it was added, microseconds since 1970; grows by each entry of a collection.
    package var added: Int64
    /// The object.
    package var json: String
  }

  private let queue: DatabaseQueue

  /// Opens or creates the file for writing.
  package init(path: String) throws {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    if descriptor >= 0 { close(descriptor) }
    var configuration = Configuration()
    configuration.label = "ponor.taxii"
    configuration.busyMode = .timeout(5)
    configuration.prepareDatabase { db in
      try db.execute(
        sql: """
          PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON;
          PRAGMA journal_size_limit = 16777216; PRAGMA temp_store = MEMORY;
          """)
    }
    queue = try DatabaseQueue(path: path, configuration: configuration)
    try Self.migrator.migrate(queue)
  }

  private init(reading path: String) throws {
    var configuration = Configuration()
    configuration.label = "ponor.taxii"
    configuration.readonly = true
    configuration.busyMode = .timeout(1)
    queue = try DatabaseQueue(path: path, configuration: configuration)
  }

  /// Opens the file for reading; nil if there is none yet.
  package static func reader(path: String) throws -> TAXIIStore? {
    guard access(path, F_OK) == 0 else { return nil }
    return try TAXIIStore(reading: path)
  }

  private static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { db in
      try db.execute(
        sql: """
          CREATE TABLE objects (
            row INTEGER PRIMARY KEY AUTOINCREMENT, collection TEXT NOT NULL, id TEXT NOT NULL,
            version TEXT NOT NULL, type TEXT NOT NULL, added INTEGER NOT NULL, source INTEGER,
            json TEXT NOT NULL, UNIQUE (collection, id, version));
          CREATE INDEX objects_order ON objects (collection, row);
          CREATE INDEX objects_added ON objects (collection, added);
          CREATE INDEX objects_source ON objects (source);
          """)
    }
    return migrator
  }

  // MARK: - Writing

  /// Adds objects to a collection; those it has are left as they are.
  ///
  /// - Parameter source: sequence of the record they were made of; nil if they name no client.
  package func add(
    _ objects: [STIXObject], to collection: String, source: Int64?, now: Int64
  ) throws {
    try queue.write { db in
      let newest = try Int64.fetchOne(
        db, sql: "SELECT max(added) FROM objects WHERE collection = ?", arguments: [collection])
      // Never twice the same instant, even if the clock was set back: a reader asks for what was
      // added after the last it has seen.
      var added = max(now, (newest ?? 0) + 1)
      for object in objects {
        let isAboutClient = source != nil && !Self.knowledge.contains(object.type)
        try db.execute(
          sql: """
            INSERT INTO objects (collection, id, version, type, added, source, json)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET source = excluded.source WHERE excluded.source > source
            """,
          arguments: [
            collection, object.id, object.version ?? "", object.type, added,
            isAboutClient ? source : nil, object.json,
          ])
        added += 1
      }
    }
  }

  /// Deletes objects about clients whose records are no longer in the feed.
  package func sweep(_ feed: any RecordFeed) throws {
    var last: Int64 = -1
    while true {
      let sources = try queue.read { db in
        try Int64.fetchAll(
          db,
          sql: """
            SELECT DISTINCT source FROM objects WHERE source > ? ORDER BY source LIMIT 256
            """, arguments: [last])
      }
      guard let first = sources.first, let end = sources.last else { return }
      let missing = try Set(sources).subtracting(
        Self.present(feed, from: first, to: end))
      for source in missing {
        try queue.write { db in
          try db.execute(sql: "DELETE FROM objects WHERE source = ?", arguments: [source])
        }
      }
      last = end
    }
  }

  private static func present(
    _ feed: any RecordFeed, from first: Int64, to end: Int64
  ) throws -> Set<Int64> {
    var found: Set<Int64> = []
    var place = first - 1
    while place < end {
      let entries = try feed.entries(after: place, limit: 256)
      guard let newest = entries.last else { break }
      for entry in entries where entry.sequence <= end { found.insert(entry.sequence) }
      place = newest.sequence
    }
    return found
  }

  // MARK: - Reading

  /// A page of a collection, and whether there is more.
  package func page(
    _ collection: String, _ query: TAXIIQuery
  ) throws -> (entries: [Entry], hasMore: Bool) {
    guard !query.isOfOtherSpecification else { return ([], false) }
    let (condition, arguments) = Self.condition(collection, query)
    let entries = try queue.read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT row, id, version, added, json FROM objects o WHERE \(condition)
          ORDER BY row LIMIT \(query.limit + 1)
          """, arguments: arguments
      ).map(Self.entry)
    }
    return (Array(entries.prefix(query.limit)), entries.count > query.limit)
  }

  private static func entry(_ row: Row) -> Entry {
    let version: String = row["version"]
    let added: Int64 = row["added"]
    return Entry(
      row: row["row"], id: row["id"],
      version: version.isEmpty ? UTCTime.rfc3339(microseconds: added) : version, added: added,
      json: row["json"])
  }

  private static func condition(
    _ collection: String, _ query: TAXIIQuery
  ) -> (String, StatementArguments) {
    var parts = ["collection = ?", "row > ?"]
    var arguments: StatementArguments = [collection, query.after]
    if let instant = query.addedAfter {
      parts.append("added > ?")
      arguments += [instant]
    }
    for (column, words) in [("id", query.ids), ("type", query.types)] where !words.isEmpty {
      parts.append("\(column) IN (\(words.map { _ in "?" }.joined(separator: ",")))")
      arguments += StatementArguments(words)
    }
    guard !query.versions.contains(.all) else {
      return (parts.joined(separator: " AND "), arguments)
    }
    let other = "FROM objects p WHERE p.collection = o.collection AND p.id = o.id"
    var versions: [String] = []
    for version in query.versions {
      switch version {
      case .all: break
      case .last: versions.append("version = (SELECT max(p.version) \(other))")
      case .first: versions.append("version = (SELECT min(p.version) \(other))")
      case .exact(let text):
        versions.append("(version = ? OR version = '' AND added = ?)")
        arguments += [text, TAXIITime.parse(text)]
      }
    }
    parts.append("(\(versions.joined(separator: " OR ")))")
    return (parts.joined(separator: " AND "), arguments)
  }
}
