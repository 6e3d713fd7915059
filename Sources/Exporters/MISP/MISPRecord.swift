import Evidence

/// What a record becomes within a MISP event: an object of the connection and its listed names.
///
/// Everything has `to_ids` false: MISP's default for `ip-src` is true and would publish a
/// customer's address as something to block. Names to block come from the domain side.
struct MISPRecord {
  let facts: RecordFacts
  /// The event it is in; part of all identifiers, as MISP wants them unique over all events.
  let event: String
  private var record: InfectionRecord { facts.record }

  /// Seconds since 1970, one more with each revision: MISP takes the newer.
  static func timestamp(_ record: InfectionRecord) -> Int64 {
    max(record.lastMicroseconds, 0) / UTCTime.microsecondsPerSecond
      + Int64(clamping: record.revision)
  }

  /// MISP's threat level: 1 high to 3 low, 4 undefined.
  static func threatLevel(_ record: InfectionRecord) -> Int {
    record.change == .withdrawn ? 4 : 4 - record.gate.rank
  }

  private var timestamp: JSONTree { .text("\(Self.timestamp(record))") }

  // MARK: - The object

  /// The connection: who asked whom, when first and last, and how often.
  var object: JSONTree {
    let template = MISPNames.objectTemplate
    return [
      "uuid": .text(uuid("object")), "name": .text(template.name), "meta-category": "network",
      "template_uuid": .text(template.uuid), "template_version": .text("\(template.version)"),
      "timestamp": timestamp, "distribution": "5", "comment": .text(comment),
      "Attribute": .list(Self.fields.compactMap(attribute) + layers),
    ]
  }

  private var comment: String {
    [
      facts.title, "case \(record.caseNumber)", "record \(record.id)",
      "revision \(record.revision)", "confidence \(facts.percent) %",
      facts.tags.joined(separator: " "),
    ].joined(separator: "; ")
  }

  /// Relations of the template, with MISP's type and category of each.
  private static let fields: [(type: String, category: String, field: TextField)] = [
    ("ip-src", network, TextField("ip-src") { $0.clientText }),
    (
      "port", network,
      TextField("src-port") { $0.record.client.port == 0 ? nil : "\($0.record.client.port)" }
    ),
    ("ip-dst", network, TextField("ip-dst") { $0.server?.description }),
    ("port", network, TextField("dst-port") { $0.serverPort.map { "\($0)" } }),
    (
      "hostname", network,
      TextField("hostname-dst") { facts in
        facts.first.map { $0.qname }.flatMap { HostName.isValid($0) ? $0 : nil }
      }
    ),
    (
      "datetime", other,
      TextField("first-packet-seen") {
        UTCTime.rfc3339(microseconds: $0.record.firstMicroseconds)
      }
    ),
    (
      "datetime", other,
      TextField("last-packet-seen") { UTCTime.rfc3339(microseconds: $0.record.lastMicroseconds) }
    ),
    ("counter", other, TextField("count") { "\($0.record.count)" }),
    ("text", other, TextField("layer3-protocol") { _ in "IP" }),
    ("text", other, TextField("layer4-protocol") { $0.ipTransport.uppercased() }),
  ]
  private static let network = "Network activity"
  private static let other = "Other"

  private func attribute(
    _ row: (type: String, category: String, field: TextField)
  ) -> JSONTree? {
    guard let value = row.field.value(facts) else { return nil }
    let sightings = row.field.key == "ip-src" ? self.sightings : .absent
    return attribute(row.field.key, row.type, row.category, value, sightings: sightings)
  }

  /// The one relation of the template that may stand several times.
  private var layers: [JSONTree] {
    let names =
      switch record.client.transport {
      case "dot": ["DNS", "TLS"]
      case "doh": ["DNS", "HTTP", "TLS"]
      default: ["DNS"]
      }
    return names.map { attribute("layer7-protocol", "text", Self.other, $0, sightings: .absent) }
  }

  private func attribute(
    _ relation: String, _ type: String, _ category: String, _ value: String, sightings: JSONTree
  ) -> JSONTree {
    [
      "uuid": .text(uuid("attribute", relation, value)), "object_relation": .text(relation),
      "type": .text(type), "category": .text(category), "value": .text(value), "to_ids": false,
      "timestamp": timestamp, "distribution": "5", "Sighting": sightings,
    ]
  }

  /// A false positive (type 1) for what was withdrawn, an expiry (2) for what is over.
  private var sightings: JSONTree {
    let type: String
    switch record.change {
    case .withdrawn: type = "1"
    case .closed: type = "2"
    case .opened, .updated: return .absent
    }
    return [
      [
        "uuid": .text(uuid("sighting", type)), "type": .text(type), "date_sighting": timestamp,
        "source": .text(facts.options.organisation),
      ]
    ]
  }

  private func uuid(_ parts: String...) -> String {
    UUIDv5.text(parts: ["misp", event, record.id] + parts)
  }
}
