/// Pieces of presentation format (RFC 1035 §5.1, RFC 4034 §3.2, RFC 5952) without Foundation.
enum PresentationText {
  /// `"text"` with `"`, `\` and everything that is not printable ASCII escaped.
  static func quoted(_ octets: [UInt8]) -> String { "\"" + escaped(octets) + "\"" }

  /// The octets as text; `"`, `\` and what is not printable ASCII escaped, spaces left alone.
  static func escaped(_ octets: [UInt8]) -> String {
    var text = ""
    for octet in octets {
      switch octet {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): text += "\\" + String(UnicodeScalar(octet))
      case 0x20...0x7E: text += String(UnicodeScalar(octet))
      default: text += "\\" + padded(Int(octet), to: 3)
      }
    }
    return text
  }

  /// Lower-case hexadecimal digits.
  static func hexadecimal(_ octets: [UInt8]) -> String {
    digits(octets, alphabet: "0123456789abcdef", bits: 4)
  }

  /// Base64 with padding (RFC 4648 §4).
  static func base64(_ octets: [UInt8]) -> String {
    let text = digits(
      octets, alphabet: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", bits: 6)
    return text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
  }

  /// Base32 with the extended hex alphabet, lower case, no padding (RFC 5155 §3.3).
  static func base32Hex(_ octets: [UInt8]) -> String {
    digits(octets, alphabet: "0123456789abcdefghijklmnopqrstuv", bits: 5)
  }

  /// Cuts the octets into groups of `bits` and writes one digit for each; zero bits fill the last.
  private static func digits(_ octets: [UInt8], alphabet: String, bits: Int) -> String {
    let alphabet = Array(alphabet.unicodeScalars)
    var text = String.UnicodeScalarView()
    var held = 0
    var heldBits = 0
    for octet in octets {
      held = (held << 8 | Int(octet)) & 0xFFFF
      heldBits += 8
      while heldBits >= bits {
        heldBits -= bits
        text.append(alphabet[held >> heldBits & (1 << bits - 1)])
      }
    }
    if heldBits > 0 { text.append(alphabet[held << (bits - heldBits) & (1 << bits - 1)]) }
    return String(text)
  }

  /// `YYYYMMDDHHmmSS` in UTC of seconds since 1970 (RFC 4034 §3.2), taken as unsigned.
  static func timestamp(_ seconds: UInt32) -> String {
    let (day, second) = Int(seconds).quotientAndRemainder(dividingBy: 86_400)
    // Days to civil date over eras of 400 years that begin on 1 March, so that the leap day is
    // the last day of a year (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms").
    let shifted = day + 719_468
    let (era, dayOfEra) = shifted.quotientAndRemainder(dividingBy: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let dayOfMonth = dayOfYear - (153 * marchMonth + 2) / 5 + 1
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return padded(year, to: 4) + padded(month, to: 2) + padded(dayOfMonth, to: 2)
      + padded(second / 3_600, to: 2) + padded(second / 60 % 60, to: 2)
      + padded(second % 60, to: 2)
  }

  /// Dotted decimal.
  static func ipv4(_ bits: UInt32) -> String {
    (0..<4).map { String(UInt8(truncatingIfNeeded: bits >> (24 - 8 * $0))) }
      .joined(separator: ".")
  }

  /// RFC 5952, with the last 32 bits in dotted decimal only for `::ffff:0:0/96` (its §5).
  static func ipv6(_ octets: [UInt8]) -> String {
    let words = stride(from: 0, to: octets.count - 1, by: 2).map {
      UInt16(octets[$0]) << 8 | UInt16(octets[$0 + 1])
    }
    if words.count == 8, words[..<5].allSatisfy({ $0 == 0 }), words[5] == 0xFFFF {
      return "::ffff:" + ipv4(UInt32(words[6]) << 16 | UInt32(words[7]))
    }
    let texts = words.map { String($0, radix: 16) }
    let run = longestZeroRun(words)
    guard run.count > 1 else { return texts.joined(separator: ":") }
    return texts[..<run.lowerBound].joined(separator: ":") + "::"
      + texts[run.upperBound...].joined(separator: ":")
  }

  private static func longestZeroRun(_ words: [UInt16]) -> Range<Int> {
    var best = 0..<0
    var start = 0
    for end in 0...words.count where end == words.count || words[end] != 0 {
      if end - start > best.count { best = start..<end }
      start = end + 1
    }
    return best
  }

  private static func padded(_ number: Int, to width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
