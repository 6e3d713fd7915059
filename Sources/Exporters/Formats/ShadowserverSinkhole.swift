package import Evidence

/// Shadowserver's `event4_sinkhole`: clients with an IPv4 address, `critical`.
///
/// The right report for what a subscribers' resolver sees: readers take its source for the infected
/// host. Forwarders, of which that is not true, are in `event4_sinkhole_dns`.
package struct Event4Sinkhole: InfectionFormat {
  /// `event4_sinkhole`.
  package static let name = "event4_sinkhole"
  /// The version of the column list.
  package static let follows = "Shadowserver \(ShadowserverColumns.version)"
  /// CSV.
  package static let mediaType = "text/csv"
  /// `csv`.
  package static let fileExtension = "csv"
  /// A row means nothing without the header.
  package static let isDocumentOnly = true

  private let report: SinkholeReport

  /// Prepares the format.
  package init(options: ExportOptions) { report = SinkholeReport(options, isIPv4: true) }

  /// The header.
  package var head: String { report.head }

  /// One row.
  package mutating func body(_ record: InfectionRecord) -> FormattedRecord { report.body(record) }
}

/// Shadowserver's `event6_sinkhole`: clients with an IPv6 address.
package struct Event6Sinkhole: InfectionFormat {
  /// `event6_sinkhole`.
  package static let name = "event6_sinkhole"
  /// The version of the column list.
  package static let follows = "Shadowserver \(ShadowserverColumns.version)"
  /// CSV.
  package static let mediaType = "text/csv"
  /// `csv`.
  package static let fileExtension = "csv"
  /// A row means nothing without the header.
  package static let isDocumentOnly = true

  private let report: SinkholeReport

  /// Prepares the format.
  package init(options: ExportOptions) { report = SinkholeReport(options, isIPv4: false) }

  /// The header.
  package var head: String { report.head }

  /// One row.
  package mutating func body(_ record: InfectionRecord) -> FormattedRecord { report.body(record) }
}

/// What the two have in common.
struct SinkholeReport: Sendable {
  private let options: ExportOptions
  private let isIPv4: Bool
  private let columns: [String]

  init(_ options: ExportOptions, isIPv4: Bool) {
    self.options = options
    self.isIPv4 = isIPv4
    columns = ShadowserverColumns.sinkhole + (options.withQuery ? ShadowserverColumns.query : [])
  }

  var head: String { ShadowserverRow.head(columns) }

  func body(_ record: InfectionRecord) -> FormattedRecord {
    if record.change == .withdrawn { return .skipped(SkipReason.withdrawn) }
    if record.client.scope == .forwarder { return .skipped(SkipReason.forwarder) }
    let row = ShadowserverRow(record, options)
    guard row.source.isIPv4 == isIPv4 else {
      return .skipped(isIPv4 ? SkipReason.ipv6 : SkipReason.ipv4)
    }
    return .text(row.line(columns, severity: record.isTest ? "info" : record.severity))
  }
}

/// Shadowserver's `event4_sinkhole_dns`: forwarders with an IPv4 address, `info`.
///
/// Its readers take the source for a resolver, "not a source of direct identification of infected
/// hosts", and often ignore it. There is no such report for IPv6.
package struct Event4SinkholeDNS: InfectionFormat {
  /// `event4_sinkhole_dns`.
  package static let name = "event4_sinkhole_dns"
  /// The version of the column list.
  package static let follows = "Shadowserver \(ShadowserverColumns.version)"
  /// CSV.
  package static let mediaType = "text/csv"
  /// `csv`.
  package static let fileExtension = "csv"
  /// A row means nothing without the header.
  package static let isDocumentOnly = true

  private let options: ExportOptions

  /// Prepares the format.
  package init(options: ExportOptions) { self.options = options }

  /// The header.
  package var head: String { ShadowserverRow.head(ShadowserverColumns.sinkholeDNS) }

  /// One row.
  package mutating func body(_ record: InfectionRecord) -> FormattedRecord {
    if record.change == .withdrawn { return .skipped(SkipReason.withdrawn) }
    guard record.client.scope == .forwarder else { return .skipped(SkipReason.notForwarder) }
    let row = ShadowserverRow(record, options)
    guard row.source.isIPv4 else { return .skipped(SkipReason.ipv6) }
    return .text(row.line(ShadowserverColumns.sinkholeDNS, severity: "info"))
  }
}

/// Reasons for which formats leave a record out: the same words, so that they can be counted.
enum SkipReason {
  static let withdrawn = "withdrawn record"
  static let ipv4 = "IPv4 client"
  static let ipv6 = "IPv6 client"
  static let forwarder = "forwarder"
  static let notForwarder = "no forwarder"
  static let noPort = "source port not known"
}
