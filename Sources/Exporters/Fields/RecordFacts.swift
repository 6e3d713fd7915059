package import Evidence

/// A record with what several formats derive from it in the same way.
package struct RecordFacts: Sendable {
  /// The record.
  package let record: InfectionRecord
  /// Who reports.
  package let options: ExportOptions
  /// The client's address, checked.
  package let address: ClientAddress

  /// Looks at a record; nil when the client's address is none, which no format can express.
  package init?(_ record: InfectionRecord, _ options: ExportOptions) {
    guard let address = record.client.parsedAddress else { return nil }
    self.record = record
    self.options = options
    self.address = address
  }

  /// The reason why such a record is skipped.
  package static let noAddress = "no valid client address"

  // MARK: - Who asked

  /// Known bits of the address, when it is not a whole one; nil = all, or a length that is none.
  package var prefixLength: Int? {
    guard let length = record.client.prefixLength, length >= 0,
      length < (address.isIPv4 ? 32 : 128)
    else { return nil }
    return length
  }

  /// The client as text, `198.51.100.0/24` when a forwarder told only a prefix.
  package var clientText: String {
    prefixLength.map { "\(address)/\($0)" } ?? address.description
  }

  /// The relay's address, checked.
  package var relay: ClientAddress? { record.client.relay.flatMap { ClientAddress($0) } }

  /// An address for formats that know no prefixes: see `ReportedSource`.
  package var source: ClientAddress {
    ClientAddress(ReportedSource(record.client).address) ?? address
  }

  /// The port that belongs to `source`; nil when none is known.
  package var sourcePort: UInt16? {
    let port = ReportedSource(record.client).port
    return port == 0 ? nil : port
  }

  /// The resolver that was asked; nil when it is not known.
  package var server: ClientAddress? {
    let server = ClientAddress(record.serverAddress)
    return server == ClientAddress(high: 0, low: 0) ? nil : server
  }

  /// Port of the resolver; nil when it is not known.
  package var serverPort: UInt16? { record.serverPort == 0 ? nil : record.serverPort }

  /// `udp`, or `tcp` for everything else (DoT and DoH run over it).
  package var ipTransport: String { Self.ipTransport(record.client.transport) }

  /// Whether a transport of a record is encrypted.
  package static func isEncrypted(_ transport: String) -> Bool {
    transport == "dot" || transport == "doh"
  }

  /// The IP protocol below a transport of a record.
  package static func ipTransport(_ transport: String) -> String {
    transport == "udp" ? "udp" : "tcp"
  }

  // MARK: - What is said of it

  /// The day's first lookup; nil in a damaged record.
  package var first: InfectionRecord.Lookup? { record.lookups.first }

  /// Family, lower case.
  package var family: String { record.family.lowercased() }

  /// Whether the record takes an earlier one back.
  package var isWithdrawn: Bool { record.change == .withdrawn }

  /// Confidence in percent, 0 to 100.
  package var percent: Int {
    guard record.confidence.isFinite else { return 0 }
    return Int((min(max(record.confidence, 0), 1) * 100).rounded())
  }

  /// The record's severity, `info` once it is withdrawn.
  package var severity: Severity {
    isWithdrawn ? .info : Severity(rawValue: record.severity) ?? .info
  }

  /// Traffic light, checked.
  package var tlp: TrafficLight { TrafficLight(record.tlp) }

  /// A short sentence: what was seen, how sure it is, and whether it counts.
  package var title: String {
    let kind =
      switch record.change {
      case .withdrawn: "no infection with \(family) (withdrawn)"
      case .closed: "infection with \(family) no longer seen"
      case .opened, .updated:
        record.gate == .recorded
          ? "lookup of \(family) names" : "infection with \(family) \(record.gate.rawValue)"
      }
    return record.isTest ? "test: " + kind : kind
  }

  /// Short words for filters.
  package var tags: [String] {
    var tags = [record.kind == "feed" ? "feed" : "dga", "dns-sinkhole", record.gate.rawValue]
    if record.isTest { tags.append("test") }
    if isWithdrawn { tags.append("withdrawn") }
    if !record.isVerified { tags.append("source-unverified") }
    if record.client.scope != .line { tags.append("scope-" + record.client.scope.rawValue) }
    return tags
  }

  /// An identifier of exactly this state of the record: the same each time it is sent.
  package var revisionID: String { "\(record.id).\(record.revision)" }

  /// The listed names among the examples, each once, in their order.
  package var listedNames: [String] { Self.distinct(record.lookups.map(\.listedName)) }

  /// Texts without those that came before.
  static func distinct(_ texts: [String]) -> [String] {
    var seen: Set<String> = []
    return texts.filter { seen.insert($0).inserted }
  }
}
