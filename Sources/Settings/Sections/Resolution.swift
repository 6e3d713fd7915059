package import Addressing

extension Settings {
  /// Where answers to ordinary names come from.
  package struct Resolution: Equatable, Sendable {
    /// Recursion, forwarding or neither.
    package var mode = ResolutionMode.recursive
    /// Resolvers asked in `forward` mode.
    package var upstreams: [SocketEndpoint] = []
    /// Name in the certificate of the upstreams, which are then asked over TLS.
    package var upstreamTLSName: String?
    /// Certificates that servers asked over TLS are verified with.
    package var certificateBundle = "/etc/ssl/certs/ca-certificates.crt"
    /// Zones asked at resolvers of their own.
    package var forwardZones: [ResolutionZone] = []
    /// Special-use names that are resolved like others.
    package var resolveSpecial: [String] = []
    /// Zones asked at authoritative servers of their own.
    package var stubZones: [ResolutionZone] = []
    /// Recursion threads.
    package var threads = ThreadCount.auto
    /// Resolutions in progress at a time, over all threads.
    package var outstanding = 4096
    /// Time after which a resolution is given up.
    package var timeout = Duration.seconds(10)
    /// Memory of the library's own caches, per thread.
    package var libraryCache = ByteCount.mebibytes(64)
    /// File of root server addresses; nil means the built-in ones.
    package var rootHints: String?
    /// Copy of the root zone that is asked instead of the root servers.
    package var localRoot: String?

    // Validation

    /// Whether answers are validated with DNSSEC.
    package var dnssec = true
    /// Trust anchors in presentation form; empty means the built-in root key.
    package var trustAnchors: [String] = []
    /// Whether new keys of the root are followed.
    package var trackAnchors = true
    /// Whether the servers of an anchor's zone are told which keys are trusted.
    package var anchorSignaling = true
    /// Whether clients can find out which root keys are trusted.
    package var rootKeySentinel = true
    /// Names below which nothing is validated.
    package var negativeTrustAnchors: [String] = []
    /// Whether denials are answered from proofs seen before.
    package var aggressiveNSEC = true
    /// Most additional NSEC3 iterations of a signed zone.
    package var nsec3Iterations = 50

    // Hardening

    /// How much of a name servers on the way are shown.
    package var qnameMinimisation = QNAMEMinimisation.relaxed
    /// Whether letter case is used as a check against forged answers.
    package var randomCase = false
    /// Domains whose servers do not keep letter case.
    package var randomCaseExceptions: [String] = []
    /// Whether glue is taken from within the delegation only.
    package var hardenGlue = true
    /// Whether nothing exists below a name that does not.
    package var hardenBelowNXDOMAIN = true
    /// Whether every algorithm of a DS set has to sign.
    package var hardenAlgorithmDowngrade = false
    /// Whether delegations themselves are looked up and validated.
    package var hardenReferralPath = false
    /// Whether oversized queries are ignored.
    package var hardenLargeQueries = true
    /// Whether tiny EDNS sizes are ignored.
    package var hardenShortBufsize = true
    /// Whether a signed zone must come signed.
    package var hardenDNSSECStripped = true
    /// Whether NS records that an answer does not need are dropped.
    package var scrubPromiscuous = true
    /// Addresses that public names may not have.
    package var privateAddresses: [IPPrefix] = []
    /// Domains whose names may have them.
    package var privateDomains: [String] = []
    /// Name-server addresses looked up ahead, by depth.
    package var targetFetchPolicy = [3, 2, 1, 0, 0]

    // Network

    /// Whether servers on loopback addresses may be asked.
    package var allowLoopback = false
    /// Whether IPv4 is used.
    package var ipv4 = true
    /// Whether IPv6 is used.
    package var ipv6 = AddressFamilyUse.auto
    /// Which address family is preferred.
    package var prefer = AddressFamilyPreference.none
    /// Addresses queries are sent from.
    package var outgoingAddresses: [IPAddress] = []
    /// Ports never sent from.
    package var avoidedPorts: [String] = []
    /// Whether TCP is used only.
    package var tcpUpstream = false
    /// Largest UDP answer asked for, octets.
    package var payload = 1232
    /// Tries of one query at one server.
    package var tries = 5

    // DNS64

    /// Prefix of made-up IPv6 addresses.
    package var dns64Prefix: IPPrefix?
    /// Domains whose AAAA records are taken as absent.
    package var dns64IgnoreAAAA: [String] = []
  }
}

