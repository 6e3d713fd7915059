import DGAKit
package import Evidence

/// A MISP feed: a folder that MISP servers fetch, with one event per UTC day and family.
///
/// Records of different traffic lights, and rehearsals, never share an event.
package struct MISPFeedFormat: InfectionFolderFormat {
  /// `misp-feed`.
  package static let name = "misp-feed"
  /// The format and template.
  package static let follows = "MISP feed; " + MISPNames.follows

  private struct Key: Hashable, Comparable {
    let day: String
    let family: String
    let tlp: String
    let isTest: Bool

    static func < (left: Key, right: Key) -> Bool {
      left.parts.lexicographicallyPrecedes(right.parts)
    }
    var parts: [String] { [day, family, tlp, isTest ? "test" : ""] }
  }

  private let options: ExportOptions

  /// Prepares the format.
  package init(options: ExportOptions) { self.options = options }

  /// `manifest.json`, `hashes.csv` and a file per event.
  package func files(
    _ records: [InfectionRecord]
  ) -> (files: [ExportedFile], skipped: [String: Int]) {
    var groups: [Key: [RecordFacts]] = [:]
    var skipped: [String: Int] = [:]
    for record in records {
      guard let facts = RecordFacts(record, options) else {
        skipped[RecordFacts.noAddress, default: 0] += 1
        continue
      }
      let day = UTCTime.day(microseconds: record.firstMicroseconds)
      let key = Key(
        day: day, family: facts.family, tlp: facts.tlp.rawValue, isTest: record.isTest)
      groups[key, default: []].append(facts)
    }
    var files: [ExportedFile] = []
    var manifest: [JSONTree.Member] = []
    var hashes = ""
    for (key, group) in groups.sorted(by: { $0.key < $1.key }) {
      let head = head(key, group)
      files.append(file(head.uuid + ".json", head.event(options, group).text + "\n"))
      manifest.append(.init(key: head.uuid, value: head.manifestEntry(options)))
      for value in Self.values(group) {
        hashes += MD5.hash(Array(value.utf8)).hexadecimal + "," + head.uuid + "\n"
      }
    }
    files.append(file("hashes.csv", hashes))
    // Last: a reader that sees the manifest finds what it names.
    files.append(file("manifest.json", JSONTree.object(manifest).text + "\n"))
    return (files, skipped)
  }

  // MARK: - One event

  private func head(_ key: Key, _ group: [RecordFacts]) -> MISPEventHead {
    let records = group.map(\.record)
    let word = key.isTest ? "test: " : ""
    return MISPEventHead(
      uuid: MISPNames.uuid(options, "feed", key.day, key.family, key.tlp, "\(key.isTest)"),
      info: "Ponor: \(word)clients that asked for names of \(PlainText.line(key.family))",
      date: key.day, threatLevel: records.map(MISPRecord.threatLevel).min() ?? 4,
      isComplete: records.allSatisfy { $0.change == .closed || $0.change == .withdrawn },
      timestamp: records.map(MISPRecord.timestamp).max() ?? 0, isPublished: true,
      tags: MISPNames.tags(group))
  }

  /// What a server may look up without fetching the event: addresses and names.
  private static func values(_ group: [RecordFacts]) -> [String] {
    RecordFacts.distinct(group.flatMap { [$0.clientText] + $0.listedNames })
  }

  private func file(_ path: String, _ text: String) -> ExportedFile {
    ExportedFile(path: path, octets: Array(text.utf8))
  }
}
