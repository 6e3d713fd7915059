package import Addressing

extension Settings {
  /// Listening sockets and DNS protocol limits.
  package struct Server: Equatable, Sendable {
    /// Addresses DNS is answered on, over UDP and TCP.
    package var listen = [SocketEndpoint(address: IPAddress(ipv4: 0x7F00_0001), port: 5300)]
    /// Addresses DNS over TLS is answered on.
    package var tlsListen: [SocketEndpoint] = []
    /// Addresses DNS over HTTPS is answered on.
    package var httpsListen: [SocketEndpoint] = []
    /// The certificate of both.
    package var tls = TLS()
    /// DNS over HTTPS.
    package var https = HTTPS()
    /// Worker threads, each with its own UDP sockets.
    package var workers = ThreadCount.auto
    /// Longest time UDP queries that come quickly may gather before a worker looks, microseconds.
    package var gatherMicroseconds = 400
    /// Largest UDP answer in octets.
    package var udpPayloadSize = 1232
    /// Which questions of type ANY get one RRset only.
    package var minimalAny = MinimalAny.always
    /// Limits of TCP connections.
    package var tcp = TCP()
    /// DNS cookies.
    package var cookies = Cookies()
    /// Text answered to `id.server CH TXT`; nil refuses.
    package var identity: String?
    /// Text answered to `version.bind CH TXT`; nil refuses.
    package var version: String?
    /// User the server becomes once its sockets are open; nil stays who started it.
    package var user: String?
    /// Group of that user; nil means the user's own.
    package var group: String?
    /// Time the server goes on answering after it was told to stop.
    package var drain = Duration.zero
    /// Longest time a server that was taken over from goes on with its TCP connections.
    package var linger = Duration.seconds(30)
  }

  /// Limits of TCP connections.
  package struct TCP: Equatable, Sendable {
    /// Connections open at a time, over all clients.
    package var maxConnections = 4096
    /// Connections open at a time from one client address.
    package var maxConnectionsPerClient = 64
    /// Time after which a connection without a query is closed.
    package var idleTimeout = Duration.seconds(10)
    /// Queries of one connection worked on at a time.
    package var pipeline = 32
  }
}

extension Settings.Server {
  static let section = Section(
    key: "server", summary: "Listening sockets and DNS protocol limits.",
    options: [
      Option(
        "server.listen", \.server.listen, .list(of: .endpoint, count: 1...256), .reload,
        "Addresses DNS is answered on, over UDP and TCP.",
        details: """
          IPv6 addresses stand in brackets: "[::1]:5300". Ports below 1024 need root or \
          CAP_NET_BIND_SERVICE. With the sandbox, a new TCP port takes a restart.
          """),
      Option(
        "server.tls_listen", \.server.tlsListen, .list(of: .endpoint, count: 0...256), .restart,
        "Addresses DNS over TLS is answered on (RFC 7858, usual port 853)."),
      Option(
        "server.https_listen", \.server.httpsListen, .list(of: .endpoint, count: 0...256),
        .restart, "Addresses DNS over HTTPS is answered on (RFC 8484, usual port 443)."),
      Option(
        "server.workers", \.server.workers, .threads(upTo: 256), .reload,
        "Threads that answer queries, each with UDP sockets of its own.",
        details: """
          auto means one per processor. The threads of TCP, half as many, keep their number until \
          a restart.
          """),
      Option(
        "server.gather_microseconds", \.server.gatherMicroseconds,
        .integer(0...5_000, unit: "microseconds"), .reload,
        "Longest time UDP queries that come quickly may gather before a worker looks.",
        details: """
          Saves half the processor time at 20,000 queries a second, for answers that come at most \
          that much later. Nothing is delayed while fewer than 3 queries would gather. 0 never waits.
          """),
      Option(
        "server.udp_payload_size", \.server.udpPayloadSize, .integer(512...4096, unit: "octets"),
        .reload,
        "Largest UDP answer; longer ones are truncated and fetched over TCP.",
        details: """
          1232 fits into one unfragmented IPv6 packet (DNS Flag Day 2020). Never below 512 \
          (RFC 6891 §6.2.3).
          """),
      Option(
        "server.minimal_any", \.server.minimalAny, .choice, .reload,
        "Which questions of type ANY get one RRset or HINFO instead of everything (RFC 8482).",
        details: "Zones of your own always answer so."),
      Option(
        "server.identity", \.server.identity, .optional(.string(upTo: 255), word: "hide"),
        .reload, "Text answered to `id.server CH TXT`; `hide` refuses such questions (RFC 4892)."),
      Option(
        "server.version", \.server.version, .optional(.string(upTo: 255), word: "hide"),
        .reload, "Text answered to `version.bind CH TXT`; `hide` refuses such questions."),
      Option(
        "server.user", \.server.user, .optional(.string(upTo: 32), word: "keep"), .restart,
        "User the server becomes once its sockets are open; keep stays who started it.",
        details: """
          The data directory is given to that user if it is root's. CAP_NET_BIND_SERVICE stays with \
          one thread, if a port below 1024 is listened on, so that a reload can open others. Root \
          is given up for good: a change takes a restart.
          """),
      Option(
        "server.group", \.server.group, .optional(.string(upTo: 32), word: "own"), .restart,
        "Group of that user; own means the one the user has."),
      Option(
        "server.drain", \.server.drain, .duration(.zero...(.seconds(600))), .reload,
        "Time the server goes on answering after it was told to stop, while health says no.",
        details: "Give routing and load balancers the time they need to look elsewhere."),
      Option(
        "server.linger", \.server.linger, .duration(.zero...(.seconds(3_600))), .reload,
        "Longest time a server that another took over from goes on with open TCP connections."),
    ])

  static let tcpSection = Section(
    key: "server.tcp", summary: "Limits of TCP connections (RFC 7766, RFC 9210).",
    options: [
      Option(
        "server.tcp.max_connections", \.server.tcp.maxConnections, .integer(1...1_000_000),
        .reload, "Connections open at a time, over all clients.",
        details: "When all are in use, the one idle for longest is closed (RFC 7766 §6.2.3)."),
      Option(
        "server.tcp.max_connections_per_client", \.server.tcp.maxConnectionsPerClient,
        .integer(1...1_000_000), .reload, "Connections open at a time from one client address.",
        details: "One is what a client should need (RFC 7766 §6.2.2); NAT puts many behind one."),
      Option(
        "server.tcp.idle_timeout", \.server.tcp.idleTimeout,
        .duration(.milliseconds(100)...(.seconds(600))), .reload,
        "Time after which a connection without a query is closed.",
        details: "RFC 7766 §6.2.3 recommends a few seconds."),
      Option(
        "server.tcp.pipeline", \.server.tcp.pipeline, .integer(1...65_535, unit: "queries"),
        .reload, "Queries of one connection worked on at a time (RFC 7766 §6.2.1.1).",
        details: "Beyond it the connection is not read until an answer has gone out."),
    ])
}
