package import Evidence

/// Open Cybersecurity Schema Framework: one Detection Finding per record.
///
/// The day's lookups are its evidence. `OCSFDNSFormat` says the same as DNS Activity, for
/// receivers that keep events rather than findings.
package struct OCSFFormat: InfectionFormat {
  /// `ocsf`.
  package static let name = "ocsf"
  /// The version and class.
  package static let follows = "OCSF \(OCSF.version), Detection Finding (2004)"
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
      RecordField("class_uid") { _ in .integer(classID) },
      RecordField("class_name") { _ in "Detection Finding" },
      RecordField("category_uid") { _ in 2 },
      RecordField("category_name") { _ in "Findings" },
      RecordField("activity_id") { .integer(activity($0.record.change).id) },
      RecordField("activity_name") { .text(activity($0.record.change).name) },
      RecordField("type_uid") { .integer(classID * 100 + activity($0.record.change).id) },
      RecordField("confidence_id") { .integer(confidence($0)) },
      RecordField("confidence_score") { .integer(Int64($0.percent)) },
      RecordField("status_id") { .integer(status($0.record.change).id) },
      RecordField("status") { .text(status($0.record.change).name) },
      RecordField("finding_info.uid") { .text($0.record.id) },
      RecordField("finding_info.title") { .text($0.title) },
      RecordField("finding_info.desc") {
        .text(optional: $0.record.reasons.joined(separator: "; "))
      },
      RecordField("finding_info.types") { .texts($0.tags) },
      RecordField("finding_info.first_seen_time") {
        .integer($0.record.episodeFirstMicroseconds / 1_000)
      },
      RecordField("finding_info.last_seen_time") { .integer($0.record.lastMicroseconds / 1_000) },
      RecordField("evidences") { .list($0.evidences) },
    ]

  private static let classID: Int64 = 2004

  private static func activity(_ change: InfectionRecord.Change) -> (id: Int64, name: String) {
    switch change {
    case .opened: (1, "Create")
    case .updated: (2, "Update")
    case .closed, .withdrawn: (3, "Close")
    }
  }

  /// A withdrawn finding is suppressed ("reviewed and determined to be benign"), a closed one
  /// resolved.
  private static func status(_ change: InfectionRecord.Change) -> (id: Int64, name: String) {
    switch change {
    case .opened: (1, "New")
    case .updated: (2, "In Progress")
    case .closed: (4, "Resolved")
    case .withdrawn: (3, "Suppressed")
    }
  }

  private static func confidence(_ facts: RecordFacts) -> Int64 {
    facts.isWithdrawn ? 1 : max(1, Int64(facts.record.gate.rank))
  }
}

extension RecordFacts {
  /// The lookups as OCSF `evidences`.
  fileprivate var evidences: [JSONTree] {
    record.lookups.map { lookup in
      [
        "src_endpoint": OCSF.source(self, port: lookup.port),
        "dst_endpoint": OCSF.destination(self),
        "query": OCSF.query(lookup),
      ]
    }
  }
}
