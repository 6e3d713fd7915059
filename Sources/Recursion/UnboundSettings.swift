import Addressing

/// The libunbound options a set of `RecursionOptions` stands for.
///
/// libunbound's own defaults are those of a small program asking now and then; these are the
/// values of a resolver that serves many clients. Where one equals the default it is still set,
/// because the security of the answers rests on it.
struct UnboundSettings {
  /// Names and values as in unbound.conf(5), in the order they are applied.
  let values: [(name: String, value: String)]
  /// Resolvers to forward to, in libunbound's `address@port` form.
  let forwarders: [String]

  init(_ options: RecursionOptions, ipv6: Bool, socketsPerThread: Int) {
    values =
      Self.transport(options, ipv6: ipv6, sockets: socketsPerThread)
      + Self.hardening + Self.caches(options) + Self.validation(options) + options.extra
    forwarders =
      switch options.mode {
      case .recursive: []
      case .forward(let endpoints): endpoints.map { "\($0.address)@\($0.port)" }
      }
  }

  // MARK: - Groups

  private typealias Values = [(name: String, value: String)]

  private static func transport(
    _ options: RecursionOptions, ipv6: Bool, sockets: Int
  ) -> Values {
    var isForwarding = false
    var loopback = options.allowLoopback
    if case .forward(let endpoints) = options.mode {
      isForwarding = true
      loopback = loopback || endpoints.contains { isLoopback($0.address) }
    }
    var values: Values = [
      ("do-ip6", yesNo(ipv6)),
      ("do-not-query-localhost", yesNo(!loopback)),
      // DNS Flag Day 2020, RFC 9715.
      ("edns-buffer-size", "1232"),
      // UDP sockets under way at once; further queries wait for one. The port of each is random.
      ("outgoing-range", "\(sockets)"),
      ("outgoing-num-tcp", "\(max(10, sockets / 16))"),
      // A forwarder is one of few: keep looking whether it is back.
      ("infra-keep-probing", yesNo(isForwarding)),
      ("infra-cache-numhosts", "10000"),
    ]
    if let hints = options.rootHints { values.append(("root-hints", hints)) }
    return values
  }

  private static let hardening: Values = [
    // RFC 9156.
    ("qname-minimisation", "yes"), ("qname-minimisation-strict", "no"),
    ("harden-glue", "yes"),
    ("harden-dnssec-stripped", "yes"),
    // RFC 8020.
    ("harden-below-nxdomain", "yes"),
    ("harden-short-bufsize", "yes"), ("harden-large-queries", "yes"),
    // These break working domains or multiply the load for little gain.
    ("harden-referral-path", "no"), ("use-caps-for-id", "no"),
    // Unbound's own recommended value: past it, the caches are taken to be poisoned and emptied.
    ("unwanted-reply-threshold", "10000000"),
  ]

  private static func caches(_ options: RecursionOptions) -> Values {
    // Unbound's advice: twice as much for records as for messages.
    let messages = options.cacheBytes / 3
    return [
      ("msg-cache-size", "\(messages)"), ("rrset-cache-size", "\(options.cacheBytes - messages)"),
      ("key-cache-size", "4m"), ("neg-cache-size", "1m"),
      // The answer cache in front decides what is refreshed early or served stale.
      ("prefetch", "no"), ("prefetch-key", "no"), ("serve-expired", "no"),
      ("minimal-responses", "yes"),
    ]
  }

  private static func validation(_ options: RecursionOptions) -> Values {
    var values: Values = [
      ("module-config", options.validate ? "validator iterator" : "iterator"),
      // RFC 8198.
      ("aggressive-nsec", yesNo(options.validate)),
      ("val-clean-additional", "yes"),
      // 2 makes libunbound hand over the reason of a failure; squelch keeps it out of its log.
      ("val-log-level", "2"), ("val-log-squelch", "yes"),
      // Bogus data is handed over as bogus: Ponor turns it into SERVFAIL, unless CD is set.
      ("val-permissive-mode", "no"), ("ignore-cd-flag", "no"),
    ]
    if options.validate {
      values += options.trustAnchors.map { ("trust-anchor", $0) }
    }
    return values
  }

  private static func yesNo(_ value: Bool) -> String { value ? "yes" : "no" }

  private static func isLoopback(_ address: IPAddress) -> Bool {
    let text = "\(address)"
    return text == "::1" || (address.isIPv4 && text.hasPrefix("127."))
  }
}
