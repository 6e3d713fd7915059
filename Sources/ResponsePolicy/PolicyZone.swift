public import DNSWire
import Synchronization

/// How one policy zone is used, as the operator configured it.
public struct PolicyZoneOptions: Sendable, Equatable {
  /// What is done instead of what the rules say.
  public enum Override: Sendable, Equatable {
    /// Nothing: the rules count.
    case given
    /// The zone only logs; evaluation goes on behind it.
    case disabled
    /// Every match is this.
    case rule(PolicyRule)
    /// Every match is answered with an alias of this name.
    case alias(Name)
  }

  /// What is done instead of what the rules say.
  public var override = Override.given
  /// Whether NSDNAME rules are used.
  public var usesServerNames = true
  /// Whether NSIP rules are used.
  public var usesServerAddresses = true
  /// The extended error of rewritten answers; nil = 15 for NXDOMAIN and NODATA, 4 for data.
  public var extendedError: ExtendedError?
  /// Whether rewritten answers carry an extended error at all.
  public var explains = true
  /// Whether matches are recorded as hits.
  public var records = false
  /// Whether the zone counts only for what the index does not answer.
  public var comesAfterIndex = false
  /// Names of the views the zone is for; empty = all.
  public var views: Set<String> = []

  /// The defaults.
  public init() {}

  /// Whether the zone is for the view of this name.
  public func applies(toView name: String) -> Bool { views.isEmpty || views.contains(name) }
}

/// What the rules of a zone have done, by outcome; kept over new versions of the zone.
public final class PolicyZoneCounters: Sendable {
  private let cells = InlineArray<7, Atomic<UInt64>>({ _ in Atomic(0) })

  /// Starts at zero.
  public init() {}

  /// Counts one; any thread may.
  @inline(__always)
  public func count(_ outcome: PolicyOutcome) {
    cells[outcome.rawValue].wrappingAdd(1, ordering: .relaxed)
  }

  /// The number counted so far.
  public subscript(outcome: PolicyOutcome) -> UInt64 {
    cells[outcome.rawValue].load(ordering: .relaxed)
  }
}

/// The content of a policy zone as loaded: rules, local data and the zone's SOA record.
public struct PolicyRules: Sendable {
  /// QNAME rules.
  public var names = NameTable()
  /// NSDNAME rules.
  public var serverNames = NameTable()
  /// Client address rules.
  public var clients = PrefixTable()
  /// Response address rules.
  public var answers = PrefixTable()
  /// NSIP rules.
  public var serverAddresses = PrefixTable()
  /// Local data.
  public var data = LocalData()
  /// Data of the SOA record, uncompressed; empty when the zone has none.
  public var soa: [UInt8] = []
  /// TTL of the SOA record, at most its minimum (RFC 2308 §5), seconds.
  public var soaTTL: UInt32 = 0
  /// Serial number of the SOA record.
  public var serial: UInt32?
  /// Records read, those left out included.
  public var recordCount = 0
  /// Records left out.
  public var skipped = SkipCounts()
  /// The first records left out, for people.
  public var examples: [String] = []

  /// A zone without rules.
  public init() {}

  /// Rules of all kinds.
  public var ruleCount: Int {
    names.count + serverNames.count + clients.count + answers.count + serverAddresses.count
  }

  /// Octets of memory of the rules.
  public var memory: Int {
    names.memory + serverNames.memory + clients.memory + answers.memory + serverAddresses.memory
      + data.memory
  }
}

/// One policy zone in force: its rules and how they are used.
public final class PolicyZone: Sendable {
  /// The name of the zone.
  public let name: Name
  /// How it is used.
  public let options: PolicyZoneOptions
  /// What it says.
  public let rules: PolicyRules
  /// What it has done.
  public let counters: PolicyZoneCounters
  /// Stands for the zone where hits have the generation of an index.
  public let hitGeneration: UInt64

  /// Puts a zone together.
  public init(
    name: Name, options: PolicyZoneOptions, rules: PolicyRules, counters: PolicyZoneCounters
  ) {
    self.name = name
    self.options = options
    self.rules = rules
    self.counters = counters
    hitGeneration = Self.hitGeneration(of: name)
  }

  /// Bit 63 tells policy zones from index generations, which count microseconds since 1970.
  public static let isPolicyGeneration: UInt64 = 1 << 63

  /// What stands for the zone `name` in hits: the same at every start.
  public static func hitGeneration(of name: Name) -> UInt64 {
    let key = SipHash.Key(low: 0x7270_7a2d_6869_7473, high: 0)
    return SipHash.hash(name.canonical.span, key: key).low | isPolicyGeneration
  }

  /// Whether the zone has rules that need the answer or the servers it came from.
  var needsAnswer: Bool { !rules.answers.isEmpty || needsServers }

  /// Whether the zone has rules about name servers.
  public var needsServers: Bool { hasServerNames || hasServerAddresses }
  var hasServerNames: Bool { options.usesServerNames && !rules.serverNames.isEmpty }
  var hasServerAddresses: Bool {
    options.usesServerAddresses && !rules.serverAddresses.isEmpty
  }
}
