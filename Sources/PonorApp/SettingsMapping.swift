import Addressing
import AnswerCache
import DNSServer
import DNSWire
package import Generation
import Policy
import QueryPath
package import Settings

/// Turns settings into what the parts take; the only place that knows both.
extension Settings {
  /// What the index is made from.
  package var generationInputs: GenerationInputs {
    var inputs = GenerationInputs()
    inputs.seedDirectories = models.seeds
    inputs.wordListDirectory = models.wordlists
    inputs.feeds = feeds.map(\.path)
    inputs.delegated = sinkhole.delegated
    inputs.delegatedFiles = sinkhole.delegatedFiles
    if case .only(let families) = models.families { inputs.families = families }
    inputs.excluded = models.exclude
    inputs.allowed = policy.allowlist
    inputs.allowFiles = policy.allowlistFiles
    inputs.ownZones = zones.map(\.name)
    inputs.graceSeconds = models.grace.components.seconds
    inputs.maximumNames = index.maxNames
    return inputs
  }

  var actionTable: ActionTable {
    ActionTable(
      standard: policy.defaultAction.policyAction,
      byName: policy.actions.mapValues(\.policyAction))
  }

  var sinkholeOptions: SinkholeAnswers.Options { Self.sinkholeOptions(sinkhole) }

  static func sinkholeOptions(_ sinkhole: Sinkhole) -> SinkholeAnswers.Options {
    var options = SinkholeAnswers.Options()
    options.ipv4 = sinkhole.ipv4
    options.ipv6 = sinkhole.ipv6
    options.ttl = sinkhole.ttl
    options.nameservers = sinkhole.nameservers.compactMap { try? Name($0) }
    options.contact = sinkhole.contact.flatMap(Self.mailboxName)
    options.text = [sinkhole.edeText, sinkhole.contact ?? ""].filter { !$0.isEmpty }
      .joined(separator: "; ")
    return options
  }

  /// RFC 1035 §8: the part before the @ is the first label, dots in it escaped.
  static func mailboxName(_ mail: String) -> Name? {
    guard let at = mail.lastIndex(of: "@") else { return try? Name(mail) }
    let local = mail[..<at].replacing(".", with: "\\.")
    return try? Name("\(local).\(mail[mail.index(after: at)...])")
  }

  /// Special-use names that are resolved: those that are asked for, and zones with servers of their
  /// own, such as the reverse zones of a private network.
  var ordinaryNames: [Name] {
    let zones = resolution.stubZones + resolution.forwardZones
    return (resolution.resolveSpecial + zones.map(\.name)).compactMap { try? Name($0) }
      .filter { $0.labelCount > 0 }
  }

  var cacheLifetimes: AnswerCache.Lifetimes {
    var lifetimes = AnswerCache.Lifetimes()
    lifetimes.positive = cache.maxTTL
    lifetimes.negative = cache.negativeMaxTTL
    lifetimes.minimum = cache.minTTL
    lifetimes.failure = cache.failureTTL
    lifetimes.stale = UInt32(clamping: cache.stale.components.seconds)
    lifetimes.recheck = UInt32(clamping: cache.staleRecheck.components.seconds)
    lifetimes.refreshes = cache.prefetch
    return lifetimes
  }

  var tcpSettings: TCPSettings {
    var tcp = TCPSettings()
    tcp.connections = server.tcp.maxConnections
    tcp.connectionsPerClient = server.tcp.maxConnectionsPerClient
    tcp.idleTimeout = server.tcp.idleTimeout
    // Octets that trickle in must not keep a connection longer than silence would.
    tcp.messageTimeout = server.tcp.idleTimeout
    tcp.outstandingQueries = server.tcp.pipeline
    tcp.encryptedIdleTimeout = server.tls.idleTimeout
    tcp.handshakeTimeout = server.tls.handshakeTimeout
    tcp.handshakesPerSecond = server.tls.handshakesPerSecond
    return tcp
  }
}

extension FamilyAction {
  var policyAction: PolicyAction {
    switch self {
    case .sinkhole: .sinkhole
    case .nxdomain: .nxdomain
    case .observeThenSinkhole: .observeThenSinkhole
    case .observe: .observe
    case .off: .off
    }
  }
}
