import Evidence

/// IntelMQ's names of fields and our values, for both of its forms.
///
/// Follows `harmonization.conf` of IntelMQ 3.5.0. What every event has comes first; an event that is
/// fit for use has a feed, a class, two times and a source (IntelMQ's documentation); we always add
/// the source port and the malware.
enum IntelMQFields {
  /// The version of the field names.
  static let version = "IntelMQ 3.5.0 harmonization"

  /// Fields that may occur, in the order of the CSV columns.
  static let columns = [
    "time.source", "time.observation", "classification.taxonomy", "classification.type",
    "classification.identifier", "malware.name", "source.ip", "source.port", "source.asn",
    "source.as_name", "source.geolocation.cc", "source.geolocation.city", "source.account",
    "source.network", "destination.ip", "destination.port", "destination.fqdn",
    "protocol.transport", "protocol.application", "severity", "tlp", "status", "feed.name",
    "feed.provider", "feed.accuracy", "event_hash", "event_description.text", "extra.record",
    "extra.revision", "extra.change", "extra.case", "extra.count", "extra.distinct_names",
    "extra.time_end", "extra.query", "extra.query_type", "extra.action", "extra.encryption",
    "extra.gate", "extra.tlp", "extra.scope", "extra.verified", "extra.family", "extra.variant",
    "extra.seed", "extra.device", "extra.relay", "extra.client_network", "extra.resolver",
  ]

  /// A value: IntelMQ tells numbers from strings.
  enum Value {
    case text(String)
    case number(String)

    var csv: String {
      switch self {
      case .text(let text), .number(let text): text
      }
    }
  }

  /// The fields of a record; those that say nothing are left out.
  static func values(_ record: InfectionRecord, _ options: ExportOptions) -> [String: Value] {
    var fields: [String: Value] = [:]
    addClass(record, options, &fields)
    addSource(record, options, &fields)
    addDestination(record, &fields)
    addExtra(record, &fields)
    return fields.filter { !$0.value.csv.isEmpty }
  }

  // MARK: - Parts

  /// RSIT class: only a line that is probably infected is called so.
  private static func rsit(_ record: InfectionRecord) -> (taxonomy: String, type: String) {
    if record.isTest { return ("test", "test") }
    if record.change == .withdrawn { return ("other", "undetermined") }
    // As Shadowserver's report of forwarders: the address is not that of the infected host.
    if record.client.scope == .forwarder { return ("other", "other") }
    return ("malicious-code", "infected-system")
  }

  private static func addClass(
    _ record: InfectionRecord, _ options: ExportOptions, _ fields: inout [String: Value]
  ) {
    let malware = RecordText.malware(record, options, marksTest: false)
    let (taxonomy, type) = rsit(record)
    fields["classification.taxonomy"] = .text(taxonomy)
    fields["classification.type"] = .text(type)
    fields["classification.identifier"] = .text(malware)
    fields["malware.name"] = .text(malware)
    fields["severity"] = .text(record.severity)
    fields["tlp"] = .text(tlp(record.tlp))
    if record.change == .withdrawn || record.change == .closed {
      fields["status"] = .text(record.change.rawValue)
    }
    fields["feed.name"] = .text("Ponor")
    fields["feed.provider"] = .text(options.organisation)
    fields["feed.accuracy"] = .number("\((record.confidence * 10_000).rounded() / 100)")
    // The record's identity alone: counts change, and must not make a new event of an old one.
    fields["event_hash"] = .text(String(record.id.filter { $0 != "-" }).uppercased())
    fields["event_description.text"] = .text(RecordText.description(record, notesTest: true))
    fields["time.source"] = .text(instant(record.firstMicroseconds))
    fields["time.observation"] = .text(instant(options.now))
  }

  /// IntelMQ has no CLEAR and no AMBER+STRICT; the narrower colour is the safe one.
  private static func tlp(_ colour: String) -> String {
    switch colour {
    case "clear": "WHITE"
    case "amber+strict": "RED"
    default: colour.uppercased()
    }
  }

  /// With an offset: IntelMQ's `DateTime` refuses none.
  private static func instant(_ microseconds: Int64) -> String {
    String(UTCTime.rfc3339(microseconds: microseconds).dropLast()) + "+00:00"
  }

  private static func addSource(
    _ record: InfectionRecord, _ options: ExportOptions, _ fields: inout [String: Value]
  ) {
    let client = record.client
    let source = ReportedSource(client)
    fields["source.ip"] = .text(source.address)
    if source.port > 0 { fields["source.port"] = .number("\(source.port)") }
    if let asn = client.asn, asn > 0 { fields["source.asn"] = .number("\(asn)") }
    fields["source.as_name"] = .text(client.asName ?? "")
    fields["source.geolocation.cc"] = .text(client.country ?? "")
    fields["source.geolocation.city"] = .text(client.city ?? "")
    if options.includesSubscriber, let key = record.subscriber?.key {
      fields["source.account"] = .text(key)
    }
    guard let length = client.prefixLength else { return }
    let network = "\(client.address)/\(length)"
    fields["extra.client_network"] = .text(network)
    // A network that does not hold the address would contradict it.
    if source.address == client.address { fields["source.network"] = .text(network) }
  }

  private static func addDestination(_ record: InfectionRecord, _ fields: inout [String: Value]) {
    if record.serverAddress != "::" {
      fields["destination.ip"] = .text(record.serverAddress)
      fields["destination.port"] = .number("\(record.serverPort)")
    }
    fields["destination.fqdn"] = .text(RecordText.hostname(record) ?? "")
    fields["protocol.transport"] = .text(record.client.transport == "udp" ? "udp" : "tcp")
    fields["protocol.application"] = .text("dns")
    let encryption = ["dot": "tls", "doh": "https"][record.client.transport]
    fields["extra.encryption"] = .text(encryption ?? "")
  }

  private static func addExtra(_ record: InfectionRecord, _ fields: inout [String: Value]) {
    let lookup = record.lookups.first
    let texts = [
      "record": record.id, "change": record.change.rawValue, "case": record.caseNumber,
      "time_end": instant(record.lastMicroseconds), "query": lookup?.qname ?? "",
      "query_type": lookup?.qtype ?? "", "action": lookup?.action ?? "",
      "gate": record.gate.rawValue, "tlp": record.tlp, "scope": record.client.scope.rawValue,
      "verified": record.isVerified ? "true" : "false", "family": record.family,
      "variant": record.variant, "seed": record.seed, "device": record.client.device ?? "",
      "relay": record.client.relay ?? "", "resolver": record.resolver,
    ]
    for (key, text) in texts { fields["extra." + key] = .text(text) }
    fields["extra.revision"] = .number("\(record.revision)")
    fields["extra.count"] = .number("\(record.count)")
    fields["extra.distinct_names"] = .number("\(record.distinctNames)")
  }
}
