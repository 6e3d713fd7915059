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

  /// Prepares an erasure in a data directory whose evidence is open.
  package init(_ database: EvidenceDatabase, dataDirectory: String) {
    self.database = database
    self.dataDirectory = dataDirectory
  }

  /// Erases what is stored of a suspect: the one that is named, or those that an address may be.
  ///
  /// Hits go first: the engine cannot bring back what is not there any more.
  package func erase(_ suspect: Suspect) throws(HitStorageError) -> ErasureCounts {
    var counts = ErasureCounts()
    let names = try database.names(ofSuspectsIn: suspect)
    let spans = try database.spans(ofLines: names)
    if let hits = try HitErasure(dataDirectory: dataDirectory) {
      counts.hits = try hits.erase { client, origin, first, last in
        suspect.covers(client, origin)
          || spans.contains { $0.client == client && $0.first <= last && first <= $0.last }
      }
    }
    counts = try database.transaction { () throws(HitStorageError) in
      var counts = counts
      for name in names {
        guard let row = try database.suspect(name) else { continue }
        for episode in try database.episodes(ofSuspect: row.id) {
          try database.deleteEpisode(episode)
          counts.episodes += 1
        }
        try database.run("DELETE FROM suspects WHERE id = ?", row.id)
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

extension Suspect {
  /// Whether a hit's client is the suspect, or one behind its address; never for lines, which only
  /// attribution knows.
  package func covers(_ client: ClientAddress, _ origin: ClientOrigin) -> Bool {
    switch identity {
    case .address(let prefix):
      // A client of which only a prefix is known may be anybody in it.
      let known = ClientPrefix(client, length: origin.prefixLength ?? 128)
      return prefix.contains(client) || known.contains(prefix.address)
    case .device(let address, let device):
      return (origin.relay ?? client) == address && origin.device == device
    case .line: return false
    }
  }
}

/// When an address was that of a line, as far as its days say.
struct LineSpan {
  let client: ClientAddress
  let first: Int64
  let last: Int64
}

extension EvidenceDatabase {
  /// Names of the suspects that a suspect means: itself, and for an address those it is part of.
  package func names(ofSuspectsIn suspect: Suspect) throws(HitStorageError) -> [String] {
    var ids: [Int64] = []
    if case .address(let prefix) = suspect.identity {
      ids = try suspects(of: prefix.address)
      ids += try suspects(within: prefix)
    }
    var names: [String] = [suspect.description]
    for id in Set(ids).sorted() {
      // A line that had the address for a while is another subject.
      let name = try suspectName(id)
      if !name.hasPrefix("line:") { names.append(name) }
    }
    return Array(Set(names)).sorted()
  }

  /// Suspects whose address lies within a prefix.
  private func suspects(within prefix: ClientPrefix) throws(HitStorageError) -> [Int64] {
    guard !prefix.isSingleAddress else { return [] }
    let find = try statement("SELECT id, name FROM suspects")
    defer { find.reset() }
    var ids: [Int64] = []
    while try find.step() {
      switch Suspect(find.text(1))?.identity {
      case .address(let other)
      where prefix.contains(other.address) && other.length >= prefix.length:
        ids.append(find.int(0))
      case .device(let address, _) where prefix.contains(address): ids.append(find.int(0))
      default: continue
      }
    }
    return ids
  }

  func spans(ofLines names: [String]) throws(HitStorageError) -> [LineSpan] {
    var spans: [LineSpan] = []
    for name in names where name.hasPrefix("line:") {
      guard let row = try suspect(name) else { continue }
      for episode in try episodes(ofSuspect: row.id) {
        for day in try days(of: episode) {
          guard let summary = try self.day(day, of: episode)?.summary else { continue }
          spans.append(
            LineSpan(client: summary.client, first: summary.first, last: summary.last))
        }
      }
    }
    return spans
  }
}
