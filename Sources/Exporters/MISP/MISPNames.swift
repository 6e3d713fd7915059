import Evidence

/// Identifiers, tags and templates of MISP, as data.
enum MISPNames {
  /// The template of a hit: MISP object `network-connection`.
  static let objectTemplate = (
    name: "network-connection", uuid: "af16764b-f8e5-4603-9de1-de34d272f80b", version: 7
  )
  /// The version the template was taken from.
  static let follows = "MISP core format, object network-connection v7 (PyMISP 2.5.34.4)"

  /// A UUID that stays with what the parts name.
  static func uuid(_ options: ExportOptions, _ parts: String...) -> String {
    UUIDv5.text(parts: ["misp", options.organisation, options.domain] + parts)
  }

  /// The organisation that made the events.
  static func organisation(_ options: ExportOptions) -> JSONTree {
    ["name": .text(options.organisation), "uuid": .text(uuid(options, "organisation"))]
  }

  /// Tags by their names.
  static func tags(_ names: [String]) -> JSONTree { .list(names.map { ["name": .text($0)] }) }

  /// Traffic light, RSIT class, technique and family of some records of one kind.
  ///
  /// Only what is more than a lookup, and not taken back, is an infected system.
  static func tags(_ group: [RecordFacts]) -> [String] {
    guard let first = group.first else { return [] }
    let isInfected = group.contains { !$0.isWithdrawn && $0.record.gate > .recorded }
    var tags = ["tlp:" + first.tlp.rawValue]
    if first.record.isTest {
      tags.append("rsit:test=\"test\"")
    } else if isInfected {
      tags.append("rsit:malicious-code=\"infected-system\"")
    }
    if group.allSatisfy(\.isWithdrawn) { tags.append("false-positive:confirmed=\"true\"") }
    return tags + [technique, "ponor:family=\"\(tagValue(first.family))\""]
  }

  /// MITRE ATT&CK T1568.002.
  static let technique =
    "misp-galaxy:mitre-attack-pattern=\"Domain Generation Algorithms - T1568.002\""

  /// A machine tag's value: printable, without the quote that ends it.
  static func tagValue(_ text: String) -> String {
    PlainText.line(text).split(separator: "\"").joined(separator: "'")
  }
}
