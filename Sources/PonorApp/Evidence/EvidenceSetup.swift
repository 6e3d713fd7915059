import Addressing
import AttributionService
import DGAKit
import DNSServer
package import Evidence
import EvidenceParameters
package import EvidenceStore
import Generation
import HitLog
import Logging
package import Settings

/// What the evidence engine is told, from settings and models; the same for server and commands.
package enum EvidenceSetup {
  /// The options that settings say.
  ///
  /// - Throws: `SourceProblem` when the file of parameters cannot be read.
  package static func options(_ settings: Settings) throws -> EvidenceOptions {
    let wanted = settings.evidence
    var options = EvidenceOptions(
      parameters: try wanted.parameters.map(EvidenceParameters.read)
        ?? EvidenceParameters.builtIn())
    options.facts = facts()
    options.suspects.ipv6PrefixLength = wanted.ipv6Prefix
    options.suspects.shared = wanted.shared.map(Self.shared)
    options.suspects.forwarders = wanted.forwarders.map(Self.shared)
    options.assurance =
      switch wanted.sources {
      case .attested: .attested
      case .listed: .listed
      case .open: .open
      }
    options.hosting = wanted.hosting.map(Self.prefix)
    options.mail = wanted.mail.map(Self.prefix)
    options.clientsPerDay = wanted.clients
    options.resolver = wanted.resolver ?? ""
    options.tlp = wanted.tlp.rawValue
    options.isTest = wanted.test
    options.retention.episodes = settings.privacy.episodeDays
    options.retention.joins = settings.privacy.joinDays
    options.retention.audit = settings.privacy.auditDays
    options.attributionWait = settings.attribution.wait.milliseconds * 1000
    return options
  }

  /// Who says which lines hits were; nil when nobody is to be asked.
  package static func subscribers(_ settings: Settings) -> (any SubscriberLookup)? {
    settings.attribution.socket.map { AttributionClient(socketPath: $0) }
  }

  /// The engine of a server, on a thread of its own.
  static func service(_ settings: Settings, _ logger: Logger) throws -> EvidenceService {
    let engine = EvidenceEngine(
      dataDirectory: settings.dataDirectory, options: try options(settings),
      subscribers: subscribers(settings), now: { UTCClock.microseconds() },
      log: { level, message in
        switch level {
        case .notice: logger.notice("\(message)")
        case .warning: logger.warning("\(message)")
        case .error: logger.error("\(message)")
        }
      })
    return EvidenceService(engine: engine)
  }

  /// When notices are due.
  package static func noticeRules(_ settings: Settings) -> NoticeRules {
    let gate: InfectionRecord.Gate =
      switch settings.evidence.noticeGate {
      case .suspected: .suspected
      case .likely: .likely
      case .confirmed: .confirmed
      }
    let repeatAfter = settings.evidence.noticeRepeat / Duration.microseconds(1)
    return NoticeRules(gate: gate, repeatAfter: Int64(repeatAfter))
  }

  private static func shared(_ setting: SharedAddresses) -> SuspectOptions.SharedPrefix {
    SuspectOptions.SharedPrefix(prefix: prefix(setting.prefix), devices: setting.devices)
  }

  private static func prefix(_ prefix: IPPrefix) -> ClientPrefix {
    let address = ClientAddress(high: prefix.address.high, low: prefix.address.low)
    return ClientPrefix(address, length: address.isIPv4 ? prefix.length - 96 : prefix.length)
  }

  // MARK: - Families

  /// How the bots of the built-in families walk their lists.
  private static func facts() -> FamilyFactsTable {
    var table = FamilyFactsTable()
    for family in BuiltInFamilies.metadata {
      for variant in family.variants {
        table.set(facts(variant), family: family.family, variant: variant.name)
      }
    }
    return table
  }

  private static func facts(_ variant: VariantInfo) -> FamilyFacts {
    FamilyFacts(
      order: order(variant.order), pool: pool(variant.namesPerPeriod),
      triesPerRun: variant.triesPerRun, isWordList: variant.kind == .wordlist)
  }

  private static func order(_ order: WalkOrder) -> FamilyFacts.Order {
    switch order {
    case .listed: .listed
    case .random: .random
    case .unknown: .unknown
    }
  }

  /// Of a list whose length varies the longest: a share of it is then never taken for too large.
  private static func pool(_ count: NameCount) -> Int {
    switch count {
    case .exactly(let number): number
    case .between(_, let most): most
    }
  }
}
