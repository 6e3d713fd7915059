package import Evidence

/// IBM QRadar's Log Event Extended Format, version 2: one line per record, fields between tabs.
package struct LEEFFormat: InfectionFormat {
  /// `leef`.
  package static let name = "leef"
  /// The version.
  package static let follows = "LEEF:2.0 (IBM QRadar Log Event Extended Format)"
  /// Plain text.
  package static let mediaType = "text/plain"
  /// `leef`.
  package static let fileExtension = "leef"

  private let options: ExportOptions

  /// Prepares the format.
  package init(options: ExportOptions) { self.options = options }

  /// One line.
  package mutating func body(_ record: InfectionRecord) -> FormattedRecord {
    guard let facts = RecordFacts(record, options) else { return .skipped(RecordFacts.noAddress) }
    let header = [
      "LEEF:2.0", ProductVersion.vendor, ProductVersion.product, ProductVersion.text,
      "infection-" + record.change.rawValue, "x09",
    ].joined(separator: "|")
    let pairs = Self.fields.compactMap { field in
      field.value(facts).map { field.key + "=" + PlainText.line($0) }
    }
    return .text(header + "|" + pairs.joined(separator: "\t") + "\n")
  }

  // MARK: - Fields

  /// Predefined keys first (`cat` to `usrName` of IBM's table), then Ponor's own.
  ///
  /// A value has no escapes: printable ASCII holds no tab, and a reader splits at the first `=`.
  static let fields: [TextField] = [
    TextField("cat") { ($0.record.isTest ? "test-" : "") + "infection" },
    TextField("devTime") {
      UTCTime.rfc3339(microseconds: $0.record.firstMicroseconds).dropLast(4) + "Z"
    },
    TextField("devTimeFormat") { _ in "yyyy-MM-dd'T'HH:mm:ss.SSSX" },
    TextField("proto") { $0.ipTransport.uppercased() },
    TextField("sev") { "\($0.severity.leef)" },
    TextField("src") { $0.source.description },
    TextField("dst") { $0.server?.description },
    TextField("srcPort") { $0.sourcePort.map { "\($0)" } },
    TextField("dstPort") { $0.serverPort.map { "\($0)" } },
    TextField("domain") { $0.first?.listedName },
    TextField("client") { $0.clientText },
    TextField("scope") { $0.record.client.scope.rawValue },
    TextField("transport") { $0.record.client.transport },
    TextField("query") { $0.first?.qname },
    TextField("queryType") { $0.first?.qtype },
    TextField("family") { $0.family },
    TextField("variant") { $0.record.variant.isEmpty ? nil : $0.record.variant },
    TextField("seed") { $0.record.seed.isEmpty ? nil : $0.record.seed },
    TextField("count") { "\($0.record.count)" },
    TextField("distinctNames") { "\($0.record.distinctNames)" },
    TextField("lastTime") { UTCTime.rfc3339(microseconds: $0.record.lastMicroseconds) },
    TextField("gate") { $0.record.gate.rawValue },
    TextField("confidence") { "\($0.percent)" },
    TextField("change") { $0.record.change.rawValue },
    TextField("case") { $0.record.caseNumber },
    TextField("recordId") { $0.record.id },
    TextField("revision") { "\($0.record.revision)" },
    TextField("episode") { $0.record.episode },
    TextField("tlp") { $0.tlp.rawValue },
    TextField("resolver") { $0.record.resolver.isEmpty ? nil : $0.record.resolver },
    TextField("tags") { $0.tags.joined(separator: ";") },
  ]
}
