/// What of a name's spelling says how likely somebody registered it for another reason.
package struct NameShape: Hashable, Sendable {
  /// Octets of the first label.
  package var length: Int
  /// Size of the alphabet its characters come from: 26 letters, 10 digits, one hyphen.
  package var alphabet: Int
  /// Everything behind the first label, lower case, no leading dot.
  package var suffix: String

  /// The shape of a listed name in wire form.
  package init(_ wire: some Collection<UInt8>) {
    let label = Array(wire.dropFirst().prefix(Int(wire.first ?? 0)))
    length = label.count
    alphabet = Self.alphabetSize(label)
    let rest = wire.dropFirst(label.count + 1)
    suffix = rest.first.map { $0 > 0 } == true ? NameText.presentation(rest, lowercased: true) : ""
  }

  /// ln of how many labels of that length and alphabet there are.
  package var entropy: Double { Double(length) * NaturalLogarithm.of(Double(max(2, alphabet))) }

  private static func alphabetSize(_ label: [UInt8]) -> Int {
    var size = 0
    if label.contains(where: { (97...122).contains($0 | 0x20) }) { size += 26 }
    if label.contains(where: { (48...57).contains($0) }) { size += 10 }
    if label.contains(UInt8(ascii: "-")) { size += 1 }
    return size
  }
}