extension Settings.Resolution {
  static let section = Section(
    key: "resolution", summary: "Where answers to ordinary names come from.",
    options: sources + validation + hardening + network + dns64)

  private static let sources: [Option] = [
    Option(
      "resolution.mode", \.resolution.mode, .choice, .restart,
      "Recursion from the root down, forwarding to other resolvers, or neither.",
      details: "With none, only local zones and sinkhole answers are served."),
    Option(
      "resolution.upstreams", \.resolution.upstreams,
      .list(of: .endpoint(defaultPort: 53), count: 0...64), .reload,
      "Resolvers asked in forward mode, which needs at least one."),
    Option(
      "resolution.upstream_tls_name", \.resolution.upstreamTLSName,
      .optional(.domainName, word: "none"), .reload,
      "Name in the certificate of the upstreams; given, they are asked over TLS (RFC 7858).",
      details: """
        Their port is then usually 853, which has to be written. Takes a libunbound built with \
        OpenSSL; Debian's is not, and the start then fails.
        """),
    Option(
      "resolution.certificate_bundle", \.resolution.certificateBundle, .path, .reload,
      "Certificates of authorities that servers asked over TLS are verified with."),
    Option(
      "resolution.forward_zones", \.resolution.forwardZones, .list(of: zone, count: 0...10_000),
      .reload, "Zones asked at resolvers of their own.",
      details: "tls_name: asked over TLS. insecure: nothing below is validated."),
    Option(
      "resolution.stub_zones", \.resolution.stubZones, .list(of: zone, count: 0...10_000),
      .reload, "Zones asked at authoritative servers of their own, such as internal ones."),
    Option(
      "resolution.threads", \.resolution.threads, .threads(upTo: 64), .restart,
      "Recursion threads, each with a cache of its own; auto means one per processor."),
    Option(
      "resolution.outstanding", \.resolution.outstanding, .integer(1...1_000_000), .reload,
      "Resolutions in progress at a time; beyond it new questions get SERVFAIL.",
      details: "Bounds memory and sockets when authoritative servers are slow or attacked."),
    Option(
      "resolution.timeout", \.resolution.timeout,
      .duration(.milliseconds(100)...(.seconds(120))), .reload,
      "Time after which a resolution is given up and answered SERVFAIL.",
      details: "Stub resolvers ask twice with 5 s patience each (resolv.conf(5))."),
    Option(
      "resolution.library_cache", \.resolution.libraryCache,
      .size(.mebibytes(1)...(.mebibytes(1 << 16))), .reload,
      "Memory of the recursion library's own caches, per thread.",
      details: "For delegations, glue and keys: answers stand in the cache in front."),
    Option(
      "resolution.root_hints", \.resolution.rootHints, .optional(.path, word: "builtin"),
      .reload, "Master file with the names and addresses of the root servers."),
    Option(
      "resolution.local_root", \.resolution.localRoot, .optional(.path, word: "none"), .reload,
      "Master file of the root zone, asked instead of the root servers (RFC 8806).",
      details: "Read when resolvers are made: fetch it by other means and reload."),
  ]

  private static let zone = ValueKind<ResolutionZone>.record(
    "zone", blank: ResolutionZone(name: ""),
    [
      RecordField("name", \.name, .domainName, "the apex"),
      RecordField(
        "servers", \.servers, .list(of: .endpoint(defaultPort: 53), count: 1...64), "who is asked"),
      RecordField(
        "tls_name", \.tlsName, .optional(.domainName, word: "none"),
        "the name in the servers' certificate", isRequired: false),
      RecordField("insecure", \.isInsecure, .flag, "not validated", isRequired: false),
    ])

