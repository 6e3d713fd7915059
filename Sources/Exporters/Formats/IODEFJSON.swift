package import Evidence

/// The JSON form of an IODEF v2 document (RFC 8727): one element of `Incident` per record.
///
/// It is no translation of the XML: `Confidence` must have a value, a counter's type is another, systems stand in the event without
/// a `Flow`, examples without a `Record`.
package struct IODEFJSON: InfectionFormat {
  /// `iodef-json`.
  package static let name = "iodef-json"
  /// The version of the specification.
  package static let follows = "IODEF v2 in JSON, RFC 8727"
  /// JSON.
  package static let mediaType = "application/json"
  /// `json`.
  package static let fileExtension = "json"
  /// An incident needs the document around it.
  package static let isDocumentOnly = true

  private let options: ExportOptions

  /// Prepares the format.
  package init(options: ExportOptions) { self.options = options }

  /// Start of the document.
  package var head: String { "{\"version\":\"2.0\",\"lang\":\"en\",\"Incident\":[\n" }

  /// A comma.
  package var separator: String { ",\n" }

  /// End of the document.
  package var tail: String { "\n]}\n" }

  /// One incident on a line.
  package mutating func body(_ record: InfectionRecord) -> FormattedRecord {
    .text(incident(IODEFTerms(record, options)))
  }

  // MARK: - Parts

  private func incident(_ terms: IODEFTerms) -> String {
    let record = terms.record
    var object = JSONObject()
    object.add("purpose", choice: terms.purpose)
    object.add("status", choice: terms.status)
    object.add("restriction", choice: terms.restriction)
    object.add("IncidentID", raw: incidentID(record.id))
    if !record.caseNumber.isEmpty {
      var other = JSONObject()
      other.add("IncidentID", raw: JSONObject.array([incidentID(record.caseNumber)]))
      object.add("AlternativeID", raw: other.line)
    }
    object.add("DetectTime", terms.first)
    object.add("StartTime", terms.first)
    object.add("EndTime", terms.last)
    object.add("GenerationTime", terms.generated)
    object.add("Description", raw: JSONObject.array([SafeText.json(terms.description)]))
    object.add("Assessment", raw: JSONObject.array([assessment(terms)]))
    object.add("Contact", raw: JSONObject.array([contact]))
    object.add("EventData", raw: JSONObject.array([eventData(terms)]))
    let additional = terms.additional.map { Self.text($0.text, name: $0.name) }
    object.add("AdditionalData", raw: JSONObject.array(additional))
    return object.line
  }

  private func incidentID(_ id: String) -> String {
    var object = JSONObject()
    object.add("id", id)
    object.add("name", options.domain)
    return object.line
  }

  private func assessment(_ terms: IODEFTerms) -> String {
    var system = JSONObject()
    system.add("type", "takeover-system")
    system.add("severity", terms.severity)
    var impact = JSONObject()
    impact.add("SystemImpact", raw: system.line)
    var confidence = JSONObject()
    confidence.add("value", number: (terms.record.confidence * 10_000).rounded() / 100)
    confidence.add("rating", "numeric")
    var object = JSONObject()
    object.add("IncidentCategory", raw: JSONObject.array([SafeText.json("botnet")]))
    object.add("Impact", raw: JSONObject.array([impact.line]))
    object.add("Confidence", raw: confidence.line)
    return object.line
  }

  private var contact: String {
    var email = JSONObject()
    email.add("EmailTo", options.contact)
    var object = JSONObject()
    object.add("role", "creator")
    object.add("type", "organization")
    object.add("ContactName", raw: JSONObject.array([SafeText.json(options.organisation)]))
    object.add("Email", raw: JSONObject.array([email.line]))
    return object.line
  }

  private func eventData(_ terms: IODEFTerms) -> String {
    let record = terms.record
    var systems = [source(terms), resolver(terms)]
    if !terms.names.isEmpty { systems.append(names(terms)) }
    let examples = zip(record.lookups, RecordText.evidence(record)).map { lookup, line in
      var object = JSONObject()
      object.add("DateTime", UTCTime.rfc3339(microseconds: lookup.microseconds))
      object.add("RecordItem", raw: JSONObject.array([Self.text(line, name: nil)]))
      return object.line
    }
    var object = JSONObject()
    object.add("System", raw: JSONObject.array(systems))
    object.add("RecordData", raw: JSONObject.array(examples))
    return object.line
  }

  private func source(_ terms: IODEFTerms) -> String {
    var counter = JSONObject()
    counter.add("value", terms.record.count)
    counter.add("type", "count")
    counter.add("unit", "event")
    var object = JSONObject()
    object.add("category", "source")
    object.add("spoofed", terms.spoofed)
    object.add("Node", raw: node(terms.source.address, terms.sourceCategory))
    object.add("NodeRole", raw: role(terms.sourceRole))
    let port = terms.source.port
    object.add("Service", raw: service(terms, port: port == 0 ? nil : port))
    object.add("Counter", raw: JSONObject.array([counter.line]))
    return object.line
  }

  private func resolver(_ terms: IODEFTerms) -> String {
    var object = JSONObject()
    object.add("category", "sensor")
    object.add("Node", raw: node(terms.record.serverAddress, terms.serverCategory))
    object.add("NodeRole", raw: role("sinkhole"))
    object.add("Service", raw: service(terms, port: terms.record.serverPort))
    return object.line
  }

  private func names(_ terms: IODEFTerms) -> String {
    let domains = terms.names.map { name in
      var object = JSONObject()
      object.add("Name", name)
      object.add("system-status", "unknown")
      object.add("domain-status", "unknown")
      return object.line
    }
    var node = JSONObject()
    node.add("DomainData", raw: JSONObject.array(domains))
    var object = JSONObject()
    object.add("category", "infrastructure")
    object.add("Node", raw: node.line)
    return object.line
  }

  private func node(_ address: String, _ category: String) -> String {
    var value = JSONObject()
    value.add("value", address)
    value.add("category", category)
    var object = JSONObject()
    object.add("Address", raw: JSONObject.array([value.line]))
    return object.line
  }

  private func role(_ category: String) -> String {
    var object = JSONObject()
    object.add("category", category)
    return JSONObject.array([object.line])
  }

  private func service(_ terms: IODEFTerms, port: UInt16?) -> String {
    var object = JSONObject()
    object.add("ip-protocol", terms.ipProtocol)
    object.add("Port", present: port)
    return JSONObject.array([object.line])
  }

  private static func text(_ text: String, name: String?) -> String {
    var object = JSONObject()
    object.add("value", text)
    object.add("name", present: name)
    object.add("dtype", "string")
    return object.line
  }
}

extension JSONObject {
  /// Adds `KEY`, and `ext-KEY` if the value is an extension.
  fileprivate mutating func add(_ key: String, choice: IODEFTerms.Choice) {
    add(key, choice.value)
    add("ext-" + key, present: choice.ext)
  }
}
