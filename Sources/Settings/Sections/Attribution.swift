import CheckedYAML

/// A source of who had which address.
package struct AttributionSourceSetting: Hashable, Sendable {
  /// What its files hold.
  package var format = AttributionFormat.intervals
  /// File, folder or pattern.
  package var path = ""
  /// Column or attribute that is the subscriber key; nil = the format's own.
  package var key: String?
  /// Time between interim updates; nil = as the records say or show.
  package var interim: Duration?
  /// Minutes east of UTC of times written without a zone; nil = UTC.
  package var utcOffset: Int?

  /// A source without a path.
  package init() {}
}

/// Formats of attribution sources; what each is stands in docs/attribution.md.
package enum AttributionFormat: String, CaseIterable, Sendable {
  /// Detail files of FreeRADIUS.
  case radiusDetail = "radius-detail"
  /// Dump of FreeRADIUS' table radacct.
  case radacctTable = "radacct-csv"
  /// SQLite database with FreeRADIUS' table radacct.
  case radacctSQLite = "radacct-sqlite"
  /// Lease file of Kea's DHCPv4 server.
  case kea4
  /// Lease file of Kea's DHCPv6 server.
  case kea6
  /// Log of Kea's hook legal_log.
  case keaLegalLog = "kea-legal-log"
  /// Lease file of ISC dhcpd.
  case dhcpd
  /// Configurations of deterministic translators.
  case rfc7422
  /// Log of port blocks.
  case portBlocks = "port-blocks"
  /// The interval CSV.
  case intervals
}

/// Who may read the subscriber index.
package enum AttributionReaders: String, CaseIterable, Sendable {
  /// The user that builds it, mode 0600.
  case owner
  /// That user's group too, mode 0640.
  case group
}

extension Settings {
  /// Which line had an address: only `ponor attribution` and who is given the index use it.
  package struct Attribution: Equatable, Sendable {
    /// Sources of intervals.
    package var sources: [AttributionSourceSetting] = []
    /// Path of the index.
    package var index = "./attribution/subscribers.index"
    /// Who may read it.
    package var readers = AttributionReaders.owner
    /// How wrong clocks may be.
    package var tolerance = Duration.seconds(2)
    /// How long intervals are kept after their end.
    package var keep = Duration.seconds(14 * 86_400)
    /// File of audit lines.
    package var audit = "./attribution/audit.log"
    /// Socket of `ponor attribution serve`; nil = records carry no line.
    package var socket: String?
    /// How long after an event its record may reach the files of the sources.
    package var delay = Duration.seconds(60)
    /// How long scoring waits for an index that knows of a hit's instant.
    package var wait = Duration.seconds(900)
  }
}

extension Settings.Attribution {
  static let section = Section(
    key: "attribution",
    summary: "Which subscriber line had an address and port (docs/attribution.md).",
    options: [
      Option(
        "attribution.sources", \.attribution.sources,
        .list(
          of: .openRecord("attribution source", blank: AttributionSourceSetting(), fields),
          count: 0...255), .reload,
        "RADIUS, DHCP and NAT records that say who had which address; in order of trust.",
        details: """
          Each has a format and a path: a file (gzip too), a folder or a pattern. format: \
          radius-detail | radacct-csv | radacct-sqlite | kea4 | kea6 | kea-legal-log | dhcpd | rfc7422 | \
          port-blocks | intervals. Optional: key (column or attribute that is the subscriber key), \
          interim (time between RADIUS updates), utc_offset (minutes). Read by `ponor attribution build`, never by the server.
          """),
      Option(
        "attribution.index", \.attribution.index, .foreignPath, .reload,
        "The index `ponor attribution build` writes; keep it where the server's user cannot read."),
      Option(
        "attribution.readers", \.attribution.readers, .choice, .reload,
        "Who may read the index: its owner (mode 0600), or the owner's group too (0640)."),
      Option(
        "attribution.tolerance", \.attribution.tolerance,
        .duration(.milliseconds(0)...(.seconds(3600))), .reload,
        "How far clocks may be apart; two lines within it make an answer ambiguous."),
      Option(
        "attribution.keep", \.attribution.keep,
        .duration(.seconds(3600)...(.seconds(366 * 86_400))), .reload,
        "How long it is remembered who had an address, after that ended.",
        details: "Twice the days raw hits are kept is enough: records are attributed when made."),
      Option(
        "attribution.audit", \.attribution.audit, .foreignPath, .reload,
        "File to which each look-up by hand and each request at the socket adds a line; without it there is no answer."
      ),
      Option(
        "attribution.socket", \.attribution.socket, .optional(.foreignPath, word: "none"), .restart,
        "UNIX socket where `ponor attribution serve` answers and the server asks which line a hit was.",
        details: """
          Without it records carry no subscriber. Mode 0660: the group of whoever runs `attribution serve` \
          may ask; put the server's user into it.
          """),
      Option(
        "attribution.delay", \.attribution.delay,
        .duration(.seconds(0)...(.seconds(7 * 86_400))), .restart,
        "How long it may take until an event stands in the files of `attribution.sources`.",
        details: """
          An index is trusted up to its making less this: what came later it may not know. Tables exported \
          once an hour need more than an hour.
          """),
      Option(
        "attribution.wait", \.attribution.wait,
        .duration(.seconds(0)...(.seconds(7 * 86_400))), .restart,
        "How long a hit waits to be scored until the index knows of its instant; then its line is `unknown`."
      ),
    ])

  private static let fields: [OpenField<AttributionSourceSetting>] = [
    OpenField("format", \.format, .choice, required: true, "what the files hold"),
    OpenField("path", \.path, .foreignPath, required: true, "file, folder or pattern"),
    OpenField(
      inherited: "key", \.key, .string(upTo: 64), "column or attribute that is the subscriber key"),
    OpenField(
      inherited: "interim", \.interim, .duration(.seconds(10)...(.seconds(7 * 86_400))),
      "time between interim updates"),
    OpenField(
      inherited: "utc_offset", \.utcOffset, .integer(-840...840, unit: "minutes"),
      "minutes east of UTC of times without a zone"),
  ]
}

extension ValueKind where Value == String {
  /// A path the server has nothing to do with: its sandbox must not open it.
  static var foreignPath: ValueKind {
    var kind = ValueKind.path
    kind.paths = nil
    return kind
  }
}
