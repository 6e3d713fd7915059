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
  /// Response policy zones.
  package var rpz: [RPZSource] = []
  /// Groups of clients that are treated differently.
  package var views: [View] = []
  /// Limits on responses.
  package var rateLimit = RateLimit()
  /// Limit on queries.
  package var queryLimit = QueryLimit()
  /// Limits on recursion.
  package var recursionLimit = RecursionLimit()
  /// Response policy zones for other resolvers.
  package var rpzOut: [RPZOutZone] = []
  /// Keys of transaction signatures.
  package var tsigKeys: [TSIGKeySource] = []
  /// The HTTP interface.
  package var http = HTTP()
  /// Recording of hits.
  package var hits = Hits()
  /// How lookups become infections.
  package var evidence = Evidence()
  /// How long it is remembered who did what.
  package var privacy = Privacy()
  /// The log.
  package var log = Log()
  /// When the server counts as unfit.
  package var health = Health()
  /// Copies of messages for other programs.
  package var dnstap = Dnstap()
  /// Who is told of infections.
  package var recipients: [RecipientSource] = []
  /// Where infections are sent.
  package var exports: [ExportSink] = []
  /// How infections reach others.
  package var delivery = Delivery()
  /// Which line had an address.
  package var attribution = Attribution()
  /// Whether the process is confined.
  package var sandbox = SandboxChoice.auto
  /// TCP ports that may be connected to when confined; nil allows all.
  package var sandboxConnectPorts: [Int]?

  /// The defaults.
  package init() {}
}

// MARK: - The table

extension Settings {
  /// The whole table, in the order of the reference file.
  package static let sections: [Section] = [
    Server.section, Server.tcpSection, TLS.section, HTTPS.section, Cookies.section, rootSection,
    Resolution.section, Cache.section, Access.section, Sinkhole.section, Policy.section,
    Models.section, Index.section, dataSection, zoneSection, RPZOutZone.section, View.section,
    RateLimit.section,
    QueryLimit.section, RecursionLimit.section, HTTP.section, Hits.section, Evidence.section,
    Privacy.section, Log.section,
    Health.section, Dnstap.section, Attribution.section, RecipientSource.section,
    ExportSink.section, Delivery.section, sandboxSection,
  ]

  /// All rows, in the order of the reference file.
  package static let options: [Option] = sections.flatMap(\.options)

  private static let rootSection = Section(
    key: "", summary: "",
    options: [
      Option(
        "data_dir", \.dataDirectory, .path, .restart,
        "Directory of everything Ponor writes: database, index generations, hit rings.",
        details: """
          Created if missing. Only one server may use it at a time. Everything open lives in it: \
          another one takes a restart.
          """)
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
      RPZSource.option,
    ])
}
