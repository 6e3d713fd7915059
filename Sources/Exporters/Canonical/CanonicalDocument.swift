import Evidence

/// The canonical JSON form as it is read: the keys of `CanonicalFormat`, numbers before texts.
///
/// Fields that are not known are passed over, so that a later version may add some.
struct CanonicalDocument: Decodable {
  struct Client: Decodable {
    let address: String
    let prefixLength: Int?
    let port: UInt16
    let transport: String
    let scope: InfectionRecord.Scope
    let device: String?
    let relay: String?
    let relayPort: UInt16?
    let asn: UInt32?
    let asName: String?
    let country: String?
    let city: String?

    enum CodingKeys: String, CodingKey {
      case address, port, transport, scope, device, relay, asn, country, city
      case prefixLength = "prefix_length"
      case relayPort = "relay_port"
      case asName = "as_name"
    }
  }

  struct Server: Decodable {
    let address: String
    let port: UInt16
    let resolver: String?
  }

  struct Lookup: Decodable {
    let microseconds: Int64
    let qname: String
    let listedName: String
    let qtype: String
    let port: UInt16
    let transport: String
    let action: String
    let validFrom: Int64?
    let validTo: Int64?
    let ordinal: UInt32?

    enum CodingKeys: String, CodingKey {
      case qname, qtype, port, transport, action, ordinal
      case microseconds = "us"
      case listedName = "listed_name"
      case validFrom = "valid_from_s"
      case validTo = "valid_to_s"
    }
  }

  let schema: Int
  let id: String
  let revision: Int
  let change: InfectionRecord.Change
  let episode: String
  let caseNumber: String
  let test: Bool
  let tlp: String
  let day: String
  let first: Int64
  let last: Int64
  let episodeFirst: Int64
  let count: UInt64
  let distinctNames: UInt64
  let client: Client
  let subscriber: InfectionRecord.Subscriber?
  let server: Server
  let family: String
  let variant: String?
  let seed: String?
  let kind: String
  let lookups: [Lookup]
  let gate: InfectionRecord.Gate
  let confidence: Double
  let severity: String
  let verified: Bool
  let devices: Int
  let stoppedEarly: Bool
  let clockSkewDays: Int?
  let probabilities: [String: Double]
  let terms: [InfectionRecord.Term]
  let reasons: [String]
  let parameters: String

  enum CodingKeys: String, CodingKey {
    case schema, id, revision, change, episode, test, tlp, day, count, client, subscriber, server
    case family, variant, seed, kind, lookups, gate, confidence, severity, verified, probabilities
    case terms, reasons, parameters
    case caseNumber = "case"
    case first = "first_us"
    case last = "last_us"
    case episodeFirst = "episode_first_us"
    case distinctNames = "distinct_names"
    case devices = "infected_devices_at_least"
    case stoppedEarly = "stopped_early"
    case clockSkewDays = "clock_skew_days"
  }
}

// MARK: - The record

extension CanonicalDocument {
  /// The record that the document stands for.
  var record: InfectionRecord {
    var record = InfectionRecord(
      id: id, revision: revision, change: change, episode: episode, caseNumber: caseNumber,
      day: day, firstMicroseconds: first, lastMicroseconds: last,
      episodeFirstMicroseconds: episodeFirst, count: count, distinctNames: distinctNames,
      client: client.value, serverAddress: server.address, serverPort: server.port,
      family: family, lookups: lookups.map(\.value), gate: gate, confidence: confidence)
    record.schema = schema
    record.subscriber = subscriber
    record.resolver = server.resolver ?? ""
    record.variant = variant ?? ""
    record.seed = seed ?? ""
    record.kind = kind
    record.probabilities = probabilities
    record.terms = terms
    record.reasons = reasons
    record.isVerified = verified
    record.clockSkewDays = clockSkewDays
    record.infectedDevicesAtLeast = devices
    record.stoppedEarly = stoppedEarly
    record.severity = severity
    record.tlp = tlp
    record.parameters = parameters
    record.isTest = test
    return record
  }
}

extension CanonicalDocument.Client {
  var value: InfectionRecord.Client {
    var client = InfectionRecord.Client(
      address: address, port: port, transport: transport, scope: scope)
    client.prefixLength = prefixLength
    client.device = device
    client.relay = relay
    client.relayPort = relayPort
    client.asn = asn
    client.asName = asName
    client.country = country
    client.city = city
    return client
  }
}

extension CanonicalDocument.Lookup {
  var value: InfectionRecord.Lookup {
    InfectionRecord.Lookup(
      microseconds: microseconds, qname: qname, listedName: listedName, qtype: qtype, port: port,
      transport: transport, action: action, validFrom: validFrom, validTo: validTo,
      ordinal: ordinal)
  }
}
