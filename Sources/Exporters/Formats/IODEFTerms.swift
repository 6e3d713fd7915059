import Evidence

/// IODEF's words for what a record says, the same for its XML (RFC 7970) and JSON (RFC 8727) forms.
struct IODEFTerms {
  let record: InfectionRecord
  let options: ExportOptions
  let source: ReportedSource

  init(_ record: InfectionRecord, _ options: ExportOptions) {
    self.record = record
    self.options = options
    source = ReportedSource(record.client)
  }

  /// The value of an attribute that has an enumeration and an extension (RFC 7970 §5.1.1).
  struct Choice {
    let value: String
    let ext: String?

    init(_ value: String) { (self.value, ext) = (value, nil) }
    init(ext: String) { (value, self.ext) = ("ext-value", ext) }
  }

  /// `purpose`: reporting, or a rehearsal.
  var purpose: Choice { record.isTest ? Choice(ext: "test") : Choice("reporting") }

  /// `status` of the incident.
  var status: Choice {
    switch record.change {
    case .opened: Choice("new")
    case .updated: Choice("in-progress")
    case .closed: Choice("resolved")
    case .withdrawn: Choice(ext: "withdrawn")
    }
  }

  /// `restriction`: IODEF has the four colours of the first Traffic Light Protocol.
  var restriction: Choice {
    switch record.tlp {
    case "clear": Choice("white")
    case "green", "amber", "red": Choice(record.tlp)
    default: Choice(ext: record.tlp)
    }
  }

  /// Time of the export; every document must have one.
  var generated: String { UTCTime.rfc3339(microseconds: options.now) }
  var first: String { UTCTime.rfc3339(microseconds: record.firstMicroseconds) }
  var last: String { UTCTime.rfc3339(microseconds: record.lastMicroseconds) }

  var description: String { RecordText.description(record, notesTest: true) }

  /// `rating` of the confidence.
  var rating: String {
    switch record.gate {
    case .confirmed: "high"
    case .likely: "medium"
    case .suspected, .recorded: "low"
    }
  }

  /// `severity` of the impact.
  var severity: String {
    switch record.severity {
    case "critical", "high": "high"
    case "medium": "medium"
    default: "low"
    }
  }

  /// `category` of the client's address.
  var sourceCategory: String { Self.category(source.address) }
  var serverCategory: String { Self.category(record.serverAddress) }

  private static func category(_ address: String) -> String {
    ClientAddress(address)?.isIPv4 ?? true ? "ipv4-addr" : "ipv6-addr"
  }

  /// `category` of the node: a client, or something between.
  var sourceRole: String { record.client.scope == .forwarder ? "name" : "client" }

  /// IP protocol number (IANA): UDP 17, TCP 6.
  var ipProtocol: Int { record.client.transport == "udp" ? 17 : 6 }

  /// `spoofed`: a verified address is not.
  var spoofed: String { record.isVerified ? "no" : "unknown" }

  /// What else is worth telling: name and text.
  var additional: [(name: String, text: String)] {
    [
      ("malware", RecordText.malware(record, options, marksTest: false)),
      ("variant", record.variant), ("seed", record.seed),
      ("gate", record.gate.rawValue), ("confidence", "\(record.confidence)"),
      ("scope", record.client.scope.rawValue), ("transport", record.client.transport),
      ("revision", "\(record.revision)"), ("tlp", record.tlp),
      ("device", record.client.device ?? ""), ("relay", record.client.relay ?? ""),
      (
        "client-network",
        record.client.prefixLength.map { "\(record.client.address)/\($0)" } ?? ""
      ),
    ].filter { !$0.1.isEmpty }.map { ($0.0, $0.1) }
  }

  /// The listed names of the examples that are host names.
  var names: [String] {
    record.lookups.map(\.listedName).filter { HostName.isValid($0) }
  }
}
