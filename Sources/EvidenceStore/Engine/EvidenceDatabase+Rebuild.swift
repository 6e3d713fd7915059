internal import Evidence
package import HitLog

/// What a rebuild will do.
package struct RebuildPlan: Equatable, Sendable {
  /// Episodes that are computed again from stored hits.
  package var episodes: Int
  /// Episodes that began before the oldest stored hit: they stay as they are.
  package var kept: Int
  /// Hits to go through.
  package var hits: Int64
}

/// Computing episodes again from the hits that are still stored.
extension EvidenceDatabase {
  /// Empties every episode all of whose hits are still stored, and has the engine begin again there.
  ///
  /// Engines then fold the hits as if they were new, but send nothing that was sent before. Case
  /// numbers, the work on cases and the numbers of revisions stay. A kill at any time is no matter:
  /// what is left to do is what the cursor says.
  package func beginRebuild(from tail: HitTail) throws(HitStorageError) -> RebuildPlan {
    let oldest = try tail.oldestComplete()
    let newest = try tail.newest()
    return try transaction { () throws(HitStorageError) in
      var cursor = try HitCursor.read(self)
      _ = try cursor.follow(tail)
      cursor.sentUntil = max(cursor.sentUntil, cursor.base + cursor.row)
      let first = cursor.base + oldest
      let emptied = try emptyEpisodes(since: first)
      cursor.row = min(cursor.row, oldest - 1)
      try cursor.write(self)
      try set("rebuilt-since", first)
      let all = try count("SELECT count(*) FROM episodes")
      return RebuildPlan(episodes: emptied, kept: all - emptied, hits: newest - oldest + 1)
    }
  }

  private func emptyEpisodes(since number: Int64) throws(HitStorageError) -> Int {
    let days = try statement(
      """
      UPDATE days SET summary = x'' WHERE id >> 16 IN
        (SELECT id FROM episodes WHERE first_hit >= ?)
      """)
    days.bind(1, number)
    try days.run()
    let suspects = try statement(
      "UPDATE suspects SET state = ?2, last_hit = first_hit - 1 WHERE first_hit >= ?1")
    suspects.bind(1, number)
    suspects.bind(2, copying: ClientState().encoded())
    try suspects.run()
    let episodes = try statement(
      """
      UPDATE episodes SET state = ?2, last_hit = first_hit - 1, last = first, verified = 0,
        gate = 0, confidence = 0 WHERE first_hit >= ?1
      """)
    episodes.bind(1, number)
    episodes.bind(2, copying: EpisodeState().encoded())
    try episodes.run()
    return try changes()
  }

  /// First hit of a rebuild that has folded everything but was not concluded; nil when none is.
  func rebuiltSince() throws(HitStorageError) -> Int64? {
    guard let since = try value("rebuilt-since") else { return nil }
    let cursor = try HitCursor.read(self)
    return cursor.base + cursor.row >= cursor.sentUntil ? since : nil
  }

  func endRebuild() throws(HitStorageError) {
    try statement("DELETE FROM state WHERE key = 'rebuilt-since'").run()
  }

  /// Whether a rebuild is under way or was not concluded.
  package func isRebuilding() throws(HitStorageError) -> Bool { try value("rebuilt-since") != nil }

  func count(_ sql: String) throws(HitStorageError) -> Int {
    let find = try statement(sql)
    defer { find.reset() }
    return try find.step() ? Int(find.int(0)) : 0
  }
}
