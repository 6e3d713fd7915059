package import Addressing
import CheckedYAML

/// Somebody who is told of infections.
package struct RecipientSource: Hashable, Sendable {
  /// Name in the configuration, status and file names.
  package var name: String
  /// Networks whose clients are theirs; empty with `asns` empty = all.
  package var prefixes: [IPPrefix] = []
  /// Autonomous systems whose clients are theirs.
  package var asns: [Int] = []
  /// Families they want.
  package var families = FamilySelection.all
  /// Least gate they are told of.
  package var leastGate = GateName.suspected
  /// Narrowest traffic light they may see.
  package var tlp = TrafficLightName.amber
  /// Whether they may see which line a client was.
  package var subscriber = false
  /// Whether they see pseudonyms in place of addresses.
  package var pseudonyms = false
  /// Whether everything they are told is a rehearsal.
  package var test = false
  /// Secret for fetching over HTTP.
  package var token: SecretSource?
  /// Whether TAXII has a collection for them.
  package var taxii = false
  /// Whether daily reports wait for them.
  package var reports = false

  /// A recipient of everything suspected.
  package init(name: String) { self.name = name }
}

/// The gates of the score, in words.
package enum GateName: String, CaseIterable, Sendable {
  /// Looked up.
  case recorded
  /// More likely than not.
  case suspected
  /// Likely.
  case likely
  /// Fit for quarantine.
  case confirmed
}

/// The traffic lights, in words.
package enum TrafficLightName: String, CaseIterable, Sendable {
  /// Everybody.
  case clear
  /// The community.
  case green
  /// The organisation and its clients.
  case amber
  /// The organisation alone.
  case amberStrict = "amber+strict"
  /// The persons told.
  case red
}

extension RecipientSource {
  /// Most recipients.
  private static let limit = 1_000

  static let section = Section(
    key: "", summary: "",
    options: [
      Option(
        "recipients", \.recipients, .list(of: kind, count: 0...limit), .reload,
        "Who is told of infections, and of which: docs/recipients.md.",
        details: "Every key but name may be left out. `token` names where a secret stands.")
    ])

  private static let kind = ValueKind.record(
    "recipient", blank: RecipientSource(name: ""), routingFields + rightFields)

  private static let routingFields: [RecordField<RecipientSource>] = [
    RecordField("name", \.name, .entryName, "name of the recipient"),
    RecordField(
      "prefixes", \.prefixes, .list(of: .prefix), "networks that are theirs", isRequired: false),
    RecordField(
      "asns", \.asns, .list(of: .integer(1...4_294_967_295)), "autonomous systems that are theirs",
      isRequired: false),
    RecordField("families", \.families, .families, "families they want", isRequired: false),
    RecordField(
      "min_gate", \.leastGate, .choice, "least gate they are told of", isRequired: false),
    RecordField(
      "tlp", \.tlp, .choice, "narrowest traffic light they may see", isRequired: false),
  ]

  private static let rightFields: [RecordField<RecipientSource>] = [
    RecordField(
      "subscriber", \.subscriber, .flag, "whether they may see subscriber lines",
      isRequired: false),
    RecordField(
      "pseudonyms", \.pseudonyms, .flag, "whether they see pseudonyms for addresses",
      isRequired: false),
    RecordField(
      "test", \.test, .flag, "whether everything is marked as a rehearsal", isRequired: false),
    RecordField(
      "token", \.token, .optional(.secretSource, word: "none"), "secret for fetching over HTTP",
      isRequired: false),
    RecordField("taxii", \.taxii, .flag, "whether TAXII serves them", isRequired: false),
    RecordField(
      "reports", \.reports, .flag, "whether daily reports wait for them", isRequired: false),
  ]
}

extension ValueKind where Value == String {
  /// A name that may stand in file names and headers: letters, digits, `_` and `-`.
  static var entryName: ValueKind {
    .scalar(
      "name", allowed: "letters, digits, - and _, up to 64",
      parse: { (text) throws(BadValue) in
        let isName = text.utf8.allSatisfy {
          (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
            || $0 == 0x2D || $0 == 0x5F
        }
        guard isName, (1...64).contains(text.utf8.count) else {
          throw BadValue("is no name here; use letters, digits, - and _, at most 64")
        }
        return text
      }, encode: { YAMLText.quoted($0) })
  }
}
