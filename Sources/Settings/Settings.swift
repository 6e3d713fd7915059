/// Every setting of Ponor as plain values; `Settings()` is a useful resolver on loopback.
///
/// One nested struct per section of the configuration file, each in a file of `Sections/` together
/// with its rows of the table of options. A property's initial value is the option's default; the
/// rows read it from here, so it is stated once. Paths are as `ConfigurationFile` left them:
/// relative ones are resolved against the configuration file's directory.
package struct Settings: Equatable, Sendable {
  /// Listening sockets and DNS protocol limits.
  package var server = Server()
  /// Directory of everything Ponor writes: SQLite database, index generations, hit rings.
  package var dataDirectory = "./var"
  /// Where answers to ordinary names come from.
  package var resolution = Resolution()
  /// The answer cache.
  package var cache = Cache()
  /// Who may ask what.
  package var access = Access()
  /// What a sinkholed name answers.
  package var sinkhole = Sinkhole()
  /// What happens to lookups of listed names.
  package var policy = Policy()
  /// Families, seeds and the window of days.
  package var models = Models()
  /// The index of generated names.
  package var index = Index()
  /// Domain feeds.
  package var feeds: [FeedSource] = []
  /// Local authoritative zones.
  package var zones: [ZoneSource] = []
  /// The HTTP interface.
  package var http = HTTP()
  /// Recording of hits.
  package var hits = Hits()
  /// The log.
  package var log = Log()

  /// The defaults.
  package init() {}
}

// MARK: - The table

extension Settings {
  /// The whole table, in the order of the reference file.
  package static let sections: [Section] = [
    Server.section, Server.tcpSection, rootSection, Resolution.section, Cache.section,
    Access.section, Sinkhole.section, Policy.section, Models.section, Index.section,
    dataSection, HTTP.section, Hits.section, Log.section,
  ]

  /// All rows, in the order of the reference file.
  package static let options: [Option] = sections.flatMap(\.options)

  private static let rootSection = Section(
    key: "", summary: "",
    options: [
      Option(
        "data_dir", \.dataDirectory, .path, .restart,
        "Directory of everything Ponor writes: database, index generations, hit rings.",
        details: "Created if missing. Only one server may use it at a time.")
    ])

  private static let dataSection = Section(
    key: "", summary: "",
    options: [
      Option(
        "feeds", \.feeds,
        .list(
          of: .record(
            "feed", blank: FeedSource(path: ""),
            [RecordField("path", \.path, .path, "the CSV file")])), .reload,
        "Domain feeds: CSV files of domain, family, seed, valid_from, valid_to.",
        details: """
          For names no public algorithm produces; they pass the same gates as generated names. \
          Format: docs/feeds.md.
          """),
      Option(
        "zones", \.zones,
        .list(
          of: .record(
            "zone", blank: ZoneSource(name: "", file: ""),
            [
              RecordField("name", \.name, .domainName, "the zone's apex"),
              RecordField("file", \.file, .path, "the master file (RFC 1035 §5)"),
            ])), .reload,
        "Local authoritative zones, answered before anything else.",
        details: "A zone file with errors is refused and its former version keeps serving."),
    ])
}