  private static let validation: [Option] = [
    Option(
      "resolution.dnssec", \.resolution.dnssec, .flag, .reload,
      "Validate answers with DNSSEC; bogus ones become SERVFAIL with an extended error."),
    Option(
      "resolution.trust_anchors", \.resolution.trustAnchors,
      .list(of: .trustAnchor, count: 0...64), .reload,
      "DS or DNSKEY records trusted instead of the built-in keys of the root."),
    Option(
      "resolution.track_trust_anchors", \.resolution.trackAnchors, .flag, .reload,
      "Follow new keys of the root by themselves (RFC 5011), unless trust_anchors are given.",
      details: "State: trust-anchors/root.key in data_dir."),
    Option(
      "resolution.trust_anchor_signaling", \.resolution.anchorSignaling, .flag, .reload,
      "Tell the servers of the root which of its keys are trusted (RFC 8145)."),
    Option(
      "resolution.root_key_sentinel", \.resolution.rootKeySentinel, .flag, .reload,
      "Let clients find out which root keys are trusted (RFC 8509)."),
    Option(
      "resolution.negative_trust_anchors", \.resolution.negativeTrustAnchors,
      .list(of: .domainName), .reload,
      "Domains that are not validated, while their owner mends them (RFC 7646).",
      details: "Remove them again: RFC 7646 §2 has them last days, not months."),
    Option(
      "resolution.aggressive_nsec", \.resolution.aggressiveNSEC, .flag, .reload,
      "Answer that a name does not exist from proofs seen before (RFC 8198)."),
    Option(
      "resolution.nsec3_iterations", \.resolution.nsec3Iterations, .integer(0...2_500), .reload,
      "Most additional NSEC3 iterations; a zone with more counts as unsigned (RFC 9276 §3.2)."),
  ]

  private static let hardening: [Option] = [
    Option(
      "resolution.qname_minimisation", \.resolution.qnameMinimisation, .choice, .reload,
      "How little of a name servers on the way are shown (RFC 9156).",
      details: "strict does not ask in full where a server breaks; some domains then fail."),
    Option(
      "resolution.random_case", \.resolution.randomCase, .flag, .reload,
      "Ask in random letter case and expect it back (0x20), against forged answers.",
      details: "Costs a few more queries where servers do not keep case."),
    Option(
      "resolution.random_case_exceptions", \.resolution.randomCaseExceptions,
      .list(of: .domainName), .reload, "Domains asked without random case."),
    Option(
      "resolution.harden_glue", \.resolution.hardenGlue, .flag, .reload,
      "Trust glue only within the delegating zone."),
    Option(
      "resolution.harden_below_nxdomain", \.resolution.hardenBelowNXDOMAIN, .flag, .reload,
      "A validated NXDOMAIN holds for all names below (RFC 8020)."),
    Option(
      "resolution.harden_algo_downgrade", \.resolution.hardenAlgorithmDowngrade, .flag, .reload,
      "Demand signatures of every algorithm in the DS set.",
      details: "Off, any valid one will do, as RFC 6840 §5.11 asks of validators."),
    Option(
      "resolution.harden_referral_path", \.resolution.hardenReferralPath, .flag, .reload,
      "Look up and validate the delegations as well; multiplies the queries."),
    Option(
      "resolution.harden_large_queries", \.resolution.hardenLargeQueries, .flag, .reload,
      "Ignore very large queries (the library's own limit)."),
    Option(
      "resolution.harden_short_bufsize", \.resolution.hardenShortBufsize, .flag, .reload,
      "Ignore very small EDNS buffer sizes (the library's own limit)."),
    Option(
      "resolution.harden_dnssec_stripped", \.resolution.hardenDNSSECStripped, .flag, .reload,
      "Data of a signed zone without signatures is bogus, not unsigned."),
    Option(
      "resolution.scrub_promiscuous", \.resolution.scrubPromiscuous, .flag, .reload,
      "Drop NS records an answer does not need (CVE-2025-11411), if the library can."),
    Option(
      "resolution.private_addresses", \.resolution.privateAddresses, .list(of: .prefix), .reload,
      "Prefixes that public names may not have addresses in (DNS rebinding).",
      details: """
        Also in the address hints of HTTPS and SVCB records. Usual: 10.0.0.0/8, 172.16.0.0/12, \
        192.168.0.0/16, 169.254.0.0/16, fd00::/8, fe80::/10; 127.0.0.0/8 breaks block lists \
        served by DNS.
        """),
    Option(
      "resolution.private_domains", \.resolution.privateDomains, .list(of: .domainName), .reload,
      "Domains whose names may have private addresses."),
    Option(
      "resolution.target_fetch_policy", \.resolution.targetFetchPolicy,
      .list(of: .integer(-1...20), count: 1...10), .reload,
      "Name-server addresses looked up ahead, by depth of dependency; -1 means all.",
      details: "Bounds what a delegation to many names sets off (NXNSAttack)."),
  ]

