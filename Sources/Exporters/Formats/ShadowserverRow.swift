import Evidence

/// The values of Shadowserver's columns for one record.
///
/// A row shows the time, port, transport and resolver of the day's first lookup, which is what an
/// ISP needs to find the subscriber behind a carrier-grade NAT (RFC 6302).
struct ShadowserverRow {
  let record: InfectionRecord
  let options: ExportOptions
  /// The address that the row is about, and its source port.
  let source: ReportedSource

  init(_ record: InfectionRecord, _ options: ExportOptions) {
    self.record = record
    self.options = options
    source = ReportedSource(record.client)
  }

  /// The fields of some columns as a CSV line: every field quoted, line end LF (csv dialect `unix`).
  func line(_ columns: [String], severity: String) -> String {
    var values = values
    values["severity"] = severity
    return columns.map { SafeText.csv(values[$0] ?? "") }.joined(separator: ",") + "\n"
  }

  /// Header line of some columns.
  static func head(_ columns: [String]) -> String {
    columns.map { SafeText.csv($0) }.joined(separator: ",") + "\n"
  }

  private var values: [String: String] {
    let lookup = record.lookups.first
    let isKnownServer = record.serverAddress != "::"
    return [
      "timestamp": UTCTime.spaced(microseconds: record.firstMicroseconds),
      "protocol": record.client.transport == "udp" ? "udp" : "tcp",
      "src_ip": source.address,
      "src_port": source.port == 0 ? "" : "\(source.port)",
      "src_asn": record.client.asn.map { "\($0)" } ?? "",
      "src_geo": record.client.country ?? "",
      "src_city": record.client.city ?? "",
      "dst_ip": isKnownServer ? record.serverAddress : "",
      "dst_port": isKnownServer ? "\(record.serverPort)" : "",
      "public_source": options.fileTag,
      // The report has no class for rehearsals.
      "infection": RecordText.malware(record, options, marksTest: true),
      "family": record.family.lowercased(),
      "tag": tag,
      "application": "dns",
      // 32 hex digits, as Shadowserver's own.
      "event_id": record.id.filter { $0 != "-" },
      "query": lookup?.qname ?? "",
      "query_type": lookup?.qtype ?? "",
      "count": "\(record.count)",
    ]
  }

  private var tag: String {
    var tags = record.isTest ? ["test"] : []
    tags += [record.kind == "feed" ? "feed" : "dga", "dns-sinkhole"]
    if !record.variant.isEmpty { tags.append(record.variant) }
    if record.client.scope == .shared { tags.append("shared-address") }
    // UDP sources can be forged: a receiver must be able to tell (DESIGN.md §6).
    if !record.isVerified { tags.append("source-unverified") }
    // Receivers split at `;` and at `,`.
    return tags.map { String($0.map { ";,".contains($0) ? "_" : $0 }) }.joined(separator: ";")
  }
}

/// Whom a format with room for one address names.
///
/// A client of which a forwarder told but a prefix has no address: the forwarder is the nearest
/// one that is known.
struct ReportedSource: Equatable {
  let address: String
  /// Source port of that address; 0 when it is not known.
  let port: UInt16

  init(_ client: InfectionRecord.Client) {
    if client.prefixLength != nil, let relay = client.relay {
      (address, port) = (relay, client.relayPort ?? 0)
    } else {
      (address, port) = (client.address, client.port)
    }
  }

  var isIPv4: Bool { ClientAddress(address)?.isIPv4 ?? false }
}
