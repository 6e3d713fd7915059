import Addressing
import AnswerCache
import DNSServer
import Foundation
import QueryPath
import Recursion
import Settings

/// Turns the settings of resolution into resolvers.
extension Settings {
  /// Where libunbound keeps what it knows of the root's keys (RFC 5011).
  var anchorStateFile: String { dataDirectory + "/trust-anchors/root.key" }

  /// Whether the root's keys are followed; anchors of the operator's own are taken as they are.
  var tracksAnchors: Bool {
    resolution.dnssec && resolution.trackAnchors && resolution.trustAnchors.isEmpty
      && resolution.mode != .none
  }

  /// The anchors that tracking has found so far, nil when there are none or none are tracked.
  func trackedAnchors() -> [String]? {
    guard tracksAnchors,
      let state = try? TrustAnchorTracker(file: anchorStateFile, options: RecursionOptions())
        .state()
    else { return nil }
    return state.anchors
  }

  /// Starts resolvers.
  ///
  /// - Parameter anchors: the anchors to trust, nil for those of the settings.
  func makeResolvers(
    processors: Int, anchors: [String]?
  ) throws(RecursionError) -> Recursor.Resolvers {
    var options = recursionOptions(processors: processors)
    if let anchors { options.trustAnchors = anchors }
    let main = try Resolver(options)
    var plain: Resolver?
    if options.dns64 != nil {
      options.dns64 = nil
      do throws(RecursionError) {
        plain = try Resolver(options)
      } catch {
        main.stop(drain: .zero)
        throw error
      }
    }
    return Recursor.Resolvers(
      main: main, plain: plain,
      rebinding: RebindingGuard(
        prefixes: resolution.privateAddresses, exempt: resolution.privateDomains))
  }

  func recursionOptions(processors: Int) -> RecursionOptions {
    var options = RecursionOptions()
    if resolution.mode == .forward {
      options.mode = .forward(resolution.upstreams, tlsName: resolution.upstreamTLSName)
    }
    options.threads = resolution.threads.resolved(processors: processors)
    options.validate = resolution.dnssec
    if !resolution.trustAnchors.isEmpty { options.trustAnchors = resolution.trustAnchors }
    options.insecureZones = resolution.negativeTrustAnchors
    options.rootHints = resolution.rootHints
    options.localRoot = resolution.localRoot
    options.allowLoopback = resolution.allowLoopback
    options.outstandingPerThread = max(1, resolution.outstanding / options.threads)
    options.answerTimeoutMilliseconds = Int(resolution.timeout.milliseconds)
    options.cacheBytes = Int(resolution.libraryCache.bytes)
    if cache.stale > .zero { options.lateMilliseconds = Int(cache.staleAfter.milliseconds) }
    options.refreshes = cache.prefetch
    options.hardening = hardening
    options.network = network
    options.ipv6 =
      switch resolution.ipv6 {
      case .auto: .automatic
      case .on: .on
      case .off: .off
      }
    options.zones =
      resolution.forwardZones.map { $0.servers(.resolvers) }
      + resolution.stubZones.map { $0.servers(.authorities) }
    if let prefix = resolution.dns64Prefix {
      var dns64 = RecursionOptions.DNS64(prefix: prefix)
      dns64.ignoredAAAA = resolution.dns64IgnoreAAAA
      options.dns64 = dns64
    }
    return options
  }

  private var hardening: RecursionOptions.Hardening {
    var hardening = RecursionOptions.Hardening()
    hardening.minimisation =
      switch resolution.qnameMinimisation {
      case .off: .off
      case .relaxed: .relaxed
      case .strict: .strict
      }
    hardening.randomCase = resolution.randomCase
    hardening.randomCaseExceptions = resolution.randomCaseExceptions
    hardening.aggressiveNSEC = resolution.aggressiveNSEC
    hardening.glue = resolution.hardenGlue
    hardening.belowNXDOMAIN = resolution.hardenBelowNXDOMAIN
    hardening.algorithmDowngrade = resolution.hardenAlgorithmDowngrade
    hardening.referralPath = resolution.hardenReferralPath
    hardening.largeQueries = resolution.hardenLargeQueries
    hardening.shortPayload = resolution.hardenShortBufsize
    hardening.strippedSignatures = resolution.hardenDNSSECStripped
    hardening.scrubPromiscuous = resolution.scrubPromiscuous
    hardening.nsec3Iterations = resolution.nsec3Iterations
    hardening.anchorSignaling = resolution.anchorSignaling
    hardening.rootKeySentinel = resolution.rootKeySentinel
    hardening.privateAddresses = resolution.privateAddresses
    hardening.privateDomains = resolution.privateDomains
    return hardening
  }

  private var network: RecursionOptions.Network {
    var network = RecursionOptions.Network()
    network.ipv4 = resolution.ipv4
    network.preferred =
      switch resolution.prefer {
      case .none: .none
      case .ipv4: .ipv4
      case .ipv6: .ipv6
      }
    network.addresses = resolution.outgoingAddresses
    network.avoidedPorts = resolution.avoidedPorts
    network.onlyTCP = resolution.tcpUpstream
    network.payload = resolution.payload
    network.tries = resolution.tries
    network.targetFetches = resolution.targetFetchPolicy
    network.certificateBundle = resolution.certificateBundle
    return network
  }
}

extension ResolutionZone {
  fileprivate func servers(
    _ kind: RecursionOptions.ZoneServers.Kind
  ) -> RecursionOptions.ZoneServers {
    var zone = RecursionOptions.ZoneServers(name: name, kind: kind, servers: servers)
    zone.tlsName = tlsName
    zone.isInsecure = isInsecure
    return zone
  }
}
