public import Addressing

extension RecursionOptions {
  /// How strictly answers are looked at; the names are those of unbound.conf(5).
  public struct Hardening: Sendable, Equatable {
    /// How much of a name servers on the way are shown (RFC 9156).
    public enum Minimisation: Sendable, Equatable {
      /// All of it.
      case off
      /// One label more each time; all of it where that breaks.
      case relaxed
      /// One label more each time, whatever breaks.
      case strict
    }

    /// QNAME minimisation.
    public var minimisation = Minimisation.relaxed
    /// `use-caps-for-id`: letter case as a check against forged answers.
    public var randomCase = false
    /// Domains without `randomCase`.
    public var randomCaseExceptions: [String] = []
    /// Denials are answered from NSEC and NSEC3 records seen before (RFC 8198).
    public var aggressiveNSEC = true
    /// `harden-glue`: glue only from within the delegation.
    public var glue = true
    /// `harden-below-nxdomain`: nothing exists below a name that does not (RFC 8020).
    public var belowNXDOMAIN = true
    /// `harden-algo-downgrade`: every algorithm of the DS set has to sign.
    public var algorithmDowngrade = false
    /// `harden-referral-path`: the delegations themselves are looked up and validated.
    public var referralPath = false
    /// `harden-large-queries`: oversized queries are ignored.
    public var largeQueries = true
    /// `harden-short-bufsize`: tiny EDNS sizes are ignored.
    public var shortPayload = true
    /// `harden-dnssec-stripped`: a signed zone must come signed.
    public var strippedSignatures = true
    /// `iter-scrub-promiscuous`: no NS records beside answers that do not need them.
    public var scrubPromiscuous = true
    /// Most additional NSEC3 iterations; a zone with more counts as unsigned (RFC 9276 §3.2).
    public var nsec3Iterations = 50
    /// `trust-anchor-signaling`: servers are told which keys are trusted (RFC 8145).
    public var anchorSignaling = true
    /// `root-key-sentinel`: clients can find out which root keys are trusted (RFC 8509).
    public var rootKeySentinel = true
    /// `private-address`: addresses that public names may not have.
    public var privateAddresses: [IPPrefix] = []
    /// `private-domain`: domains whose names may.
    public var privateDomains: [String] = []

    /// The defaults.
    public init() {}
  }

  /// How name servers are reached.
  public struct Network: Sendable, Equatable {
    /// The address family that is preferred.
    public enum Preference: Sendable, Equatable {
      /// The faster one.
      case none
      /// IPv4 where there is a choice.
      case ipv4
      /// IPv6 where there is a choice.
      case ipv6
    }

    /// Whether IPv4 is used.
    public var ipv4 = true
    /// What is preferred.
    public var preferred = Preference.none
    /// Addresses queries are sent from; none leaves it to the routing table.
    public var addresses: [IPAddress] = []
    /// Ports never sent from, as `N` or `N-M`.
    public var avoidedPorts: [String] = []
    /// Whether TCP is used only.
    public var onlyTCP = false
    /// Octets of the largest UDP answer asked for (RFC 9715).
    public var payload = 1232
    /// Tries of one query before the next server (`outbound-msg-retry`).
    public var tries = 5
    /// Addresses of name servers looked up ahead, by depth of dependency (`target-fetch-policy`).
    ///
    /// Bounds what a delegation to many names can set off (NXNSAttack).
    public var targetFetches = [3, 2, 1, 0, 0]
    /// Path of the certificates that servers asked over TLS are verified with.
    public var certificateBundle = "/etc/ssl/certs/ca-certificates.crt"

    /// The defaults.
    public init() {}
  }

  /// Addresses made up for names without AAAA records (RFC 6147).
  public struct DNS64: Sendable, Equatable {
    /// The prefix the IPv4 address is put behind: /32, /40, /48, /56, /64 or /96 (RFC 6052 §2.2).
    public var prefix: IPPrefix
    /// Domains whose AAAA records are taken as absent.
    public var ignoredAAAA: [String] = []

    /// DNS64 with a prefix.
    public init(prefix: IPPrefix) { self.prefix = prefix }
  }

  /// A zone with servers of its own.
  public struct ZoneServers: Sendable, Equatable {
    /// What the servers are.
    public enum Kind: Sendable, Equatable {
      /// Resolvers (`forward-zone`).
      case resolvers
      /// Authoritative servers (`stub-zone`).
      case authorities
    }

    /// The apex, in presentation form.
    public var name: String
    /// Resolvers or authorities.
    public var kind: Kind
    /// Their addresses.
    public var servers: [SocketEndpoint]
    /// The name in their certificate, if they are to be asked over TLS.
    public var tlsName: String?
    /// Whether nothing below is validated.
    public var isInsecure = false

    /// A zone.
    public init(name: String, kind: Kind, servers: [SocketEndpoint]) {
      self.name = name
      self.kind = kind
      self.servers = servers
    }
  }
}

extension RecursionOptions {
  /// Whether any server is asked over TLS.
  var usesTLS: Bool {
    if case .forward(_, let name?) = mode, !name.isEmpty { return true }
    return zones.contains { $0.tlsName != nil }
  }
}

extension RecursionOptions.Mode {
  /// The resolvers of forward mode.
  var upstreams: [SocketEndpoint] {
    guard case .forward(let endpoints, _) = self else { return [] }
    return endpoints
  }
}
