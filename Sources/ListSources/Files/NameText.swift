/// Checks and folds domain names in text files, octet by octet.
package enum NameText {
  /// Why a text is no name a malware list can hold.
  package enum Flaw: Error, Equatable, Hashable, Sendable, CaseIterable {
    case empty, tooLong, labelTooLong, emptyLabel, badOctet, address

    /// What is wrong, to follow a place and a count.
    package var description: String {
      switch self {
      case .empty: "the name is empty"
      case .tooLong: "the name is longer than 253 octets"
      case .labelTooLong: "a label is longer than 63 octets"
      case .emptyLabel: "a label is empty, check the dots"
      case .badOctet:
        "the name has a space, control character, wildcard, URL or non-ASCII character;"
          + " give plain names, international ones as xn--…"
      case .address: "the last label is a number, is this an address?"
      }
    }
  }

  /// Longest name in text, without its trailing dot (RFC 1035 §2.3.4: 255 octets on the wire).
  package static let longestName = 253
  /// Longest label (RFC 1035 §2.3.4).
  package static let longestLabel = 63

  /// Appends the name in lower case without its trailing dot to `output`, which is cleared first.
  ///
  /// Any printable ASCII is accepted in labels, underscores included: malware does ask for names
  /// that are no host names. What shows that the text is no name is refused: `/ : @ * \ "` and
  /// the like, control characters, spaces, octets beyond ASCII.
  package static func fold(_ text: Span<UInt8>, into output: inout [UInt8]) throws(Flaw) {
    output.removeAll(keepingCapacity: true)
    var count = text.count
    guard count > 0 else { throw .empty }
    if text[count - 1] == UInt8(ascii: ".") { count -= 1 }
    guard count > 0 else { throw .emptyLabel }
    guard count <= longestName else { throw .tooLong }
    var label = 0
    var digits = 0
    for index in 0..<count {
      let octet = text[index]
      if octet == UInt8(ascii: ".") {
        guard label > 0 else { throw .emptyLabel }
        (label, digits) = (0, 0)
        output.append(octet)
        continue
      }
      guard isPlain(octet) else { throw .badOctet }
      label += 1
      guard label <= longestLabel else { throw .labelTooLong }
      if octet >= 0x30, octet <= 0x39 { digits += 1 }
      output.append(octet >= 0x41 && octet <= 0x5A ? octet | 0x20 : octet)
    }
    guard label > 0 else { throw .emptyLabel }
    // RFC 3696 §2: no top-level domain is all digits.
    guard digits < label else { throw .address }
  }

  @inline(__always)
  private static func isPlain(_ octet: UInt8) -> Bool {
    // Letters, digits, hyphen and underscore first: nearly always one of them.
    if (octet | 0x20) >= 0x61, (octet | 0x20) <= 0x7A { return true }
    if octet >= 0x30, octet <= 0x39 { return true }
    switch octet {
    case UInt8(ascii: "-"), UInt8(ascii: "_"): return true
    case 0...0x20, 0x7F...0xFF: return false
    case UInt8(ascii: "\""), UInt8(ascii: "*"), UInt8(ascii: ","), UInt8(ascii: "/"),
      UInt8(ascii: ":"), UInt8(ascii: ";"), UInt8(ascii: "@"), UInt8(ascii: "\\"):
      return false
    default: return true
    }
  }
}
