internal import DGAKit
package import Evidence
import FoundationEssentials

/// XARF 4.2.0 reports `infrastructure/botnet`, one JSON object per line.
///
/// Not `connection/infected_host`: its fields are about web crawlers. `confidence` is left out: the
/// schema wants a fraction, the library of PyPI drops a report that has one without an error.
/// `_internal` must not be transmitted and is never written.
package struct XARF4: InfectionFormat {
  /// `xarf`.
  package static let name = "xarf"
  /// The version of the specification.
  package static let follows = "XARF 4.2.0, infrastructure/botnet"
  /// Newline-delimited JSON.
  package static let mediaType = "application/x-ndjson"
  /// `jsonl`.
  package static let fileExtension = "jsonl"

  private static let version = "4.2.0"
  private static let organisationLimit = 200
  private static let familyLimit = 200

  private let options: ExportOptions

  /// Prepares the format.
  package init(options: ExportOptions) { self.options = options }

  /// One report.
  package mutating func body(_ record: InfectionRecord) -> FormattedRecord {
    if record.change == .withdrawn { return .skipped(SkipReason.withdrawn) }
    if record.client.scope == .forwarder { return .skipped(SkipReason.forwarder) }
    let source = ReportedSource(record.client)
    var object = JSONObject()
    object.add("xarf_version", Self.version)
    object.add("report_id", record.id)
    object.add("timestamp", UTCTime.rfc3339(microseconds: record.firstMicroseconds))
    object.add("reporter", raw: contact)
    object.add("sender", raw: contact)
    object.add("source_identifier", source.address)
    if source.port > 0 { object.add("source_port", source.port) }
    object.add("category", "infrastructure")
    object.add("type", "botnet")
    object.add("evidence_source", "traffic_analysis")
    object.add("evidence", raw: JSONObject.array([Self.evidence(record)]))
    object.add("tags", raw: JSONObject.array(tags(record).map { SafeText.json($0) }))
    object.add("description", RecordText.description(record, notesTest: true))
    object.add("compromise_evidence", SafeText.visible(RecordText.summary(record)))
    let malware = RecordText.malware(record, options, marksTest: true)
    object.add("malware_family", String(malware.prefix(Self.familyLimit)))
    if let name = RecordText.hostname(record) { object.add("c2_server", name) }
    return .text(object.line + "\n")
  }

  private var contact: String {
    var object = JSONObject()
    object.add("org", String(options.organisation.prefix(Self.organisationLimit)))
    object.add("contact", options.contact)
    object.add("domain", options.domain)
    return object.line
  }

  private static func evidence(_ record: InfectionRecord) -> String {
    let octets = Array((RecordText.evidence(record).joined(separator: "\n") + "\n").utf8)
    var object = JSONObject()
    object.add("content_type", "text/plain")
    object.add("description", "The first lookup of each of the earliest names")
    object.add("payload", Data(octets).base64EncodedString())
    object.add("hash", "sha256:" + SHA256.hash(octets).hexadecimal)
    object.add("size", octets.count)
    return object.line
  }

  /// `namespace:predicate`, lower case letters, digits, `_`, `+`, `-`.
  private func tags(_ record: InfectionRecord) -> [String] {
    var tags = [
      "malware:" + Self.word(RecordText.malware(record, options, marksTest: true)),
      "tlp:" + record.tlp, "gate:" + record.gate.rawValue, "change:" + record.change.rawValue,
      "source:" + (record.isVerified ? "verified" : "unverified"),
      "scope:" + record.client.scope.rawValue,
    ]
    if record.isTest { tags.append("ponor:test") }
    return tags
  }

  private static func word(_ text: String) -> String {
    let word = text.utf8.map { octet in
      (97...122).contains(octet) || (48...57).contains(octet) || octet == UInt8(ascii: "-")
        ? octet : UInt8(ascii: "_")
    }
    // The first character must be a letter or digit.
    return (startsBadly(word) ? "x" : "") + String(decoding: word, as: UTF8.self)
  }

  private static func startsBadly(_ word: [UInt8]) -> Bool {
    word.first.map { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") } ?? true
  }
}
