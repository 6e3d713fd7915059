package import Evidence

/// MISP events: one per record, in the form MISP's own search gives.
///
/// The event's UUID is the record's own story: importing it again updates, never duplicates.
package struct MISPFormat: InfectionFormat {
  /// `misp`.
  package static let name = "misp"
  /// The format and template.
  package static let follows = MISPNames.follows
  /// JSON.
  package static let mediaType = "application/json"
  /// `json`.
  package static let fileExtension = "json"

  private let options: ExportOptions

  /// Prepares the format.
  package init(options: ExportOptions) { self.options = options }

  package var head: String { "{\"response\":[\n" }
  package var separator: String { ",\n" }
  package var tail: String { "\n]}\n" }

  /// One event, `{"Event":{…}}`: what MISP's `/events/add` takes.
  package mutating func body(_ record: InfectionRecord) -> FormattedRecord {
    guard let facts = RecordFacts(record, options) else { return .skipped(RecordFacts.noAddress) }
    let head = MISPEventHead(
      uuid: MISPNames.uuid(options, "event", record.id), info: "Ponor: \(facts.title)",
      date: UTCTime.day(microseconds: record.firstMicroseconds),
      threatLevel: MISPRecord.threatLevel(record),
      isComplete: record.change == .closed || record.change == .withdrawn,
      timestamp: MISPRecord.timestamp(record), isPublished: false,
      tags: MISPNames.tags([facts]))
    return .text(head.event(options, [facts]).text)
  }
}
