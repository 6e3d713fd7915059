package import Evidence

/// The canonical form: one JSON object per line, every field of the record.
///
/// Times stand twice: RFC 3339 in UTC with microseconds for people and databases, and as numbers
/// (`…_us`, microseconds since 1970; `…_s`, seconds) for programs; a reader takes the numbers. Fields
/// that say nothing are left out. `CanonicalSchema` describes the form, `CanonicalReader` reads it.
package struct CanonicalFormat: InfectionFormat {
  /// `json`.
  package static let name = "json"
  /// The version of the schema.
  package static let follows = "Ponor infection record, schema \(InfectionRecord.schemaVersion)"
  /// Newline-delimited JSON.
  package static let mediaType = "application/x-ndjson"
  /// `jsonl`.
  package static let fileExtension = "jsonl"

  private let includesSubscriber: Bool

  /// Prepares the format.
  package init(options: ExportOptions) { includesSubscriber = options.includesSubscriber }

  /// One line with its line end.
  package mutating func body(_ record: InfectionRecord) -> FormattedRecord {
    .text(Self.line(record, includesSubscriber: includesSubscriber) + "\n")
  }

  /// One record as a JSON object without line end.
  package static func line(_ record: InfectionRecord, includesSubscriber: Bool) -> String {
    var object = JSONObject()
    addIdentity(record, to: &object)
    addExtent(record, to: &object)
    object.add("client", raw: client(record.client))
    if includesSubscriber, let subscriber = record.subscriber {
      object.add("subscriber", raw: Self.subscriber(subscriber))
    }
    var server = JSONObject()
    server.add("address", record.serverAddress)
    server.add("port", record.serverPort)
    if !record.resolver.isEmpty { server.add("resolver", record.resolver) }
    object.add("server", raw: server.line)
    object.add("family", record.family)
    if !record.variant.isEmpty { object.add("variant", record.variant) }
    if !record.seed.isEmpty { object.add("seed", record.seed) }
    object.add("kind", record.kind)
    object.add("lookups", raw: JSONObject.array(record.lookups.map(lookup)))
    addConclusion(record, to: &object)
    return object.line
  }

  // MARK: - Parts

  private static func addIdentity(_ record: InfectionRecord, to object: inout JSONObject) {
    object.add("schema", record.schema)
    object.add("id", record.id)
    object.add("revision", record.revision)
    object.add("change", record.change.rawValue)
    object.add("episode", record.episode)
    object.add("case", record.caseNumber)
    object.add("test", record.isTest)
    object.add("tlp", record.tlp)
  }

  private static func addExtent(_ record: InfectionRecord, to object: inout JSONObject) {
    object.add("day", record.day)
    object.add("first", microseconds: record.firstMicroseconds)
    object.add("last", microseconds: record.lastMicroseconds)
    object.add("episode_first", microseconds: record.episodeFirstMicroseconds)
    object.add("count", record.count)
    object.add("distinct_names", record.distinctNames)
  }

  private static func client(_ client: InfectionRecord.Client) -> String {
    var object = JSONObject()
    object.add("address", client.address)
    object.add("prefix_length", present: client.prefixLength)
    object.add("port", client.port)
    object.add("transport", client.transport)
    object.add("scope", client.scope.rawValue)
    object.add("device", present: client.device)
    object.add("relay", present: client.relay)
    object.add("relay_port", present: client.relayPort)
    object.add("asn", present: client.asn)
    object.add("as_name", present: client.asName)
    object.add("country", present: client.country)
    object.add("city", present: client.city)
    return object.line
  }

  private static func subscriber(_ subscriber: InfectionRecord.Subscriber) -> String {
    var object = JSONObject()
    object.add("state", subscriber.state.rawValue)
    object.add("key", present: subscriber.key)
    object.add("source", present: subscriber.source)
    return object.line
  }

  private static func lookup(_ lookup: InfectionRecord.Lookup) -> String {
    var object = JSONObject()
    object.add("time", UTCTime.rfc3339(microseconds: lookup.microseconds))
    object.add("us", lookup.microseconds)
    object.add("qname", lookup.qname)
    object.add("listed_name", lookup.listedName)
    object.add("qtype", lookup.qtype)
    object.add("port", lookup.port)
    object.add("transport", lookup.transport)
    object.add("action", lookup.action)
    object.add("valid_from", seconds: lookup.validFrom)
    object.add("valid_to", seconds: lookup.validTo)
    object.add("ordinal", present: lookup.ordinal)
    return object.line
  }

  private static func addConclusion(_ record: InfectionRecord, to object: inout JSONObject) {
    object.add("gate", record.gate.rawValue)
    object.add("confidence", number: record.confidence)
    object.add("severity", record.severity)
    object.add("verified", record.isVerified)
    object.add("infected_devices_at_least", record.infectedDevicesAtLeast)
    object.add("stopped_early", record.stoppedEarly)
    object.add("clock_skew_days", present: record.clockSkewDays)
    var probabilities = JSONObject()
    for (hypothesis, value) in record.probabilities.sorted(by: { $0.key < $1.key }) {
      probabilities.add(hypothesis, number: value)
    }
    object.add("probabilities", raw: probabilities.line)
    let terms = record.terms.map { term in
      var object = JSONObject()
      object.add("name", term.name)
      object.add("value", number: term.value)
      return object.line
    }
    object.add("terms", raw: JSONObject.array(terms))
    object.add("reasons", raw: JSONObject.array(record.reasons.map { SafeText.json($0) }))
    object.add("parameters", record.parameters)
  }
}
