package import Addressing

extension Settings {
  /// Where answers to ordinary names come from.
  package struct Resolution: Equatable, Sendable {
    /// Recursion, forwarding or neither.
    package var mode = ResolutionMode.recursive
    /// Resolvers asked in `forward` mode.
    package var upstreams: [SocketEndpoint] = []
    /// Whether answers are validated with DNSSEC.
    package var dnssec = true
    /// Trust anchors in presentation form; empty means the built-in root key.
    package var trustAnchors: [String] = []
    /// File of root server addresses; nil means the built-in ones.
    package var rootHints: String?
    /// Recursion threads.
    package var threads = ThreadCount.auto
    /// Resolutions in progress at a time, over all threads.
    package var outstanding = 4096
    /// Whether servers on loopback addresses may be asked.
    package var allowLoopback = false
    /// Time after which a resolution is given up.
    package var timeout = Duration.seconds(10)
  }
}

extension Settings.Resolution {
  static let section = Section(
    key: "resolution", summary: "Where answers to ordinary names come from.",
    options: [
      Option(
        "resolution.mode", \.resolution.mode, .choice, .restart,
        "Recursion from the root down, forwarding to other resolvers, or neither.",
        details: "With none, only local zones and sinkhole answers are served."),
      Option(
        "resolution.upstreams", \.resolution.upstreams,
        .list(of: .endpoint(defaultPort: 53), count: 0...64), .restart,
        "Resolvers asked in forward mode, which needs at least one."),
      Option(
        "resolution.dnssec", \.resolution.dnssec, .flag, .restart,
        "Validate answers with DNSSEC; bogus ones become SERVFAIL with an extended error."),
      Option(
        "resolution.trust_anchors", \.resolution.trustAnchors,
        .list(of: .trustAnchor, count: 0...64), .restart,
        "DS or DNSKEY records trusted instead of the built-in key of the root."),
      Option(
        "resolution.root_hints", \.resolution.rootHints, .optional(.path, word: "builtin"),
        .restart, "Master file with the names and addresses of the root servers."),
      Option(
        "resolution.threads", \.resolution.threads, .threads(upTo: 256), .restart,
        "Recursion threads, each with a cache of its own; auto means one per processor."),
      Option(
        "resolution.outstanding", \.resolution.outstanding, .integer(1...1_000_000), .restart,
        "Resolutions in progress at a time; beyond it new questions get SERVFAIL.",
        details: "Bounds memory and sockets when authoritative servers are slow or attacked."),
      Option(
        "resolution.allow_loopback", \.resolution.allowLoopback, .flag, .restart,
        "Ask authoritative servers on loopback addresses; for test networks only.",
        details: """
          Off, a delegation to 127.0.0.1 cannot make Ponor talk to services of its own machine.
          """),
      Option(
        "resolution.timeout", \.resolution.timeout,
        .duration(.milliseconds(100)...(.seconds(120))), .restart,
        "Time after which a resolution is given up and answered SERVFAIL.",
        details: "Stub resolvers ask twice with 5 s patience each (resolv.conf(5))."),
    ])
}
