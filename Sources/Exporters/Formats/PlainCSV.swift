package import Evidence

/// A table for spreadsheets and scripts: one row per record, columns of our own.
///
/// The columns are told in docs/exports.md. A field that a spreadsheet would take for a formula gets
/// an apostrophe in front, control characters and marks of writing direction are written `\u{…}`.
package struct PlainCSV: InfectionFormat {
  /// `csv`.
  package static let name = "csv"
  /// The version of the columns: that of the record.
  package static let follows =
    "Ponor table, schema \(InfectionRecord.schemaVersion); CSV as in RFC 4180"
  /// CSV.
  package static let mediaType = "text/csv"
  /// `csv`.
  package static let fileExtension = "csv"
  /// A row means nothing without the header.
  package static let isDocumentOnly = true

  private struct Column: Sendable {
    let name: String
    let value: @Sendable (InfectionRecord) -> String

    init(_ name: String, _ value: @escaping @Sendable (InfectionRecord) -> String) {
      self.name = name
      self.value = value
    }
  }

  private let columns: [Column]

  /// Prepares the format.
  package init(options: ExportOptions) {
    columns = Self.columns + (options.includesSubscriber ? Self.internalColumns : [])
  }

  /// The header.
  package var head: String { Self.line(columns.map(\.name)) }

  /// One row.
  package mutating func body(_ record: InfectionRecord) -> FormattedRecord {
    .text(Self.line(columns.map { $0.value(record) }))
  }

  /// Line end CR LF, as RFC 4180 has it.
  private static func line(_ fields: [String]) -> String {
    fields.map { SafeText.spreadsheet($0) }.joined(separator: ",") + "\r\n"
  }

  // MARK: - Columns

  private static let columns =
    identity + client
    + [
      Column("server", { $0.serverAddress }),
      Column("server_port", { "\($0.serverPort)" }),
      Column("resolver", { $0.resolver }),
      Column("family", { $0.family }),
      Column("variant", { $0.variant }),
      Column("seed", { $0.seed }),
      Column("kind", { $0.kind }),
      Column("qname", { $0.lookups.first?.qname ?? "" }),
      Column("qtype", { $0.lookups.first?.qtype ?? "" }),
      Column("gate", { $0.gate.rawValue }),
      Column("confidence", { "\($0.confidence)" }),
      Column("severity", { $0.severity }),
      Column("verified", { $0.isVerified ? "true" : "false" }),
      Column("infected_devices_at_least", { "\($0.infectedDevicesAtLeast)" }),
      Column("reasons", { $0.reasons.joined(separator: "; ") }),
    ]

  private static let identity = [
    Column("id", { $0.id }),
    Column("revision", { "\($0.revision)" }),
    Column("change", { $0.change.rawValue }),
    Column("case", { $0.caseNumber }),
    Column("test", { $0.isTest ? "true" : "false" }),
    Column("tlp", { $0.tlp }),
    Column("day", { $0.day }),
    Column("first_time", { UTCTime.rfc3339(microseconds: $0.firstMicroseconds) }),
    Column("last_time", { UTCTime.rfc3339(microseconds: $0.lastMicroseconds) }),
    Column("count", { "\($0.count)" }),
    Column("distinct_names", { "\($0.distinctNames)" }),
  ]

  private static let client = [
    Column("client", { $0.client.address }),
    Column("client_prefix_length", { $0.client.prefixLength.map { "\($0)" } ?? "" }),
    Column("client_port", { $0.client.port == 0 ? "" : "\($0.client.port)" }),
    Column("transport", { $0.client.transport }),
    Column("scope", { $0.client.scope.rawValue }),
    Column("device", { $0.client.device ?? "" }),
    Column("relay", { $0.client.relay ?? "" }),
    Column("relay_port", { $0.client.relayPort.map { "\($0)" } ?? "" }),
    Column("asn", { $0.client.asn.map { "\($0)" } ?? "" }),
    Column("as_name", { $0.client.asName ?? "" }),
    Column("country", { $0.client.country ?? "" }),
    Column("city", { $0.client.city ?? "" }),
  ]

  private static let internalColumns = [
    Column("subscriber_state", { $0.subscriber?.state.rawValue ?? "" }),
    Column("subscriber_key", { $0.subscriber?.key ?? "" }),
    Column("subscriber_source", { $0.subscriber?.source ?? "" }),
  ]
}
