package import Evidence

/// Suricata rules, one per name; names below are meant too.
///
/// For some thousand names: a rule number of the local range is used for each. More names belong
/// into `suricata-dataset`, which costs one rule.
package struct DomainSuricataRules: DomainFormat {
  /// `suricata-rules`.
  package static let name = "suricata-rules"
  /// Version of the rule language.
  package static let follows = "Suricata 7 rules: dns.query, dotprefix, endswith"
  /// Plain text.
  package static let mediaType = "text/plain"
  /// `rules`.
  package static let fileExtension = "rules"

  private var next = SuricataIDs.firstRule
  private let date: String

  /// Prepares the format.
  package init(options: ExportOptions) {
    date = String(UTCTime.day(microseconds: options.now).map { $0 == "-" ? "_" : $0 })
  }

  /// One rule.
  package mutating func body(_ record: DomainRecord) -> FormattedRecord {
    guard let octets = DomainSkips.plainOctets(record.name) else {
      return .skipped(DomainSkips.escaped)
    }
    guard next <= SuricataIDs.lastRule else {
      return .skipped("rule numbers are used up, take suricata-dataset")
    }
    defer { next += 1 }
    let family = Self.word(record.family)
    return .text(
      "alert dns any any -> any any (msg:\"PONOR \(family) name \(Self.word(record.name))\"; dns.query; "
        + "dotprefix; content:\".\(Self.content(octets))\"; nocase; endswith; "
        + "classtype:trojan-activity; sid:\(next); rev:1; "
        + "metadata:malware_family \(family), created_at \(date);)\n")
  }

  /// Octets of a pattern: what is no letter, digit, hyphen or dot stands as a number.
  private static func content(_ octets: [UInt8]) -> String {
    octets.map { octet in
      isWord(octet) || octet == UInt8(ascii: ".")
        ? String(decoding: [octet], as: UTF8.self) : "|" + String(octet, radix: 16) + "|"
    }.joined()
  }

  private static func isWord(_ octet: UInt8) -> Bool {
    (0x61...0x7a).contains(octet) || (0x30...0x39).contains(octet) || octet == UInt8(ascii: "-")
  }

  /// A word that has no meaning in a rule.
  private static func word(_ text: String) -> String {
    let word = text.lowercased().utf8.map { octet in
      isWord(octet) || octet == UInt8(ascii: ".") ? octet : UInt8(ascii: "_")
    }
    return word.isEmpty ? "_" : String(decoding: word, as: UTF8.self)
  }
}
