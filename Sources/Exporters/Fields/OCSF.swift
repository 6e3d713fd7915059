import Evidence

/// What the two OCSF classes have in common.
enum OCSF {
  /// The version both follow; the fields used are in 1.9 as well.
  static let version = "1.2.0"

  /// Base attributes and those of the profile `security_control`.
  static let commonFields: [RecordField] = [
    RecordField("time") { .integer($0.record.firstMicroseconds / 1_000) },
    RecordField("start_time") { .integer($0.record.firstMicroseconds / 1_000) },
    RecordField("end_time") { .integer($0.record.lastMicroseconds / 1_000) },
    // A 32-bit number in the schema.
    RecordField("count") { .integer(Int64(min($0.record.count, UInt64(Int32.max)))) },
    RecordField("severity_id") { .integer($0.severity.ocsf) },
    RecordField("severity") { .text($0.severity.ocsfName) },
    RecordField("message") { .text($0.title) },
    RecordField("metadata.version") { _ in .text(version) },
    RecordField("metadata.uid") { .text($0.revisionID) },
    RecordField("metadata.profiles") { _ in ["security_control"] },
    RecordField("metadata.labels") { .texts($0.tags) },
    RecordField("metadata.product.vendor_name") { _ in .text(ProductVersion.vendor) },
    RecordField("metadata.product.name") { _ in .text(ProductVersion.product) },
    RecordField("metadata.product.version") { _ in .text(ProductVersion.text) },
    RecordField("action_id") { .integer(action($0).id) },
    RecordField("action") { .text(action($0).name) },
    RecordField("malware") { facts in
      [["name": .text(facts.family), "classification_ids": [3], "classifications": ["Bot"]]]
    },
    RecordField("unmapped") { unmappedFields.object($0) },
  ]

  /// What the schema has no place for.
  private static let unmappedFields: [RecordField] = [
    RecordField("case") { .text($0.record.caseNumber) },
    RecordField("episode") { .text($0.record.episode) },
    RecordField("record") { .text($0.record.id) },
    RecordField("revision") { .integer(Int64($0.record.revision)) },
    RecordField("change") { .text($0.record.change.rawValue) },
    RecordField("gate") { .text($0.record.gate.rawValue) },
    RecordField("client") { .text($0.clientText) },
    RecordField("scope") { .text($0.record.client.scope.rawValue) },
    RecordField("transport") { .text($0.record.client.transport) },
    RecordField("distinct_names") { .integer(optional: $0.record.distinctNames) },
    RecordField("variant") { .text(optional: $0.record.variant) },
    RecordField("seed") { .text(optional: $0.record.seed) },
    RecordField("verified") { .flag($0.record.isVerified) },
    RecordField("tlp") { .text($0.tlp.rawValue) },
    RecordField("test") { .flag($0.record.isTest) },
  ]

  /// A sinkholed or refused name was denied, an observed one allowed.
  private static func action(_ facts: RecordFacts) -> (id: Int64, name: String) {
    facts.first?.action == "observe" ? (1, "Allowed") : (2, "Denied")
  }

  /// The client; its name is what it is called in the record, prefixes included.
  static func source(_ facts: RecordFacts, port: UInt16) -> JSONTree {
    [
      "name": .text(facts.clientText), "ip": .text(facts.source.description),
      "port": port == 0 ? .absent : .integer(Int64(port)),
    ]
  }

  /// The resolver.
  static func destination(_ facts: RecordFacts) -> JSONTree {
    guard let server = facts.server else { return .absent }
    return [
      "name": .text(facts.record.resolver.isEmpty ? server.description : facts.record.resolver),
      "ip": .text(server.description), "port": .integer(optional: facts.serverPort),
      "svc_name": "domain",
    ]
  }

  /// One question.
  static func query(_ lookup: InfectionRecord.Lookup) -> JSONTree {
    ["hostname": .text(lookup.qname), "type": .text(lookup.qtype), "class": "IN"]
  }

  /// Protocol numbers of IANA: 6 TCP, 17 UDP.
  static func connection(_ facts: RecordFacts) -> JSONTree {
    [
      "direction_id": 1, "direction": "Inbound",
      "protocol_num": facts.ipTransport == "udp" ? 17 : 6,
      "protocol_name": .text(facts.ipTransport),
      "protocol_ver_id": facts.source.isIPv4 ? 4 : 6,
    ]
  }
}
