package import Evidence

/// Open Cybersecurity Schema Framework: one DNS Activity per record, with the number of lookups.
package struct OCSFDNSFormat: InfectionFormat {
  /// `ocsf-dns`.
  package static let name = "ocsf-dns"
  /// The version and class.
  package static let follows = "OCSF \(OCSF.version), DNS Activity (4003)"
  /// Newline-delimited JSON.
  package static let mediaType = "application/x-ndjson"
  /// `jsonl`.
  package static let fileExtension = "jsonl"

  private let options: ExportOptions

  /// Prepares the format.
  package init(options: ExportOptions) { self.options = options }

  /// One line.
  package mutating func body(_ record: InfectionRecord) -> FormattedRecord {
    guard let facts = RecordFacts(record, options) else { return .skipped(RecordFacts.noAddress) }
    return .text(Self.fields.object(facts).text + "\n")
  }

  // MARK: - Fields

  static let fields: [RecordField] =
    OCSF.commonFields + [
      RecordField("class_uid") { _ in 4003 },
      RecordField("class_name") { _ in "DNS Activity" },
      RecordField("category_uid") { _ in 4 },
      RecordField("category_name") { _ in "Network Activity" },
      // Traffic: the record stands for many queries and what was answered.
      RecordField("activity_id") { _ in 6 },
      RecordField("activity_name") { _ in "Traffic" },
      RecordField("type_uid") { _ in 400_306 },
      RecordField("query_time") { .integer($0.record.firstMicroseconds / 1_000) },
      RecordField("query") { $0.first.map { OCSF.query($0) } ?? .absent },
      RecordField("src_endpoint") { OCSF.source($0, port: $0.sourcePort ?? 0) },
      RecordField("dst_endpoint") { OCSF.destination($0) },
      RecordField("connection_info") { OCSF.connection($0) },
    ]
}
