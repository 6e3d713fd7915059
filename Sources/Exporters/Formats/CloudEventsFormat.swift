package import Evidence

/// CloudEvents 1.0 in structured JSON: the canonical record as the data of an event.
///
/// `id` names this revision of the record: it is the same however often it is sent, and differs
/// when the record changed, so that `source` and `id` together tell repetitions apart.
package struct CloudEventsFormat: InfectionFormat {
  /// `cloudevents`.
  package static let name = "cloudevents"
  /// The version.
  package static let follows = "CloudEvents 1.0.2, JSON format, structured mode"
  /// The media type of one event; a file holds one per line.
  package static let mediaType = "application/cloudevents+json"
  /// `jsonl`.
  package static let fileExtension = "jsonl"

  private let options: ExportOptions

  /// Prepares the format.
  package init(options: ExportOptions) { self.options = options }

  /// One event on one line.
  package mutating func body(_ record: InfectionRecord) -> FormattedRecord {
    guard let facts = RecordFacts(record, options) else { return .skipped(RecordFacts.noAddress) }
    var event = JSONObject()
    for field in Self.fields {
      let value = field.value(facts)
      if !value.isAbsent { event.add(field.path, raw: value.text) }
    }
    event.add(
      "data",
      raw: CanonicalFormat.line(record, includesSubscriber: options.includesSubscriber))
    return .text(event.line + "\n")
  }

  // MARK: - Fields

  /// Context attributes; `tlp` and `test` are extensions, whose names are lower case without
  /// punctuation (CloudEvents §3.1).
  static let fields: [RecordField] = [
    RecordField("specversion") { _ in "1.0" },
    RecordField("id") { .text($0.revisionID) },
    RecordField("source") { .text("urn:ponor:" + urnPart($0.options.domain)) },
    RecordField("type") { .text("ponor.infection.\($0.record.change.rawValue).v1") },
    RecordField("subject") { .text($0.record.episode) },
    RecordField("time") { .text(UTCTime.rfc3339(microseconds: $0.record.lastMicroseconds)) },
    RecordField("datacontenttype") { _ in "application/json" },
    RecordField("tlp") { .text($0.tlp.rawValue) },
    RecordField("test") { .flag($0.record.isTest) },
  ]

  /// What a URN may hold (RFC 8141 §2); the rest becomes `-`.
  private static func urnPart(_ text: String) -> String {
    let part = String(
      text.lowercased().unicodeScalars.map { scalar in
        ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar)
          || ".-".unicodeScalars.contains(scalar)
          ? Character(scalar) : "-"
      })
    return part.isEmpty ? "-" : part
  }
}
