/// Base64 (RFC 4648 §4) for signatures and mail, without Foundation.
package enum Base64Text {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// The text of some octets, padded.
  package static func encode(_ octets: some Collection<UInt8>) -> String {
    var text: [UInt8] = []
    text.reserveCapacity((octets.count + 2) / 3 * 4)
    var group: UInt32 = 0
    var count = 0
    for octet in octets {
      group = group << 8 | UInt32(octet)
      count += 1
      if count == 3 {
        append(group, 4, to: &text)
        (group, count) = (0, 0)
      }
    }
    if count > 0 {
      append(group << UInt32(8 * (3 - count)), count + 1, to: &text)
      text += [UInt8](repeating: UInt8(ascii: "="), count: 3 - count)
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static func append(_ group: UInt32, _ digits: Int, to text: inout [UInt8]) {
    for digit in 0..<digits {
      text.append(alphabet[Int(group >> UInt32(18 - 6 * digit) & 63)])
    }
  }

  /// The octets of a text; nil if it is none.
  package static func decode(_ text: some StringProtocol) -> [UInt8]? {
    let digits = text.utf8.prefix { $0 != UInt8(ascii: "=") }
    let padding = text.utf8.dropFirst(digits.count)
    guard padding.count <= 2, padding.allSatisfy({ $0 == UInt8(ascii: "=") }),
      digits.count % 4 != 1, padding.isEmpty || (digits.count + padding.count) % 4 == 0
    else { return nil }
    var octets: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    for digit in digits {
      guard let value = value(of: digit) else { return nil }
      bits = bits << 6 | value
      count += 6
      if count >= 8 {
        count -= 8
        octets.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
    return octets
  }

  private static func value(of digit: UInt8) -> UInt32? {
    switch digit {
    case 0x41...0x5A: UInt32(digit - 0x41)
    case 0x61...0x7A: UInt32(digit - 0x61 + 26)
    case 0x30...0x39: UInt32(digit - 0x30 + 52)
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
