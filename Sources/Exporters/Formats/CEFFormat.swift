package import Evidence

/// ArcSight's Common Event Format: one line per record.
///
/// `src` and `dst` of version 0 are IPv4 addresses; IPv6 ones have keys of their own with labels.
package struct CEFFormat: InfectionFormat {
  /// `cef`.
  package static let name = "cef"
  /// The version.
  package static let follows = "CEF:0 (ArcSight Common Event Format, extension dictionary 0.1)"
  /// Plain text.
  package static let mediaType = "text/plain"
  /// `cef`.
  package static let fileExtension = "cef"

  /// The longest `msg` and `reason` in the dictionary.
  private static let longestMessage = 1_023

  private let options: ExportOptions

  /// Prepares the format.
  package init(options: ExportOptions) { self.options = options }

  /// One line.
  package mutating func body(_ record: InfectionRecord) -> FormattedRecord {
    guard let facts = RecordFacts(record, options) else { return .skipped(RecordFacts.noAddress) }
    let header = [
      "CEF:0", ProductVersion.vendor, ProductVersion.product, ProductVersion.text,
      "infection-" + record.change.rawValue, facts.title, "\(facts.severity.cef)",
    ].map { PlainText.escape(PlainText.line($0), "\\|") }
    let pairs = Self.fields.flatMap { Self.pairs($0, facts) }
    return .text((header + [pairs.joined(separator: " ")]).joined(separator: "|") + "\n")
  }

  private static func pairs(_ field: TextField, _ facts: RecordFacts) -> [String] {
    guard let value = field.value(facts) else { return [] }
    // Blanks at the end of a value would run into the next key.
    let text = PlainText.line(value).split(separator: " ").joined(separator: " ")
    let pair = field.key + "=" + PlainText.escape(text, "\\=")
    return field.label.map { [pair, field.key + "Label=" + $0] } ?? [pair]
  }

  // MARK: - Fields

  static let fields: [TextField] = endpointFields + contentFields

  private static let endpointFields: [TextField] = [
    // Milliseconds since 1970: the form that needs no time zone.
    TextField("rt") { "\($0.record.firstMicroseconds / 1_000)" },
    TextField("start") { "\($0.record.firstMicroseconds / 1_000)" },
    TextField("end") { "\($0.record.lastMicroseconds / 1_000)" },
    TextField("src") { $0.source.isIPv4 ? $0.source.description : nil },
    TextField("c6a2", label: "Source IPv6 Address") {
      $0.source.isIPv4 ? nil : $0.source.description
    },
    TextField("spt") { $0.sourcePort.map { "\($0)" } },
    TextField("dst") { facts in facts.server.flatMap { $0.isIPv4 ? $0.description : nil } },
    TextField("c6a3", label: "Destination IPv6 Address") { facts in
      facts.server.flatMap { $0.isIPv4 ? nil : $0.description }
    },
    TextField("dpt") { $0.serverPort.map { "\($0)" } },
    TextField("proto") { $0.ipTransport.uppercased() },
    TextField("app") { $0.record.client.transport == "udp" ? "DNS" : $0.record.client.transport },
    TextField("dvchost") { $0.record.resolver.isEmpty ? nil : $0.record.resolver },
    TextField("destinationDnsDomain") { $0.first?.listedName },
  ]

  private static let contentFields: [TextField] = [
    TextField("act") { $0.first?.action },
    TextField("cat") { $0.record.isTest ? "/Test/Malware/Bot" : "/Malware/Bot" },
    TextField("cnt") { "\(min($0.record.count, UInt64(Int32.max)))" },
    TextField("externalId") { $0.record.id },
    TextField("cn1", label: "Distinct names") { "\($0.record.distinctNames)" },
    TextField("cn2", label: "Confidence percent") { "\($0.percent)" },
    TextField("cn3", label: "Revision") { "\($0.record.revision)" },
    TextField("cs1", label: "Family") { $0.family },
    TextField("cs2", label: "Query name") { $0.first?.qname },
    TextField("cs3", label: "Query type") { $0.first?.qtype },
    TextField("cs4", label: "Case") { $0.record.caseNumber },
    TextField("cs5", label: "Gate") { $0.record.gate.rawValue },
    TextField("cs6", label: "TLP") { $0.tlp.upper },
    TextField("flexString1", label: "Client") { $0.clientText },
    TextField("flexString2", label: "Tags") { $0.tags.joined(separator: ";") },
    TextField("reason") { facts in
      let reasons = facts.record.reasons.joined(separator: "; ")
      return reasons.isEmpty ? nil : PlainText.clipped(PlainText.line(reasons), longestMessage)
    },
  ]
}
