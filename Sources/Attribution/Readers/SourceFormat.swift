/// The formats that can be read, by the names the configuration uses.
package enum SourceFormat: String, CaseIterable, Sendable {
  /// Detail files of FreeRADIUS.
  case radiusDetail = "radius-detail"
  /// Dump of FreeRADIUS' table radacct with a header line.
  case radacctTable = "radacct-csv"
  /// SQLite database with FreeRADIUS' table radacct.
  case radacctSQLite = "radacct-sqlite"
  /// Lease file of Kea's DHCPv4 server.
  case kea4
  /// Lease file of Kea's DHCPv6 server.
  case kea6
  /// Log of Kea's hook legal_log.
  case keaLegalLog = "kea-legal-log"
  /// Lease file of ISC dhcpd, either version of DHCP.
  case dhcpd
  /// Configurations of translators with a computed mapping.
  case rfc7422
  /// Log of port blocks.
  case portBlocks = "port-blocks"
  /// Our own interval CSV.
  case intervals

  /// The kind of join as records name it.
  package var join: String {
    switch self {
    case .radiusDetail, .radacctTable, .radacctSQLite: "radius"
    case .kea4, .kea6, .keaLegalLog: "kea"
    case .dhcpd: "dhcpd"
    case .rfc7422, .portBlocks: "cgnat"
    case .intervals: "intervals"
    }
  }

  /// A reader of lines; nil for formats that are no text.
  package func reader(_ options: ReaderOptions) -> (any SourceReader)? {
    switch self {
    case .radiusDetail: DetailFile(options)
    case .radacctTable: AccountingTable(options)
    case .radacctSQLite: nil
    case .kea4: KeaLeases(defaultKey: "hwaddr", options)
    case .kea6: KeaLeases(defaultKey: "duid", options)
    case .keaLegalLog: KeaLegalLog(options)
    case .dhcpd: DHCPDLeases(options)
    case .rfc7422: MappingTable()
    case .portBlocks: PortBlockTable(options)
    case .intervals: IntervalTable()
    }
  }

  /// Files that belong to the one at `path`, the oldest first, the path itself last.
  ///
  /// They are what Kea's clean-up leaves beside a lease file; those that are not there are left out.
  package func files(_ path: String) -> [String] {
    switch self {
    case .kea4, .kea6: [path + ".2", path + ".completed", path + ".1", path]
    default: [path]
    }
  }
}
