package import Evidence

/// XARF 3 reports `RPZ-Rewrite`, one JSON object per line.
///
/// "A lookup of this client was rewritten by the resolver": literally what happened.
///
/// `Date` and `SourcePort` belong together, or nobody can find a line behind a carrier-grade NAT: so
/// `Date` is the first lookup, the last one stands in `Custom`. The subscriber's place,
/// `InternalProcessing`, is "for relaying internally generated reports to automation software".
package struct XARF3: InfectionFormat {
  /// `xarf3`.
  package static let name = "xarf3"
  /// The version of the specification.
  package static let follows = "X-ARF 3 (abusix/xarf 56b4d98), RPZ-Rewrite"
  /// Newline-delimited JSON.
  package static let mediaType = "application/x-ndjson"
  /// `jsonl`.
  package static let fileExtension = "jsonl"

  private let options: ExportOptions

  /// Prepares the format.
  package init(options: ExportOptions) { self.options = options }

  /// One report.
  package mutating func body(_ record: InfectionRecord) -> FormattedRecord {
    if record.change == .withdrawn { return .skipped(SkipReason.withdrawn) }
    var object = JSONObject()
    object.add("Version", "3")
    object.add("ReporterInfo", raw: reporter)
    // What only the receiver may see is not disclosed to the customer.
    object.add("Disclosure", record.tlp != "red" && record.tlp != "amber+strict")
    object.add("Report", raw: report(record))
    if options.includesSubscriber, let subscriber = record.subscriber, let key = subscriber.key {
      object.add("InternalProcessing", raw: Self.internalPart(key, subscriber.source))
    }
    return .text(object.line + "\n")
  }

  private var reporter: String {
    var object = JSONObject()
    object.add("ReporterOrg", options.organisation)
    object.add("ReporterOrgDomain", options.domain)
    object.add("ReporterOrgEmail", options.contact)
    return object.line
  }

  private func report(_ record: InfectionRecord) -> String {
    let source = ReportedSource(record.client)
    var object = JSONObject()
    object.add("ReportClass", "Activity")
    object.add("ReportType", "Malware")
    object.add("ReportSubType", "RPZ-Rewrite")
    object.add("Date", UTCTime.rfc3339(microseconds: record.firstMicroseconds))
    object.add("SourceIp", source.address)
    if source.port > 0 { object.add("SourcePort", source.port) }
    // The schema's bounds are those of the numbers that are assigned.
    if let asn = record.client.asn, (1...4_199_999_999).contains(asn) { object.add("ASN", asn) }
    if let name = RecordText.hostname(record) { object.add("RpzDomain", name) }
    object.add("MalwareName", RecordText.malware(record, options, marksTest: true))
    if !record.caseNumber.isEmpty { object.add("ReporterCaseID", record.caseNumber) }
    object.add("ReporterSeverity", Self.severity(record))
    object.add("ReporterNotes", RecordText.description(record, notesTest: true))
    object.add("Custom", raw: Self.custom(record))
    return object.line
  }

  private static func severity(_ record: InfectionRecord) -> String {
    switch record.severity {
    case "critical", "high": "high"
    case "medium": "medium"
    default: "low"
    }
  }

  /// Texts and whole numbers only.
  private static func custom(_ record: InfectionRecord) -> String {
    var object = JSONObject()
    object.add("RecordId", record.id)
    object.add("Revision", record.revision)
    object.add("LastSeen", UTCTime.rfc3339(microseconds: record.lastMicroseconds))
    object.add("Count", record.count)
    object.add("Gate", record.gate.rawValue)
    object.add("Tlp", record.tlp)
    object.add("Scope", record.client.scope.rawValue)
    object.add("Transport", record.client.transport)
    object.add("SourceVerified", record.isVerified ? "yes" : "no")
    if record.isTest { object.add("Test", "yes") }
    return object.line
  }

  private static func internalPart(_ key: String, _ source: String?) -> String {
    var subscriber = JSONObject()
    subscriber.add("ID", key)
    if let source {
      var data = JSONObject()
      data.add("Source", source)
      subscriber.add("SubscriberData", raw: data.line)
    }
    var object = JSONObject()
    object.add("SubscriberInformation", raw: subscriber.line)
    return object.line
  }
}
