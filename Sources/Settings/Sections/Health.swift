extension Settings {
  /// When the server counts as unfit to serve.
  package struct Health: Equatable, Sendable {
    /// Name that is answered while the server is fit; nil for none.
    package var name: String?
    /// Age of the index beyond which it counts as stale; nil means when its days are over.
    package var indexMaxAge: Duration?
    /// Time hits may wait without any being stored.
    package var hitsStall = Duration.seconds(60)
    /// Names asked of recursion now and then.
    package var recursionProbe: [String] = []
    /// Time between two looks.
    package var interval = Duration.seconds(5)
    /// Percentage of failed resolutions beyond which recursion counts as down; 100 never does.
    package var failurePercent = 100
  }
}

extension Settings.Health {
  static let section = Section(
    key: "health",
    summary: """
      When the server counts as unfit, for `GET /healthz`, `ponor health` and the health name.
      """,
    options: [
      Option(
        "health.name", \.health.name, .optional(.domainName, word: "off"), .reload,
        "Name answered NOERROR (A 127.0.0.1, TXT ok) while the server is fit, else SERVFAIL.",
        details: "Whoever reaches the server may ask for it. Take one that exists nowhere else."),
      Option(
        "health.index_max_age", \.health.indexMaxAge,
        .optional(.duration(.seconds(1)...(.seconds(366 * 86_400))), word: "window"), .reload,
        "Age of the index beyond which the server is unfit; window: when its days are over."),
      Option(
        "health.hits_stall", \.health.hitsStall, .duration(.seconds(1)...(.seconds(86_400))),
        .reload, "Time hits may wait in the rings without any being stored."),
      Option(
        "health.recursion_probe", \.health.recursionProbe, .list(of: .domainName, count: 0...16),
        .reload, "Names whose A records are asked of recursion at each look; all must fail.",
        details: """
          SERVFAIL and silence are failures, NXDOMAIN is none. Take names of short TTL that you \
          control: what is cached tells nothing.
          """),
      Option(
        "health.interval", \.health.interval, .duration(.milliseconds(100)...(.seconds(300))),
        .reload, "Time between two looks at everything above."),
      Option(
        "health.failure_percent", \.health.failurePercent, .integer(1...100, unit: "percent"),
        .reload, "Part of resolutions that fail beyond which recursion counts as down.",
        details: """
          Looked at when there were at least 100 between two looks; 100 never counts. An attack \
          on names that fail can reach it: not every server of a cluster should have it.
          """),
    ])
}

extension Settings {
  static let sandboxSection = Section(
    key: "", summary: "",
    options: [
      Option(
        "sandbox", \.sandbox, .choice, .restart,
        "Confine the process to its own files and to the system calls a resolver needs.",
        details: """
          auto takes what the kernel has and says in `ponor status` what it lacks, required does \
          not start without Landlock and seccomp. What is forbidden cannot be allowed again \
          without a restart.
          """),
      Option(
        "sandbox_connect_ports", \.sandboxConnectPorts,
        .optional(.list(of: .integer(1...65_535), count: 0...256), word: "any"), .restart,
        "TCP ports the confined process may connect to; any leaves them all.",
        details: """
          Takes Landlock 4 (Linux 6.7). Recursion needs 53, forwarding the upstreams' ports. Rules \
          of the kernel can only be tightened: a change takes a restart.
          """),
    ])
}
