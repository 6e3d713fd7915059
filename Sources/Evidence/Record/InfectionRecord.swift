/// What others are told of one infection on one UTC day: the source of every export.
///
/// One record stands for one episode (client identity and family) on one UTC day, so that a
/// receiver can add days up and a repeated delivery can be recognised: `id` never changes, a later
/// `revision` replaces an earlier one. Its JSON form is described by a schema
/// (`Exporters`, `CanonicalSchema`); a change of meaning raises `schemaVersion`.
package struct InfectionRecord: Codable, Equatable, Sendable {
  /// Version of the JSON form.
  package static let schemaVersion = 1

  /// Why a record is sent.
  package enum Change: String, Codable, Sendable, CaseIterable {
    /// The first record of an episode.
    case opened
    /// A later day of an episode, or a correction of an earlier revision.
    case updated
    /// The episode ended: no lookup for the silence that closes it.
    case closed
    /// It was no infection: whoever acted on an earlier revision should undo that.
    case withdrawn
  }

  /// How an address relates to the devices behind it.
  package enum Scope: String, Codable, Sendable, CaseIterable {
    /// One subscriber line, household or host.
    case line
    /// Many lines share the address (a carrier-grade NAT).
    case shared
    /// A resolver or relay that asks for others.
    case forwarder
  }

  /// The client as the server saw it.
  package struct Client: Codable, Equatable, Sendable {
    /// Address, text of `ClientAddress`.
    package var address: String
    /// Known bits of the address when a forwarder told only a prefix; nil = all.
    package var prefixLength: Int?
    /// Source port of the first lookup of the day.
    package var port: UInt16
    /// Transport of that lookup: `udp`, `tcp`, `dot` or `doh`.
    package var transport: String
    /// Device behind the forwarder, text of `DeviceIdentifier`; nil = none.
    package var device: String?
    /// Forwarder or balancer that told of the client; nil = the client itself asked.
    package var relay: String?
    /// Source port of the relay.
    package var relayPort: UInt16?
    /// What kind of client it is.
    package var scope: Scope
    /// Autonomous system number, when an address database is given.
    package var asn: UInt32?
    /// Name of the autonomous system.
    package var asName: String?
    /// Country, ISO 3166-1 alpha-2 upper case, when an address database is given.
    package var country: String?
    /// City, when an address database is given.
    package var city: String?

    /// Makes a client with what is always known.
    package init(address: String, port: UInt16, transport: String, scope: Scope) {
      self.address = address
      self.port = port
      self.transport = transport
      self.scope = scope
    }

    /// The address as a value; nil if the text is none (a record from elsewhere).
    package var parsedAddress: ClientAddress? { ClientAddress(address) }
  }

  /// What attribution said about the line: internal, sent only to recipients with that right.
  package struct Subscriber: Codable, Equatable, Sendable {
    /// How sure the join is.
    package enum State: String, Codable, Sendable, CaseIterable {
      /// Exactly one line had the address and port then.
      case unique
      /// More than one may have had it.
      case ambiguous
      /// Nothing is known of the address then.
      case unknown
    }
    /// How sure the join is.
    package var state: State
    /// The operator's opaque key of the line; nil unless `unique`.
    package var key: String?
    /// Where the join comes from: `radius`, `kea`, `dhcpd`, `cgnat`, `intervals`.
    package var source: String?

    /// Makes the result of a join.
    package init(state: State, key: String? = nil, source: String? = nil) {
      self.state = state
      self.key = key
      self.source = source
    }
  }

  /// One of the day's lookups, as an example: the first of each distinct name.
  package struct Lookup: Codable, Equatable, Sendable {
    /// Instant, microseconds since 1970.
    package var microseconds: Int64
    /// Name asked, presentation form (RFC 1035 §5.1), lower case, no final dot.
    ///
    /// Hostile octets are escaped as `\DDD`; any printable character may stand in it.
    package var qname: String
    /// Listed name that matched: `qname` or a parent of it.
    package var listedName: String
    /// Query type, mnemonic.
    package var qtype: String
    /// Source port.
    package var port: UInt16
    /// `udp`, `tcp`, `dot` or `doh`.
    package var transport: String
    /// `sinkhole`, `nxdomain` or `observe`.
    package var action: String
    /// Validity of the listed name, seconds since 1970; nil = open.
    package var validFrom: Int64?
    /// End of validity, exclusive.
    package var validTo: Int64?
    /// Place in the generator's list.
    package var ordinal: UInt32?

    /// Makes a lookup; every field is described at its property.
    package init(
      microseconds: Int64, qname: String, listedName: String, qtype: String, port: UInt16,
      transport: String, action: String, validFrom: Int64? = nil, validTo: Int64? = nil,
      ordinal: UInt32? = nil
    ) {
      self.microseconds = microseconds
      self.qname = qname
      self.listedName = listedName
      self.qtype = qtype
      self.port = port
      self.transport = transport
      self.action = action
      self.validFrom = validFrom
      self.validTo = validTo
      self.ordinal = ordinal
    }
  }

  /// One term of the score.
  package struct Term: Codable, Equatable, Sendable {
    /// What the term is about, for example `name:qlgw….ws`, `order`, `breadth`, `prior`.
    package var name: String
    /// Its part of the infected hypothesis' log-odds, natural logarithm.
    package var value: Double

    /// Makes a term.
    package init(name: String, value: Double) {
      self.name = name
      self.value = value
    }
  }

  /// How sure the score is; ordered.
  package enum Gate: String, Codable, Sendable, CaseIterable, Comparable {
    /// Looked up; nothing is concluded.
    case recorded
    /// More likely than not.
    case suspected
    /// Likely: several names, high probability.
    case likely
    /// Confirmed: fit for quarantine.
    case confirmed

    /// Orders by strength.
    package static func < (left: Gate, right: Gate) -> Bool { left.rank < right.rank }

    /// 0 for `recorded` … 3 for `confirmed`.
    package var rank: Int {
      switch self {
      case .recorded: 0
      case .suspected: 1
      case .likely: 2
      case .confirmed: 3
      }
    }
  }

  /// Version of this form.
  package var schema = InfectionRecord.schemaVersion
  /// UUID (version 5) of episode and day; stable for ever.
  package var id: String
  /// Grows with each change of this record, from 1.
  package var revision: Int
  /// Why it is sent.
  package var change: Change
  /// UUID (version 5) of the episode.
  package var episode: String
  /// The number printed on notices, `PN-2026-000123`.
  package var caseNumber: String
  /// UTC day, `2026-11-23`.
  package var day: String
  /// First lookup of the day, microseconds since 1970.
  package var firstMicroseconds: Int64
  /// Last lookup of the day, microseconds since 1970.
  package var lastMicroseconds: Int64
  /// First lookup of the episode, microseconds since 1970.
  package var episodeFirstMicroseconds: Int64
  /// Lookups of the day, repeats included.
  package var count: UInt64
  /// Distinct listed names of the day.
  package var distinctNames: UInt64
  /// Who asked.
  package var client: Client
  /// Which line that was; nil when attribution is off or the recipient has no right to it.
  package var subscriber: Subscriber?
  /// Address of the resolver that was asked.
  package var serverAddress: String
  /// Port of the resolver that was asked.
  package var serverPort: UInt16
  /// Identity of the resolver, as configured.
  package var resolver: String
  /// Family id, lower case.
  package var family: String
  /// Variant within the family; may be empty.
  package var variant: String
  /// Seed label; may be empty.
  package var seed: String
  /// `model` or `feed`.
  package var kind: String
  /// Some of the day's lookups, the earliest first, at most `maximumLookups`; never empty.
  package var lookups: [Lookup]
  /// How many lookups a record carries at most.
  package static let maximumLookups = 10
  /// How sure the score is.
  package var gate: Gate
  /// Probability that a device behind the client ran the family, 0…1.
  package var confidence: Double
  /// Probabilities of the hypotheses: `benign`, `infected`, `analyst`, `relay`, `spoofed`.
  package var probabilities: [String: Double]
  /// The terms of the score.
  package var terms: [Term]
  /// Sentences for people: why, and what limits the conclusion.
  package var reasons: [String]
  /// Whether the client's address was verified (TCP, DoT, DoH, cookie).
  package var isVerified: Bool
  /// Constant error of the bot's clock in days, when one is seen.
  package var clockSkewDays: Int?
  /// Devices behind the client that are infected, at least.
  package var infectedDevicesAtLeast: Int
  /// Whether the bot stopped walking its list early: its server probably answers.
  package var stoppedEarly: Bool
  /// `critical`, `high`, `medium`, `low` or `info`.
  package var severity: String
  /// Traffic light: `clear`, `green`, `amber`, `amber+strict` or `red`.
  package var tlp: String
  /// Version of the scoring parameters.
  package var parameters: String
  /// Whether this is a rehearsal: every format says so.
  package var isTest: Bool

  /// Makes a record from what every record has; the rest has plain defaults.
  package init(
    id: String, revision: Int, change: Change, episode: String, caseNumber: String, day: String,
    firstMicroseconds: Int64, lastMicroseconds: Int64, episodeFirstMicroseconds: Int64,
    count: UInt64, distinctNames: UInt64, client: Client, serverAddress: String,
    serverPort: UInt16, family: String, lookups: [Lookup], gate: Gate, confidence: Double
  ) {
    self.id = id
    self.revision = revision
    self.change = change
    self.episode = episode
    self.caseNumber = caseNumber
    self.day = day
    self.firstMicroseconds = firstMicroseconds
    self.lastMicroseconds = lastMicroseconds
    self.episodeFirstMicroseconds = episodeFirstMicroseconds
    self.count = count
    self.distinctNames = distinctNames
    self.client = client
    self.serverAddress = serverAddress
    self.serverPort = serverPort
    self.family = family
    self.lookups = lookups
    self.gate = gate
    self.confidence = confidence
    resolver = ""
    variant = ""
    seed = ""
    kind = "model"
    probabilities = [:]
    terms = []
    reasons = []
    isVerified = false
    clockSkewDays = nil
    infectedDevicesAtLeast = 1
    stoppedEarly = false
    severity = "critical"
    tlp = "amber"
    parameters = ""
    isTest = false
  }
}
