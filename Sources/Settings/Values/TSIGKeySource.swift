/// The algorithm of a TSIG key (RFC 8945 §6); hmac-md5 is not offered.
package enum TSIGAlgorithmName: String, CaseIterable, Sendable {
  /// For old peers only.
  case sha1 = "hmac-sha1"
  /// What every peer has (RFC 8945 §6: mandatory).
  case sha256 = "hmac-sha256"
  /// SHA-384.
  case sha384 = "hmac-sha384"
  /// SHA-512.
  case sha512 = "hmac-sha512"
}

/// Octets that are never shown, whatever shows the settings.
package struct Secret: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
  /// The octets.
  package let octets: [UInt8]

  /// Keeps octets to itself.
  package init(octets: [UInt8]) { self.octets = octets }

  /// Reads base64 (RFC 4648 §4), nil if it is none or stands for nothing.
  package init?(base64 text: some StringProtocol) {
    var octets: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    let digits = text.utf8.prefix { $0 != UInt8(ascii: "=") }
    let padding = text.utf8.count - digits.count
    for digit in digits {
      guard let value = Self.value(of: digit) else { return nil }
      bits = bits << 6 | UInt32(value)
      count += 6
      if count >= 8 {
        count -= 8
        octets.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
    let padded = text.utf8.dropFirst(digits.count).allSatisfy { $0 == UInt8(ascii: "=") }
    guard padded, padding <= 2, (digits.count + padding) % 4 == 0, !octets.isEmpty else {
      return nil
    }
    self.octets = octets
  }

  private static func value(of digit: UInt8) -> UInt8? {
    switch digit {
    case 0x41...0x5A: digit - 0x41
    case 0x61...0x7A: digit - 0x61 + 26
    case 0x30...0x39: digit - 0x30 + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }

  package var description: String { "(hidden)" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}

/// A key that transfers and notifications are signed with.
package struct TSIGKeySource: Hashable, Sendable {
  /// Its name, without trailing dot, lower case.
  package var name: String
  /// How codes are made with it.
  package var algorithm = TSIGAlgorithmName.sha256
  /// The secret, if it stands in the configuration.
  package var secret: Secret?
  /// The file with the secret in base64, if it stands there.
  package var secretFile: String?

  /// A key without secret yet.
  package init(name: String) { self.name = name }
}
