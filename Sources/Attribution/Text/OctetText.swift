import Addressing

/// A field of a line.
package typealias Octets = ArraySlice<UInt8>

extension ArraySlice<UInt8> {
  /// As text, for messages and comparisons.
  var text: String { String(decoding: self, as: UTF8.self) }

  /// Without blanks at both ends.
  var trimmed: Octets {
    var rest = self
    while let first = rest.first, first == 0x20 || first == 0x09 { rest.removeFirst() }
    while let last = rest.last, last == 0x20 || last == 0x09 || last == 0x0D { rest.removeLast() }
    return rest
  }

  /// A whole number without sign; nil for anything else.
  var decimal: Int64? {
    guard (1...18).contains(count) else { return nil }
    var value: Int64 = 0
    for octet in self {
      guard (0x30...0x39).contains(octet) else { return nil }
      value = value * 10 + Int64(octet - 0x30)
    }
    return value
  }

  /// Whether this is `word` in any letter case; `word` is lower case.
  func isWord(_ word: StaticString) -> Bool {
    guard count == word.utf8CodeUnitCount else { return false }
    return text.lowercased() == "\(word)"
  }

  /// Up to an octet, and what follows it; nil when it is not there.
  func cut(at separator: UInt8) -> (before: Octets, after: Octets)? {
    guard let index = firstIndex(of: separator) else { return nil }
    return (self[..<index], self[(index + 1)...])
  }

  /// An IP address; nil for anything else.
  var address: IPAddress? {
    guard (2...45).contains(count) else { return nil }
    return IPAddress(text)
  }

  /// An address or prefix; host bits are taken off, as equipment writes them.
  var prefix: IPPrefix? {
    guard (2...49).contains(count) else { return nil }
    guard let (first, last) = cut(at: UInt8(ascii: "/")) else {
      return address.map { IPPrefix(address: $0, length: 128) }
    }
    guard let address = first.address, let length = last.decimal,
      length <= (address.isIPv4 ? 32 : 128)
    else { return nil }
    return IPPrefix(address: address, length: Int(length) + (address.isIPv4 ? 96 : 0))
  }
}

/// Text of a file in a message: short, and unable to command the terminal it is shown on.
func shown(_ octets: Octets) -> String {
  let clean = octets.prefix(60).map { (0x20...0x7E).contains($0) ? $0 : UInt8(ascii: "?") }
  return "'" + String(decoding: clean, as: UTF8.self) + (octets.count > 60 ? "…" : "") + "'"
}
