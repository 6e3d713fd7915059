package import Evidence

/// Syslog messages of RFC 5424: one line per record, everything in structured data.
///
/// The time is that of the first lookup, with its microseconds: it belongs to the source port. All
/// text is printable ASCII, so that no label can end a message or forge another.
package struct SyslogFormat: InfectionFormat {
  /// `syslog`.
  package static let name = "syslog"
  /// The RFC.
  package static let follows = "RFC 5424"
  /// Plain text.
  package static let mediaType = "text/plain"
  /// `log`.
  package static let fileExtension = "log"

  /// Facility `authpriv` (RFC 5424 §6.2.1: 10), which systems keep from ordinary readers: the
  /// messages are about persons.
  private static let facility = 10
  /// Name of the structured data; 32473 is the enterprise number of documentation (RFC 5612), as
  /// Ponor has none of its own.
  private static let structuredDataID = "ponor@32473"
  /// The longest host name (RFC 5424 §6.2.4).
  private static let longestHost = 255

  private let options: ExportOptions

  /// Prepares the format.
  package init(options: ExportOptions) { self.options = options }

  /// One line.
  package mutating func body(_ record: InfectionRecord) -> FormattedRecord {
    guard let facts = RecordFacts(record, options) else { return .skipped(RecordFacts.noAddress) }
    let priority = Self.facility * 8 + facts.severity.syslog
    let time = UTCTime.rfc3339(microseconds: record.firstMicroseconds)
    let parameters = Self.fields.compactMap { field in
      field.value(facts).map { value in
        field.key + "=\"" + PlainText.escape(PlainText.line(value), "\"\\]") + "\""
      }
    }
    let data = "[" + ([Self.structuredDataID] + parameters).joined(separator: " ") + "]"
    return .text(
      "<\(priority)>1 \(time) \(host(record)) \(ProductVersion.product) - infection \(data) "
        + PlainText.line("\(facts.title): \(facts.clientText)") + "\n")
  }

  /// The message framed for a stream: its length in octets, a blank, the message (RFC 6587 §3.4.1,
  /// RFC 5425 §4.3); the line end is no part of it.
  package static func octetCounted(_ line: String) -> [UInt8] {
    let message = Array(
      line.utf8.last == UInt8(ascii: "\n") ? line.utf8.dropLast() : line.utf8[...])
    return Array("\(message.count) ".utf8) + message
  }

  /// The resolver's identity, or the organisation's domain; `-` when neither can be shown.
  private func host(_ record: InfectionRecord) -> String {
    for name in [record.resolver, options.domain] {
      let isHost =
        (1...Self.longestHost).contains(name.utf8.count)
        && name.utf8.allSatisfy { (0x21...0x7e).contains($0) }
      if isHost { return name }
    }
    return "-"
  }

  // MARK: - Fields

  static let fields: [TextField] = [
    TextField("id") { $0.record.id },
    TextField("revision") { "\($0.record.revision)" },
    TextField("change") { $0.record.change.rawValue },
    TextField("episode") { $0.record.episode },
    TextField("case") { $0.record.caseNumber },
    TextField("src") { $0.clientText },
    TextField("spt") { $0.sourcePort.map { "\($0)" } },
    TextField("relay") { $0.relay?.description },
    TextField("proto") { $0.record.client.transport },
    TextField("scope") { $0.record.client.scope.rawValue },
    TextField("dst") { $0.server?.description },
    TextField("dpt") { $0.serverPort.map { "\($0)" } },
    TextField("last") { UTCTime.rfc3339(microseconds: $0.record.lastMicroseconds) },
    TextField("count") { "\($0.record.count)" },
    TextField("names") { "\($0.record.distinctNames)" },
    TextField("qname") { $0.first?.qname },
    TextField("qtype") { $0.first?.qtype },
    TextField("family") { $0.family },
    TextField("variant") { $0.record.variant.isEmpty ? nil : $0.record.variant },
    TextField("seed") { $0.record.seed.isEmpty ? nil : $0.record.seed },
    TextField("gate") { $0.record.gate.rawValue },
    TextField("confidence") { "\($0.percent)" },
    TextField("verified") { $0.record.isVerified ? "true" : "false" },
    TextField("tlp") { $0.tlp.rawValue },
    TextField("test") { $0.record.isTest ? "true" : "false" },
  ]
}
