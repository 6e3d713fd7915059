import Evidence

/// The objects that say what was seen: the observables of a record, the observation, the sighting.
struct STIXObservation {
  let facts: RecordFacts
  let knowledge: STIXKnowledge
  private var record: InfectionRecord { facts.record }

  init(_ facts: RecordFacts) {
    self.facts = facts
    knowledge = STIXKnowledge(facts.options, facts.tlp)
  }

  // MARK: - Observables

  /// The client, the resolver, the names asked for and one connection per lookup, each once.
  var observables: [STIXObject] {
    var objects = [client]
    if let server { objects.append(server) }
    objects += record.lookups.map { source($0).object }
    objects += RecordFacts.distinct(record.lookups.compactMap(Self.name)).map(domain)
    objects += record.lookups.map(traffic)
    var seen: Set<String> = []
    return objects.filter { seen.insert($0.id).inserted }
  }

  /// The client; a prefix is a value that STIX allows (§6.4: CIDR).
  private var client: STIXObject { address(facts.clientText, isIPv4: facts.address.isIPv4) }

  private var server: STIXObject? {
    facts.server.map { address($0.description, isIPv4: $0.isIPv4) }
  }

  private func address(_ text: String, isIPv4: Bool) -> STIXObject {
    observable(
      isIPv4 ? "ipv4-addr" : "ipv6-addr", contributing: [("value", .text(text))])
  }

  /// The name asked for, or the listed one above it if only that is a host name.
  private static func name(_ lookup: InfectionRecord.Lookup) -> String? {
    [lookup.qname, lookup.listedName].first { HostName.isValid($0) }
  }

  private func domain(_ name: String) -> STIXObject {
    observable("domain-name", contributing: [("value", .text(name))])
  }

  /// One lookup as a connection to the resolver.
  private func traffic(_ lookup: InfectionRecord.Lookup) -> STIXObject {
    let source = source(lookup)
    return observable(
      "network-traffic",
      contributing: [
        ("start", .text(STIXNames.shortTime(microseconds: lookup.microseconds))),
        ("src_ref", .text(source.object.id)), ("dst_ref", .text(optional: server?.id)),
        ("src_port", .integer(optional: source.port)),
        ("dst_port", server == nil ? .absent : .integer(optional: facts.serverPort)),
        ("protocols", .list(protocols(lookup.transport, isIPv4: source.isIPv4))),
      ])
  }

  /// Where a lookup's packets came from: the relay, when it told no port of its client.
  private func source(
    _ lookup: InfectionRecord.Lookup
  ) -> (object: STIXObject, port: UInt16?, isIPv4: Bool) {
    if lookup.port == 0, let relay = facts.relay {
      return (
        address(relay.description, isIPv4: relay.isIPv4), record.client.relayPort, relay.isIPv4
      )
    }
    return (client, lookup.port == 0 ? nil : lookup.port, facts.address.isIPv4)
  }

  /// Lowest layer first, as STIX wants it (§6.12).
  private func protocols(_ transport: String, isIPv4: Bool) -> [JSONTree] {
    [isIPv4 ? "ipv4" : "ipv6", .text(RecordFacts.ipTransport(transport))]
      + (RecordFacts.isEncrypted(transport) ? ["tls"] : [])
      + (transport == "doh" ? ["http"] : []) + ["dns"]
  }

  private func observable(
    _ type: String, contributing: [(String, JSONTree)]
  ) -> STIXObject {
    let named = contributing.map { JSONTree.Member(key: $0.0, value: $0.1) }
    let id = STIXNames.observable(type, .object(named))
    let common: [(String, JSONTree)] = [
      ("type", .text(type)), ("spec_version", "2.1"), ("id", .text(id)),
      ("object_marking_refs", .texts(knowledge.markings)),
    ]
    return STIXObject(
      type: type, id: id, version: nil,
      .object(common.map { JSONTree.Member(key: $0.0, value: $0.1) } + named))
  }

  // MARK: - Observation and sighting

  /// The largest number of an observation or sighting (STIX 2.1 §4.14, §5.2).
  private static let largestNumber: UInt64 = 999_999_999

  /// That these observables were seen together, how often and when.
  func observedData(_ observables: [STIXObject]) -> STIXObject {
    versioned(
      "observed-data",
      [
        ("first_observed", .text(STIXNames.time(microseconds: record.firstMicroseconds))),
        ("last_observed", .text(STIXNames.time(microseconds: lastSeen))),
        ("number_observed", .integer(optional: min(max(record.count, 1), Self.largestNumber))),
        ("object_refs", .texts(observables.map(\.id))),
      ])
  }

  /// That we saw the malware at work there: how often, and how sure we are.
  ///
  /// `last_seen` must be later than `first_seen`, so one lookup alone has none.
  func sighting(of malware: String, _ observedData: String) -> STIXObject {
    versioned(
      "sighting",
      [
        ("description", .text(description)),
        ("first_seen", .text(STIXNames.time(microseconds: record.firstMicroseconds))),
        (
          "last_seen",
          lastSeen > record.firstMicroseconds
            ? .text(STIXNames.time(microseconds: lastSeen)) : .absent
        ),
        ("count", .integer(optional: min(record.count, Self.largestNumber))),
        ("sighting_of_ref", .text(malware)), ("observed_data_refs", [.text(observedData)]),
        ("where_sighted_refs", [.text(knowledge.identityID)]),
      ])
  }

  private var lastSeen: Int64 { max(record.lastMicroseconds, record.firstMicroseconds) }

  private var description: String {
    (["case \(record.caseNumber)", "client \(facts.clientText)"] + record.reasons)
      .joined(separator: "; ")
  }

  private func versioned(_ type: String, _ properties: [(String, JSONTree)]) -> STIXObject {
    let id = STIXNames.id(type, [knowledge.identityID, record.id])
    let version = modified
    let common: [(String, JSONTree)] = [
      ("type", .text(type)), ("spec_version", "2.1"), ("id", .text(id)),
      ("created_by_ref", .text(knowledge.identityID)), ("created", .text(created)),
      ("modified", .text(version)),
      ("revoked", facts.isWithdrawn ? true : .absent),
      ("confidence", .integer(Int64(facts.percent))), ("labels", .texts(facts.tags)),
    ]
    let marking: [(String, JSONTree)] = [("object_marking_refs", .texts(knowledge.markings))]
    return STIXObject(
      type: type, id: id, version: version,
      .object((common + properties + marking).map { JSONTree.Member(key: $0.0, value: $0.1) }))
  }

  /// Midnight of the record's day: it stays, whatever later revisions bring.
  private var created: String {
    let day = UTCTime.secondsPerDay * UTCTime.microsecondsPerSecond
    return STIXNames.version(
      microseconds: UTCTime.dayNumber(microseconds: record.firstMicroseconds) * day)
  }

  /// The last lookup, and a millisecond more with each revision: later revisions are later versions.
  private var modified: String {
    let revision = Int64(clamping: min(max(record.revision, 1), 1_000_000))
    return STIXNames.version(microseconds: lastSeen + revision * 1_000)
  }
}
