package import Evidence

/// Elastic Common Schema: one alert document per record, nested, for Elasticsearch and OpenSearch.
///
/// `event.id` is the record's identifier: used as document id, a later revision replaces an
/// earlier one. Only fields of the schema are used; what it lacks stands in `labels`.
package struct ECSFormat: InfectionFormat {
  /// `ecs`.
  package static let name = "ecs"
  /// The schema.
  package static let follows = "Elastic Common Schema \(version)"
  /// Newline-delimited JSON.
  package static let mediaType = "application/x-ndjson"
  /// `jsonl`.
  package static let fileExtension = "jsonl"
  private static let version = "9.4.0"

  private let options: ExportOptions

  /// Prepares the format.
  package init(options: ExportOptions) { self.options = options }

  /// One line.
  package mutating func body(_ record: InfectionRecord) -> FormattedRecord {
    guard let facts = RecordFacts(record, options) else { return .skipped(RecordFacts.noAddress) }
    return .text(Self.fields.object(facts).text + "\n")
  }

  // MARK: - Fields

  static let fields: [RecordField] = eventFields + networkFields + threatFields + labelFields

  private static let eventFields: [RecordField] = [
    RecordField("@timestamp") { .text(UTCTime.rfc3339(microseconds: $0.record.firstMicroseconds)) },
    RecordField("ecs.version") { _ in .text(version) },
    RecordField("message") { .text($0.title) },
    RecordField("tags") { .texts($0.tags) },
    RecordField("event.id") { .text($0.record.id) },
    RecordField("event.hash") { .text($0.revisionID) },
    RecordField("event.kind") { _ in "alert" },
    RecordField("event.category") { _ in ["malware", "network"] },
    RecordField("event.type") { _ in ["info"] },
    RecordField("event.action") { .text("infection-" + $0.record.change.rawValue) },
    RecordField("event.module") { _ in .text(ProductVersion.product) },
    RecordField("event.dataset") { _ in .text(ProductVersion.product + ".infection") },
    RecordField("event.provider") { .text(optional: $0.options.organisation) },
    RecordField("event.start") {
      .text(UTCTime.rfc3339(microseconds: $0.record.firstMicroseconds))
    },
    RecordField("event.end") { .text(UTCTime.rfc3339(microseconds: $0.record.lastMicroseconds)) },
    RecordField("event.severity") { .integer(Int64($0.severity.cef)) },
    RecordField("event.risk_score") { .real(Double($0.percent)) },
    RecordField("event.reason") { .text(optional: $0.record.reasons.joined(separator: "; ")) },
    RecordField("observer.vendor") { _ in .text(ProductVersion.vendor) },
    RecordField("observer.product") { _ in .text(ProductVersion.product) },
    RecordField("observer.version") { _ in .text(ProductVersion.text) },
    RecordField("observer.type") { _ in "sinkhole" },
    RecordField("observer.name") { .text(optional: $0.record.resolver) },
    RecordField("observer.ip") { $0.server.map { .list([.text($0.description)]) } ?? .absent },
  ]

  private static let networkFields: [RecordField] = [
    // A prefix is no `ip`: it stands in `client.address`, and `source.ip` is the relay that told it.
    RecordField("client.address") { .text($0.clientText) },
    RecordField("client.ip") { $0.prefixLength == nil ? .text($0.address.description) : .absent },
    RecordField("client.port") {
      $0.prefixLength == nil ? .integer(optional: $0.sourcePort) : .absent
    },
    RecordField("source.ip") { .text($0.source.description) },
    RecordField("source.port") { .integer(optional: $0.sourcePort) },
    RecordField("source.as.number") { .integer(optional: $0.record.client.asn) },
    RecordField("source.as.organization.name") { .text(optional: $0.record.client.asName) },
    RecordField("source.geo.country_iso_code") { .text(optional: $0.record.client.country) },
    RecordField("source.geo.city_name") { .text(optional: $0.record.client.city) },
    RecordField("destination.ip") { .text(optional: $0.server?.description) },
    RecordField("destination.port") { .integer(optional: $0.serverPort) },
    RecordField("network.type") { $0.source.isIPv4 ? "ipv4" : "ipv6" },
    RecordField("network.transport") { .text($0.ipTransport) },
    RecordField("network.protocol") { _ in "dns" },
    RecordField("network.direction") { _ in "inbound" },
    RecordField("dns.type") { _ in "query" },
    RecordField("dns.question.name") { .text(optional: $0.first?.qname) },
    RecordField("dns.question.type") { .text(optional: $0.first?.qtype) },
    RecordField("dns.question.class") { _ in "IN" },
    RecordField("related.ip") { facts in
      .texts(
        RecordFacts.distinct(
          [facts.source, facts.prefixLength == nil ? facts.address : nil, facts.relay]
            .compactMap { $0?.description }))
    },
    RecordField("related.hosts") { .texts($0.listedNames) },
  ]

  private static let threatFields: [RecordField] = [
    RecordField("threat.framework") { _ in "MITRE ATT&CK" },
    RecordField("threat.technique.id") { _ in ["T1568"] },
    RecordField("threat.technique.name") { _ in ["Dynamic Resolution"] },
    RecordField("threat.technique.subtechnique.id") { _ in ["T1568.002"] },
    RecordField("threat.technique.subtechnique.name") { _ in ["Domain Generation Algorithms"] },
    RecordField("threat.software.name") { .text($0.family) },
    RecordField("threat.software.id") {
      .text(optional: $0.options.aliases[$0.record.family]?.mitre)
    },
    RecordField("threat.software.type") { _ in "Malware" },
    RecordField("threat.indicator.type") { _ in "domain-name" },
    RecordField("threat.indicator.name") { .text(optional: $0.first?.listedName) },
    RecordField("threat.indicator.url.domain") { .text(optional: $0.first?.listedName) },
    RecordField("threat.indicator.confidence") { .text(confidence($0)) },
    RecordField("threat.indicator.sightings") { .integer(optional: $0.record.count) },
    RecordField("threat.indicator.first_seen") {
      .text(UTCTime.rfc3339(microseconds: $0.record.firstMicroseconds))
    },
    RecordField("threat.indicator.last_seen") {
      .text(UTCTime.rfc3339(microseconds: $0.record.lastMicroseconds))
    },
    RecordField("threat.indicator.marking.tlp") { .text($0.tlp.upper) },
    RecordField("threat.indicator.marking.tlp_version") { _ in "2.0" },
    RecordField("rule.category") { _ in "dns-sinkhole" },
    RecordField("rule.name") { .text($0.family) },
  ]

  /// Labels are keywords: a mapping of `labels.*` must not see numbers and texts in one field.
  private static let labelFields: [RecordField] = [
    RecordField("labels.case") { .text($0.record.caseNumber) },
    RecordField("labels.episode") { .text($0.record.episode) },
    RecordField("labels.revision") { .text("\($0.record.revision)") },
    RecordField("labels.change") { .text($0.record.change.rawValue) },
    RecordField("labels.gate") { .text($0.record.gate.rawValue) },
    RecordField("labels.scope") { .text($0.record.client.scope.rawValue) },
    RecordField("labels.transport") { .text($0.record.client.transport) },
    RecordField("labels.verified") { .text($0.record.isVerified ? "true" : "false") },
    RecordField("labels.distinct_names") { .text("\($0.record.distinctNames)") },
    RecordField("labels.variant") { .text(optional: $0.record.variant) },
    RecordField("labels.seed") { .text(optional: $0.record.seed) },
    RecordField("labels.test") { .text($0.record.isTest ? "true" : "false") },
  ]

  /// ECS counts confidence in words.
  private static func confidence(_ facts: RecordFacts) -> String {
    if facts.isWithdrawn { return "None" }
    switch facts.record.gate {
    case .recorded: return "None"
    case .suspected: return "Low"
    case .likely: return "Medium"
    case .confirmed: return "High"
    }
  }
}
