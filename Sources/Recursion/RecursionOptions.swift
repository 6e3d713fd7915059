public import Addressing

/// How names are resolved.
public struct RecursionOptions: Sendable {
  /// Where answers come from.
  public enum Mode: Sendable, Equatable {
    /// Iteratively, from the root servers down.
    case recursive
    /// From these resolvers, which must pass DNSSEC records on when `validate` is set.
    ///
    /// With a name for their certificates they are asked over TLS (RFC 7858).
    case forward([SocketEndpoint], tlsName: String? = nil)
  }

  /// Whether an address family is used to ask name servers.
  public enum Family: Sendable, Equatable {
    /// Used if the machine has a route for it.
    case automatic
    /// Always used.
    case on
    /// Never used.
    case off
  }

  /// Where answers come from.
  public var mode: Mode = .recursive
  /// Threads, 1 … 64; each has its own context, sockets and caches.
  public var threads = 1
  /// Whether DNSSEC is validated.
  public var validate = true
  /// DS or DNSKEY records in presentation format.
  public var trustAnchors = RootTrustAnchors.records
  /// Path of a root hints file; nil takes the list built into libunbound.
  public var rootHints: String?
  /// Whether name servers on 127.0.0.0/8 and ::1 are asked; only for laboratories.
  ///
  /// Forwarders on loopback are asked in any case.
  public var allowLoopback = false
  /// IPv6 towards name servers.
  public var ipv6 = Family.automatic
  /// Most questions waiting or under way in one thread, 1 … 65,536; libunbound itself has no limit
  /// on questions that come through its event interface.
  public var outstandingPerThread = 4096
  /// Octets of message and record cache, per thread.
  ///
  /// The answer cache stands in front; what is left for it are delegations, glue and keys. Too
  /// small, and each new answer costs the release of an old one.
  public var cacheBytes = 64 << 20
  /// Milliseconds after which a question is answered with SERVFAIL, 100 … 120,000.
  ///
  /// libunbound goes on, so that the next one may find the answer in its cache. Stub resolvers ask
  /// again after 5 s and give up after 10 s (resolv.conf(5): timeout 5, attempts 2).
  public var answerTimeoutMilliseconds = 10_000
  /// Milliseconds after which a client that waits is told that it gets late; nil never tells.
  ///
  /// RFC 8767 §5, "client response timer".
  public var lateMilliseconds: Int?
  /// Whether there is one more thread, of its own caches, for refreshing answers ahead of time.
  public var refreshes = false
  /// How strictly answers are looked at.
  public var hardening = Hardening()
  /// How name servers are reached.
  public var network = Network()
  /// DNS64, nil for none.
  public var dns64: DNS64?
  /// Zones asked at resolvers or name servers of their own.
  public var zones: [ZoneServers] = []
  /// Names below which nothing is validated (negative trust anchors, RFC 7646).
  public var insecureZones: [String] = []
  /// Master file of the root zone, asked instead of the root servers (RFC 8806); nil for none.
  public var localRoot: String?
  /// State file of RFC 5011 trust anchors that is read and written; nil uses `trustAnchors`.
  ///
  /// One context at a time may have it: see `TrustAnchorTracker`.
  public var anchorStateFile: String?
  /// Further options by their names in unbound.conf(5), applied last.
  public var extra: [(name: String, value: String)] = []

  /// Makes the default options: recursion on one thread, with validation.
  public init() {}
}

/// The keys the DNS root is signed with.
public enum RootTrustAnchors {
  /// KSK-2017 and KSK-2024 as DS records.
  ///
  /// Source: https://data.iana.org/root-anchors/root-anchors.xml (the same digests as in Debian's
  /// dns-root-data).
  public static let records = [
    ". IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D",
    ". IN DS 38696 8 2 683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16",
  ]
}
