package import Evidence

/// An IODEF v2 document (RFC 7970): one `Incident` per record.
package struct IODEFXML: InfectionFormat {
  /// `iodef`.
  package static let name = "iodef"
  /// The version of the specification.
  package static let follows = "IODEF v2, RFC 7970"
  /// XML.
  package static let mediaType = "application/xml"
  /// `xml`.
  package static let fileExtension = "xml"
  /// An incident needs the document around it.
  package static let isDocumentOnly = true

  private let options: ExportOptions

  /// Prepares the format.
  package init(options: ExportOptions) { self.options = options }

  /// Declaration and start of the document.
  package var head: String {
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      + "<IODEF-Document version=\"2.00\" xml:lang=\"en\""
      + " xmlns=\"urn:ietf:params:xml:ns:iodef-2.0\">\n"
  }

  /// End of the document.
  package var tail: String { "</IODEF-Document>\n" }

  /// One incident on a line.
  package mutating func body(_ record: InfectionRecord) -> FormattedRecord {
    .text(incident(IODEFTerms(record, options)).text + "\n")
  }

  // MARK: - Parts, in the order of the schema's sequences

  private func incident(_ terms: IODEFTerms) -> XMLElement {
    let record = terms.record
    var parts = [XMLElement("IncidentID", ["name": options.domain], text: record.id)]
    if !record.caseNumber.isEmpty {
      parts.append(
        XMLElement(
          "AlternativeID",
          children: [XMLElement("IncidentID", ["name": options.domain], text: record.caseNumber)]))
    }
    parts += [
      XMLElement("DetectTime", text: terms.first), XMLElement("StartTime", text: terms.first),
      XMLElement("EndTime", text: terms.last), XMLElement("GenerationTime", text: terms.generated),
      XMLElement("Description", text: terms.description), assessment(terms), contact,
      eventData(terms),
    ]
    parts += terms.additional.map { name, text in
      XMLElement("AdditionalData", ["dtype": "string", "name": name], text: text)
    }
    return XMLElement(
      "Incident",
      [
        "purpose": terms.purpose.value, "ext-purpose": terms.purpose.ext,
        "status": terms.status.value, "ext-status": terms.status.ext,
        "restriction": terms.restriction.value, "ext-restriction": terms.restriction.ext,
      ], children: parts)
  }

  private func assessment(_ terms: IODEFTerms) -> XMLElement {
    XMLElement(
      "Assessment",
      children: [
        XMLElement("IncidentCategory", text: "botnet"),
        XMLElement("SystemImpact", ["type": "takeover-system", "severity": terms.severity]),
        XMLElement("Confidence", ["rating": terms.rating]),
      ])
  }

  private var contact: XMLElement {
    XMLElement(
      "Contact", ["role": "creator", "type": "organization"],
      children: [
        XMLElement("ContactName", text: options.organisation),
        XMLElement("Email", children: [XMLElement("EmailTo", text: options.contact)]),
      ])
  }

  private func eventData(_ terms: IODEFTerms) -> XMLElement {
    let record = terms.record
    var systems = [source(terms), resolver(terms)]
    if !terms.names.isEmpty {
      let node = terms.names.map { name in
        XMLElement(
          "DomainData", ["system-status": "unknown", "domain-status": "unknown"],
          children: [XMLElement("Name", text: name)])
      }
      systems.append(
        XMLElement(
          "System", ["category": "infrastructure"], children: [XMLElement("Node", children: node)]))
    }
    let examples = zip(record.lookups, RecordText.evidence(record)).map { lookup, line in
      XMLElement(
        "RecordData",
        children: [
          XMLElement("DateTime", text: UTCTime.rfc3339(microseconds: lookup.microseconds)),
          XMLElement("RecordItem", ["dtype": "string"], text: line),
        ])
    }
    return XMLElement(
      "EventData",
      children: [XMLElement("Flow", children: systems), XMLElement("Record", children: examples)])
  }

  private func source(_ terms: IODEFTerms) -> XMLElement {
    let port = terms.source.port
    return XMLElement(
      "System", ["category": "source", "spoofed": terms.spoofed],
      children: [
        XMLElement(
          "Node",
          children: [
            XMLElement("Address", ["category": terms.sourceCategory], text: terms.source.address)
          ]),
        XMLElement("NodeRole", ["category": terms.sourceRole]),
        service(terms, port: port == 0 ? nil : port),
        XMLElement(
          "Counter", ["type": "counter", "unit": "event"], text: "\(terms.record.count)"),
      ])
  }

  private func resolver(_ terms: IODEFTerms) -> XMLElement {
    XMLElement(
      "System", ["category": "sensor"],
      children: [
        XMLElement(
          "Node",
          children: [
            XMLElement(
              "Address", ["category": terms.serverCategory], text: terms.record.serverAddress)
          ]),
        XMLElement("NodeRole", ["category": "sinkhole"]),
        service(terms, port: terms.record.serverPort),
      ])
  }

  private func service(_ terms: IODEFTerms, port: UInt16?) -> XMLElement {
    XMLElement(
      "Service", ["ip-protocol": "\(terms.ipProtocol)"],
      children: port.map { [XMLElement("Port", text: "\($0)")] } ?? [])
  }
}
