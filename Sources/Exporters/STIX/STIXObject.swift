import Evidence

/// One STIX 2.1 object, ready to be put into a bundle or a TAXII envelope.
package struct STIXObject: Equatable, Sendable {
  /// `indicator--…`, `ipv4-addr--…`: the same whenever the object is made again.
  package let id: String
  /// `indicator`, `ipv4-addr` and so on: the part of `id` before the hyphens.
  package let type: String
  /// Its version, the text of `modified`; nil for observables and markings, which have none.
  ///
  /// A TAXII server then takes the time it received the object (TAXII 2.1 §3.4).
  package let version: String?
  /// The object as JSON on one line.
  package let json: String

  /// Version of the language, for TAXII's `spec_version`.
  package static let specVersion = "2.1"

  init(type: String, id: String, version: String?, _ value: JSONTree) {
    self.type = type
    self.id = id
    self.version = version
    json = value.text
  }
}

/// Identifiers and versions: what makes the same thing the same object for every receiver.
enum STIXNames {
  /// The only version of what never changes once it has its identifier: identities, malware,
  /// indicators, relationships.
  ///
  /// The day Ponor's form of them was laid down.
  static let formVersion = "2026-11-30T00:00:00.000Z"

  /// The identifier of an object that its maker names (STIX 2.1 §2.9 leaves the name to us).
  static func id(_ type: String, _ parts: [String]) -> String {
    type + "--" + UUIDv5.text(parts: ["stix", type] + parts)
  }

  /// The identifier of an observable: of the properties that the specification says contribute.
  static func observable(_ type: String, _ contributing: JSONTree) -> String {
    type + "--" + UUIDv5.text(contributing.canonicalText, in: .stix)
  }

  /// `2026-11-22T03:14:07.250000Z`.
  static func time(microseconds: Int64) -> String {
    UTCTime.rfc3339(microseconds: microseconds)
  }

  /// A time without zeros at the end of its fraction, and without a fraction of zero.
  ///
  /// Used where it contributes to an identifier: readers that write the time anew write it so.
  static func shortTime(microseconds: Int64) -> String {
    var text = UTCTime.rfc3339(microseconds: microseconds).dropLast()
    while text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
    return text + "Z"
  }

  /// Milliseconds: the precision of `created` and `modified` (STIX 2.1 §3.2).
  static func version(microseconds: Int64) -> String {
    UTCTime.rfc3339(microseconds: microseconds).dropLast(4) + "Z"
  }
}
