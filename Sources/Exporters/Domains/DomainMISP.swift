package import Evidence

/// One MISP event with an attribute per name, marked TLP:GREEN and for detection (`to_ids`).
///
/// The validity of a name is its `first_seen` and `last_seen`: a name of today's list may belong
/// to anybody next year, so receivers should let it expire. The event is the day's; made again on
/// the same day it is the same event, newer.
package struct DomainMISP: DomainFormat {
  /// `misp`.
  package static let name = "misp"
  /// The format.
  package static let follows = "MISP core format, attributes of type domain"
  /// JSON.
  package static let mediaType = "application/json"
  /// `json`.
  package static let fileExtension = "json"

  private let event: MISPEventHead
  private let options: ExportOptions

  /// Prepares the format.
  package init(options: ExportOptions) {
    self.options = options
    let day = UTCTime.day(microseconds: options.now)
    event = MISPEventHead(
      uuid: MISPNames.uuid(options, "names", day),
      info: "Ponor: names that malware generates or uses, \(day)", date: day, threatLevel: 2,
      isComplete: true, timestamp: options.now / UTCTime.microsecondsPerSecond,
      isPublished: false, tags: ["tlp:green", MISPNames.technique])
  }

  package var head: String {
    let members = event.members(options).map { JSONTree.Member(key: $0.0, value: $0.1) }
    return "{\"Event\":" + JSONTree.object(members).text.dropLast() + ",\"Attribute\":[\n"
  }

  package var separator: String { ",\n" }
  package var tail: String { "\n]}}\n" }

  /// One attribute.
  package mutating func body(_ record: DomainRecord) -> FormattedRecord {
    guard HostName.isValid(record.name) else { return .skipped(DomainSkips.noHostName) }
    let source = [record.family, record.variant, record.seed].filter { !$0.isEmpty }
    let attribute: JSONTree = [
      "uuid": .text(UUIDv5.text(parts: ["misp", event.uuid, record.name])), "type": "domain",
      "category": "Network activity", "value": .text(record.name), "to_ids": true,
      "timestamp": .text("\(event.timestamp)"), "distribution": "5",
      "comment": .text(source.joined(separator: "/")),
      "first_seen": .text(optional: record.validFrom.map { UTCTime.rfc3339(seconds: $0) }),
      "last_seen": .text(optional: record.validTo.map { UTCTime.rfc3339(seconds: $0) }),
    ]
    return .text(attribute.text)
  }
}