  private static let network: [Option] = [
    Option(
      "resolution.allow_loopback", \.resolution.allowLoopback, .flag, .reload,
      "Ask authoritative servers on loopback addresses; for test networks only.",
      details: """
        Off, a delegation to 127.0.0.1 cannot make Ponor talk to services of its own machine.
        """),
    Option(
      "resolution.resolve_special", \.resolution.resolveSpecial,
      .list(of: .domainName, count: 0...64), .reload,
      "Special-use names, such as home.arpa or 10.in-addr.arpa, that are resolved like others.",
      details: "With all below them. Stub and forward zones are resolved in any case."),
    Option("resolution.ipv4", \.resolution.ipv4, .flag, .reload, "Ask servers over IPv4."),
    Option(
      "resolution.ipv6", \.resolution.ipv6, .choice, .reload,
      "Ask servers over IPv6; auto does if the machine has a route."),
    Option(
      "resolution.prefer", \.resolution.prefer, .choice, .reload,
      "Address family to prefer where a server has both; none takes the faster."),
    Option(
      "resolution.outgoing_addresses", \.resolution.outgoingAddresses,
      .list(of: .address, count: 0...1024), .reload,
      "Addresses queries are sent from, at random; none leaves it to the system."),
    Option(
      "resolution.avoided_ports", \.resolution.avoidedPorts,
      .list(of: .portRange, count: 0...1024), .reload,
      "Ports, or ranges such as 5000-5100, that queries are never sent from.",
      details: "Otherwise any above 1023, at random, but those assigned by IANA."),
    Option(
      "resolution.tcp_upstream", \.resolution.tcpUpstream, .flag, .reload,
      "Ask over TCP only."),
    Option(
      "resolution.payload_size", \.resolution.payload, .integer(512...4096, unit: "octets"),
      .reload, "Largest UDP answer asked for (RFC 9715: 1232 is never fragmented)."),
    Option(
      "resolution.tries", \.resolution.tries, .integer(1...20), .reload,
      "Times one query is sent to one server before the next one."),
  ]

  private static let dns64: [Option] = [
    Option(
      "resolution.dns64_prefix", \.resolution.dns64Prefix, .optional(.prefix, word: "off"),
      .reload, "Make up IPv6 addresses from IPv4 ones behind this prefix (RFC 6147).",
      details: "Length 32, 40, 48, 56, 64 or 96; usual: 64:ff9b::/96. Not for queries with CD."),
    Option(
      "resolution.dns64_ignore_aaaa", \.resolution.dns64IgnoreAAAA, .list(of: .domainName),
      .reload, "Domains whose own IPv6 addresses are passed over."),
  ]
}
