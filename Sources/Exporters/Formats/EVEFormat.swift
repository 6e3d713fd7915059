package import Evidence

/// Suricata's EVE JSON: one `alert` per record, as if a rule had matched its first lookup.
///
/// Suricata's own schema refuses every field it does not know, so what it has no place for stands
/// in `alert.context`, the one object that is open.
package struct EVEFormat: InfectionFormat {
  /// `eve`.
  package static let name = "eve"
  /// Suricata's schema.
  package static let follows = "Suricata EVE, etc/schema.json 398687d (dns version 3)"
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

  static let fields: [RecordField] = [
    RecordField("timestamp") { .text(timestamp($0.record.firstMicroseconds)) },
    RecordField("flow_id") { .integer(flow($0.record.id)) },
    RecordField("event_type") { _ in "alert" },
    RecordField("host") { .text(optional: $0.record.resolver) },
    RecordField("src_ip") { .text($0.source.description) },
    RecordField("src_port") { .integer(optional: $0.sourcePort) },
    RecordField("dest_ip") { .text(optional: $0.server?.description) },
    RecordField("dest_port") { .integer(optional: $0.serverPort) },
    RecordField("proto") { .text($0.ipTransport.uppercased()) },
    RecordField("app_proto") { _ in "dns" },
    RecordField("alert.action") { _ in "allowed" },
    RecordField("alert.gid") { _ in 1 },
    RecordField("alert.signature_id") { .integer(SuricataIDs.signature($0)) },
    RecordField("alert.rev") { _ in 1 },
    RecordField("alert.signature") { .text("PONOR " + $0.title) },
    RecordField("alert.category") { _ in "A Network Trojan was detected" },
    RecordField("alert.severity") { .integer($0.severity.suricata) },
    RecordField("alert.metadata.malware_family") { .list([.text($0.family)]) },
    RecordField("alert.metadata.tag") { .texts($0.tags) },
    RecordField("alert.metadata.signature_severity") {
      .list([.text($0.severity.rawValue.capitalizedASCII)])
    },
    RecordField("alert.context.ponor") { context($0) },
    RecordField("dns") { dns($0) },
  ]

  /// What EVE has no place for.
  private static let contextFields: [RecordField] = [
    RecordField("record") { .text($0.record.id) },
    RecordField("revision") { .integer(optional: $0.record.revision) },
    RecordField("change") { .text($0.record.change.rawValue) },
    RecordField("episode") { .text($0.record.episode) },
    RecordField("case") { .text($0.record.caseNumber) },
    RecordField("last") { .text(timestamp($0.record.lastMicroseconds)) },
    RecordField("count") { .integer(optional: $0.record.count) },
    RecordField("distinct_names") { .integer(optional: $0.record.distinctNames) },
    RecordField("client") { .text($0.clientText) },
    RecordField("scope") { .text($0.record.client.scope.rawValue) },
    RecordField("transport") { .text($0.record.client.transport) },
    RecordField("family") { .text($0.family) },
    RecordField("variant") { .text(optional: $0.record.variant) },
    RecordField("seed") { .text(optional: $0.record.seed) },
    RecordField("names") { .texts($0.listedNames) },
    RecordField("gate") { .text($0.record.gate.rawValue) },
    RecordField("confidence") { .integer(optional: $0.percent) },
    RecordField("verified") { .flag($0.record.isVerified) },
    RecordField("tlp") { .text($0.tlp.rawValue) },
    RecordField("test") { .flag($0.record.isTest) },
  ]

  private static func context(_ facts: RecordFacts) -> JSONTree { contextFields.object(facts) }

  /// The first lookup as EVE shows a request.
  private static func dns(_ facts: RecordFacts) -> JSONTree {
    guard let lookup = facts.first else { return .absent }
    return [
      "version": 3, "type": "request",
      "queries": [["rrname": .text(lookup.qname), "rrtype": .text(lookup.qtype)]],
    ]
  }

  /// `2026-11-22T03:14:07.250000+0000`: EVE has no colon in the offset.
  private static func timestamp(_ microseconds: Int64) -> String {
    UTCTime.rfc3339(microseconds: microseconds).dropLast() + "+0000"
  }

  /// A number that stays with the record, within the 51 bits that JavaScript readers keep exact.
  private static func flow(_ id: String) -> Int64 {
    Int64(id.filter(\.isHexDigit).prefix(12), radix: 16) ?? 0
  }
}
