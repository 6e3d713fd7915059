internal import Evidence
package import HitLog

/// What a database of evidence holds.
package struct EvidenceSummary: Equatable, Sendable {
  /// Open episodes by the rank of their gate.
  package var open: [Int]
  /// All episodes.
  package var episodes: Int
  /// Suspects.
  package var suspects: Int
  /// Number of the newest hit that is folded in.
  package var hits: Int64
  /// Records in the feed.
  package var records: Int
  /// Newest sequence of the feed.
  package var newestSequence: Int64
  /// Names in quarantine.
  package var quarantined: Int
  /// Whether stored hits are being scored again.
  package var isRebuilding: Bool
}

/// A name that says nothing of infections until somebody looks at it.
package struct QuarantinedName: Equatable, Sendable {
  /// The name, presentation form.
  package var name: String
  /// Family that makes it.
  package var family: String
  /// Since when, microseconds since 1970.
  package var since: Int64
  /// Clients of one day that asked for it only.
  package var clients: Int
  /// Why, for people.
  package var reason: String
}

extension EvidenceDatabase {
  /// What the database holds.
  package func summary() throws(HitStorageError) -> EvidenceSummary {
    let cursor = try HitCursor.read(self)
    return EvidenceSummary(
      open: try openEpisodes(), episodes: try count("SELECT count(*) FROM episodes"),
      suspects: try count("SELECT count(*) FROM suspects"), hits: cursor.base + cursor.row,
      records: try count("SELECT count(*) FROM feed"), newestSequence: try newestSequence(),
      quarantined: try quarantineSize(), isRebuilding: try isRebuilding())
  }

  /// The names in quarantine, the newest first.
  package func quarantined() throws(HitStorageError) -> [QuarantinedName] {
    let find = try statement(
      "SELECT name, family, since, clients, reason FROM quarantine ORDER BY since DESC, name")
    defer { find.reset() }
    var names: [QuarantinedName] = []
    while try find.step() {
      names.append(
        QuarantinedName(
          name: find.text(0), family: find.text(1), since: find.int(2), clients: Int(find.int(3)),
          reason: find.text(4)))
    }
    return names
  }

  /// Lets a name count again; false when it is not in quarantine.
  package func release(_ name: String) throws(HitStorageError) -> Bool {
    try transaction { () throws(HitStorageError) in
      let delete = try statement("DELETE FROM quarantine WHERE name = ?")
      delete.bind(1, name.lowercased())
      try delete.run()
      guard try changes() > 0 else { return false }
      try raiseBenignVersion()
      return true
    }
  }
}
