import Addressing

/// The libunbound options a set of `RecursionOptions` stands for.
///
/// libunbound's own defaults are those of a small program asking now and then; these are the
/// values of a resolver that serves many clients. Where one equals the default it is still set,
/// because the security of the answers rests on it.
struct UnboundSettings {
  /// Names and values as in unbound.conf(5), in the order they are applied.
  let values: [(name: String, value: String)]
  /// Options that not every build of libunbound has: one that is not known is left out.
  let valuesIfKnown: [(name: String, value: String)]
  /// Whether servers are asked over TLS.
  let usesTLS: Bool
  /// Clauses of unbound.conf(5) for what is no single option: forward, stub and authority zones.
  let clauses: String

  init(_ options: RecursionOptions, ipv6: Bool, socketsPerThread: Int) {
    values =
      Self.transport(options, ipv6: ipv6, sockets: socketsPerThread)
      + Self.hardening(options.hardening) + Self.caches(options) + Self.validation(options)
      + options.extra
    valuesIfKnown = [
      // CVE-2025-11411; a back-port in Debian's 1.17.1.
      ("iter-scrub-promiscuous", Self.yesNo(options.hardening.scrubPromiscuous))
    ]
    usesTLS = options.usesTLS
    clauses = ZoneClauses.text(options)
  }

  // MARK: - Groups

  private typealias Values = [(name: String, value: String)]

  private static func transport(
    _ options: RecursionOptions, ipv6: Bool, sockets: Int
  ) -> Values {
    let network = options.network
    let servers = options.zones.flatMap(\.servers) + options.mode.upstreams
    let loopback = options.allowLoopback || servers.contains { isLoopback($0.address) }
    var values: Values = [
      ("do-ip4", yesNo(network.ipv4)), ("do-ip6", yesNo(ipv6)),
      ("prefer-ip4", yesNo(network.preferred == .ipv4)),
      ("prefer-ip6", yesNo(network.preferred == .ipv6)),
      ("do-not-query-localhost", yesNo(!loopback)),
      // DNS Flag Day 2020, RFC 9715.
      ("edns-buffer-size", "\(network.payload)"),
      // UDP sockets under way at once; further queries wait for one. The port of each is random.
      ("outgoing-range", "\(sockets)"),
      ("outgoing-num-tcp", "\(max(10, sockets / 16))"),
      ("tcp-upstream", yesNo(network.onlyTCP)),
      // Keep looking whether a server is back: until it is, stale answers may be served.
      ("infra-keep-probing", "yes"),
      ("infra-cache-numhosts", "10000"),
      ("target-fetch-policy", network.targetFetches.map(String.init).joined(separator: " ")),
      ("outbound-msg-retry", "\(network.tries)"),
    ]
    // A libunbound without OpenSSL, such as Debian's, cannot start with it.
    if options.usesTLS { values.append(("tls-cert-bundle", network.certificateBundle)) }
    values += network.addresses.map { ("outgoing-interface", "\($0)") }
    values += network.avoidedPorts.map { ("outgoing-port-avoid", $0) }
    if let hints = options.rootHints { values.append(("root-hints", hints)) }
    return values
  }

  private static func hardening(_ hardening: RecursionOptions.Hardening) -> Values {
    var values: Values = [
      // RFC 9156.
      ("qname-minimisation", yesNo(hardening.minimisation != .off)),
      ("qname-minimisation-strict", yesNo(hardening.minimisation == .strict)),
      ("harden-glue", yesNo(hardening.glue)),
      ("harden-dnssec-stripped", yesNo(hardening.strippedSignatures)),
      // RFC 8020.
      ("harden-below-nxdomain", yesNo(hardening.belowNXDOMAIN)),
      ("harden-short-bufsize", yesNo(hardening.shortPayload)),
      ("harden-large-queries", yesNo(hardening.largeQueries)),
      ("harden-referral-path", yesNo(hardening.referralPath)),
      ("harden-algo-downgrade", yesNo(hardening.algorithmDowngrade)),
      // draft-vixie-dnsext-dns0x20.
      ("use-caps-for-id", yesNo(hardening.randomCase)),
      // Unbound's own recommended value: past it, the caches are taken to be poisoned and emptied.
      ("unwanted-reply-threshold", "10000000"),
    ]
    values += hardening.randomCaseExceptions.map { ("caps-whitelist", $0) }
    values += hardening.privateAddresses.map { ("private-address", "\($0)") }
    values += hardening.privateDomains.map { ("private-domain", $0) }
    return values
  }

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
    let modules = (options.validate ? "validator " : "") + "iterator"
    let iterations = options.hardening.nsec3Iterations
    var values: Values = [
      ("module-config", options.dns64 == nil ? modules : "dns64 \(modules)"),
      // RFC 8198.
      ("aggressive-nsec", yesNo(options.validate && options.hardening.aggressiveNSEC)),
      // RFC 9276 §3.2: above it, a zone counts as unsigned.
      ("val-nsec3-keysize-iterations", "1024 \(iterations) 2048 \(iterations) 4096 \(iterations)"),
      ("trust-anchor-signaling", yesNo(options.hardening.anchorSignaling)),
      ("root-key-sentinel", yesNo(options.hardening.rootKeySentinel)),
      ("val-clean-additional", "yes"),
      // 2 makes libunbound hand over the reason of a failure; squelch keeps it out of its log.
      ("val-log-level", "2"), ("val-log-squelch", "yes"),
      // Bogus data is handed over as bogus: Ponor turns it into SERVFAIL, unless CD is set.
      ("val-permissive-mode", "no"), ("ignore-cd-flag", "no"),
    ]
    guard options.validate else { return values }
    if let file = options.anchorStateFile {
      values.append(("auto-trust-anchor-file", file))
    } else {
      values += options.trustAnchors.map { ("trust-anchor", $0) }
    }
    let unsigned = options.insecureZones + options.zones.filter(\.isInsecure).map(\.name)
    values += unsigned.map { ("domain-insecure", $0) }
    return values
  }

  private static func yesNo(_ value: Bool) -> String { value ? "yes" : "no" }

  private static func isLoopback(_ address: IPAddress) -> Bool {
    let text = "\(address)"
    return text == "::1" || (address.isIPv4 && text.hasPrefix("127."))
  }
}
