package import Evidence

/// n6 events (CERT Polska), one JSON object per line: `category` bots, `origin` sinkhole.
///
/// Addresses are IPv4 only; IPv6 clients are skipped and counted. n6 has no class for rehearsals:
/// they go to `other` under the name `test-…`.
package struct N6: InfectionFormat {
  /// `n6`.
  package static let name = "n6"
  /// The version of the field names.
  package static let follows = "n6 4.40.0 (CERT-Polska/n6 9c4006a)"
  /// Newline-delimited JSON.
  package static let mediaType = "application/x-ndjson"
  /// `jsonl`.
  package static let fileExtension = "jsonl"

  /// The greatest `count` (n6's data specification).
  private static let largestCount: UInt64 = 1 << 32 - 1
  private static let nameLimit = 255
  /// The whole of `source` has at most 32 characters.
  private static let providerLimit = 23

  private let options: ExportOptions
  private let source: String

  /// Prepares the format.
  package init(options: ExportOptions) {
    self.options = options
    let provider = options.fileTag.lowercased().utf8.map { octet in
      (97...122).contains(octet) || (48...57).contains(octet) ? octet : UInt8(ascii: "-")
    }
    source = String(decoding: provider.prefix(Self.providerLimit), as: UTF8.self) + ".sinkhole"
  }

  /// One event.
  package mutating func body(_ record: InfectionRecord) -> FormattedRecord {
    if record.change == .withdrawn { return .skipped(SkipReason.withdrawn) }
    let reported = ReportedSource(record.client)
    guard reported.isIPv4 else { return .skipped(SkipReason.ipv6) }
    var object = JSONObject()
    object.add("id", String(record.id.filter { $0 != "-" }))
    object.add("source", source)
    object.add("restriction", Self.restriction(record))
    object.add("confidence", Self.confidence(record))
    object.add("category", Self.category(record))
    object.add("time", UTCTime.rfc3339(microseconds: record.firstMicroseconds))
    object.add("until", UTCTime.rfc3339(microseconds: record.lastMicroseconds))
    object.add("modified", UTCTime.rfc3339(microseconds: options.now))
    object.add("count", min(record.count, Self.largestCount))
    object.add("address", raw: JSONObject.array([Self.address(reported, record.client)]))
    if reported.port > 0 { object.add("sport", reported.port) }
    if let server = ClientAddress(record.serverAddress), server.isIPv4 {
      object.add("dip", record.serverAddress)
    }
    object.add("dport", record.serverPort)
    object.add("proto", record.client.transport == "udp" ? "udp" : "tcp")
    if let name = RecordText.hostname(record) { object.add("fqdn", name) }
    let malware = RecordText.malware(record, options, marksTest: true)
    object.add("name", String(malware.prefix(Self.nameLimit)))
    object.add("origin", "sinkhole")
    return .text(object.line + "\n")
  }

  private static func address(
    _ reported: ReportedSource, _ client: InfectionRecord.Client
  ) -> String {
    var object = JSONObject()
    object.add("ip", reported.address)
    if let country = client.country { object.add("cc", country) }
    object.add("asn", present: client.asn)
    return object.line
  }

  private static func category(_ record: InfectionRecord) -> String {
    if record.isTest { return "other" }
    return record.client.scope == .forwarder ? "dns-query" : "bots"
  }

  /// n6 hands `need-to-know` to those concerned and `internal` to nobody.
  private static func restriction(_ record: InfectionRecord) -> String {
    switch record.tlp {
    case "clear": "public"
    case "green", "amber": "need-to-know"
    default: "internal"
    }
  }

  private static func confidence(_ record: InfectionRecord) -> String {
    switch record.gate {
    case .confirmed: "high"
    case .likely: "medium"
    case .suspected, .recorded: "low"
    }
  }
}
