import Addressing
import AnswerCache
import DNSServer
import DNSWire
package import Generation
import Policy
import QueryPath
import Recursion
package import Settings

/// Turns settings into what the parts take; the only place that knows both.
extension Settings {
  /// What the index is made from.
  package var generationInputs: GenerationInputs {
    var inputs = GenerationInputs()
    inputs.seedDirectories = models.seeds
    inputs.wordListDirectory = models.wordlists
    inputs.feeds = feeds.map(\.path)
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

  var sinkholeOptions: SinkholeAnswers.Options {
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
  private static func mailboxName(_ mail: String) -> Name? {
    guard let at = mail.lastIndex(of: "@") else { return try? Name(mail) }
    let local = mail[..<at].replacing(".", with: "\\.")
    return try? Name("\(local).\(mail[mail.index(after: at)...])")
  }

  var cacheLifetimes: AnswerCache.Lifetimes {
    var lifetimes = AnswerCache.Lifetimes()
    lifetimes.positive = cache.maxTTL
    lifetimes.negative = cache.negativeMaxTTL
    lifetimes.minimum = cache.minTTL
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
    return tcp
  }

  func recursionOptions(processors: Int) -> RecursionOptions {
    var options = RecursionOptions()
    if resolution.mode == .forward {
      options.mode = .forward(resolution.upstreams)
    }
    options.threads = resolution.threads.resolved(processors: processors)
    options.validate = resolution.dnssec
    if !resolution.trustAnchors.isEmpty { options.trustAnchors = resolution.trustAnchors }
    options.rootHints = resolution.rootHints
    options.allowLoopback = resolution.allowLoopback
    options.outstandingPerThread = max(1, resolution.outstanding / options.threads)
    options.answerTimeoutMilliseconds = Int(resolution.timeout.milliseconds)
    return options
  }
}

extension FamilyAction {
  var policyAction: PolicyAction {
    switch self {
    case .sinkhole: .sinkhole
    case .nxdomain: .nxdomain
    case .observe: .observe
    case .off: .off
    }
  }
}
