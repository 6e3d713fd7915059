package import Evidence

/// A Suricata dataset of strings: one name per line in Base64, for a rule with `dataset:isset`.
///
/// The rule, as docs/exports-siem.md has it, asks for exactly the names; a file has no comments.
package struct DomainSuricataDataset: DomainFormat {
  /// `suricata-dataset`.
  package static let name = "suricata-dataset"
  /// Version of the file form.
  package static let follows = "Suricata 7 datasets, type string (Base64 lines)"
  /// Plain text.
  package static let mediaType = "text/plain"
  /// `lst`.
  package static let fileExtension = "lst"

  /// Prepares the format.
  package init(options: ExportOptions) {}

  /// One line.
  package mutating func body(_ record: DomainRecord) -> FormattedRecord {
    guard let octets = DomainSkips.plainOctets(record.name) else {
      return .skipped(DomainSkips.escaped)
    }
    return .text(Self.base64(octets) + "\n")
  }

  /// RFC 4648 §4, padded.
  private static func base64(_ octets: [UInt8]) -> String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    for start in stride(from: 0, to: octets.count, by: 3) {
      let group = octets[start..<min(start + 3, octets.count)]
      let bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
      for place in 0..<4 {
        text.append(
          place <= group.count ? letters[Int(bits >> UInt32(18 - 6 * place) & 63)] : 0x3d)
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
