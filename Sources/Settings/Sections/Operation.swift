package import Addressing

extension Settings {
  /// The HTTP interface.
  package struct HTTP: Equatable, Sendable {
    /// Address of the interface; nil switches it off.
    package var listen: SocketEndpoint? = SocketEndpoint(
      address: IPAddress(ipv4: 0x7F00_0001), port: 8053)
  }

  /// Recording of hits.
  package struct Hits: Equatable, Sendable {
    /// Whether lookups of listed names are recorded.
    package var enabled = true
    /// Size of each worker's ring of hits not yet stored.
    package var ringSize = ByteCount.mebibytes(16)
    /// Days raw hits are kept.
    package var retentionDays = 7
  }

  /// The log.
  package struct Log: Equatable, Sendable {
    /// Least severity that is logged.
    package var level = LogLevel.info
    /// Shape of the lines.
    package var format = LogFormat.text
  }
}

extension Settings.HTTP {
  static let section = Section(
    key: "http", summary: "API, metrics and dashboard.",
    options: [
      Option(
        "http.listen", \.http.listen, .optional(.endpoint, word: "off"), .reload,
        "Address of the HTTP interface; off switches it off.",
        details: "It shows who is infected: keep it on loopback or a management network.")
    ])
}

extension Settings.Hits {
  static let section = Section(
    key: "hits", summary: "Recording of lookups of listed names; nothing else is recorded.",
    options: [
      Option(
        "hits.enabled", \.hits.enabled, .flag, .reload,
        "Record hits; off, listed names are swallowed without a trace."),
      Option(
        "hits.ring_size", \.hits.ringSize,
        .size(ByteCount(64 << 10)...(.mebibytes(4096))), .restart,
        "Size of each worker's ring of hits not yet stored, a file in data_dir.",
        details: """
          It bridges pauses of the disk; hits beyond it are counted as dropped. A thread never \
          changes its ring, so a change takes a restart.
          """),
      Option(
        "hits.retention_days", \.hits.retentionDays, .integer(1...3650, unit: "days"), .reload,
        "Days raw hits are kept, then they are deleted."),
    ])
}

extension Settings.Log {
  static let section = Section(
    key: "log", summary: "The log on stderr; nothing is logged per query.",
    options: [
      Option("log.level", \.log.level, .choice, .reload, "Least severity that is logged."),
      Option(
        "log.format", \.log.format, .choice, .reload, "Readable lines, or one JSON object each."),
    ])
}
