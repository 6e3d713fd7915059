package import Evidence
package import HitLog

/// What an erasure deleted.
package struct ErasureCounts: Equatable, Sendable {
  /// Suspects.
  package var suspects = 0
  /// Episodes, with their cases, days and records.
  package var episodes = 0
  /// Raw hits and aggregates of them.
  package var hits = HitErasure.Counts()
  /// Whether nothing of it is left in the write-ahead log of the evidence.
  package var isLogEmpty = true

  /// Nothing was deleted.
  package init() {}
}

/// Deletes everything that is stored of somebody: hits, episodes, cases, records not delivered yet.
///
/// What was delivered is with its receivers; what is left here are counts by family and month.
package struct Erasure {
  private let database: EvidenceDatabase
  private let dataDirectory: String
  private let options: SuspectOptions

  /// Prepares an erasure in a data directory whose evidence is open.
  ///
  /// - Parameter options: what the operator says of addresses, by which hits have their suspects.
  package init(_ database: EvidenceDatabase, dataDirectory: String, options: SuspectOptions) {
    self.database = database
    self.dataDirectory = dataDirectory
    self.options = options
  }

  /// Erases what is stored of a suspect: the one that is named, or those that an address may be.
  ///
  /// Hits go first: the engine cannot bring back what is not there any more.
  package func erase(_ suspect: Suspect) throws(HitStorageError) -> ErasureCounts {
    var counts = ErasureCounts()
    let data = try SubjectData(
      of: suspect, in: database, dataDirectory: dataDirectory, options: options)
    if let hits = try HitErasure(dataDirectory: dataDirectory) {
      counts.hits = try hits.erase { data.covers($0, $1, first: $2, last: $3) }
    }
    counts = try database.transaction { () throws(HitStorageError) in
      var counts = counts
      for name in data.names {
        guard let row = try database.suspect(name) else { continue }
        for episode in try database.episodes(ofSuspect: row.id) {
          try database.deleteEpisode(episode)
          counts.episodes += 1
        }
        try database.deleteSuspect(row.id)
        let suppression = try database.statement("DELETE FROM suppressions WHERE suspect = ?")
        suppression.bind(1, name)
        try suppression.run()
        counts.suspects += 1
      }
      return counts
    }
    counts.isLogEmpty = try database.scrub()
    return counts
  }
}
