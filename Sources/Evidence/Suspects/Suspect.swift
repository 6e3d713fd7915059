/// Who the evidence is about: the narrowest identity that is known of a client.
package struct Suspect: Hashable, Sendable {
  /// The kinds of identity.
  package enum Identity: Hashable, Sendable {
    /// One address, or a block of addresses that one customer has (IPv6: usually a /64).
    case address(ClientPrefix)
    /// A device that a forwarder told apart behind its address.
    case device(ClientAddress, DeviceIdentifier)
    /// A subscriber's line, by the operator's opaque key, as attribution said.
    case line(String)
  }

  /// What identifies the suspect.
  package let identity: Identity

  /// Longest key of a line in octets of UTF-8; a longer one is cut.
  package static let maximumLineKey = 128

  /// A single address, or the block of `prefixLength` bits around it.
  package static func address(_ address: ClientAddress, prefixLength: Int = 128) -> Suspect {
    Suspect(identity: .address(ClientPrefix(address, length: prefixLength)))
  }

  /// A device behind a forwarder's address.
  package static func device(_ address: ClientAddress, _ device: DeviceIdentifier) -> Suspect {
    Suspect(identity: .device(address, device))
  }

  /// A line; the key is cut at `maximumLineKey`.
  package static func line(_ key: String) -> Suspect {
    guard key.utf8.count > maximumLineKey else { return Suspect(identity: .line(key)) }
    return Suspect(
      identity: .line(String(decoding: key.utf8.prefix(maximumLineKey), as: UTF8.self)))
  }

  private init(identity: Identity) { self.identity = identity }
}

extension Suspect: Comparable {
  /// Orders by kind (address, device, line), then by content.
  package static func < (left: Suspect, right: Suspect) -> Bool {
    switch (left.identity, right.identity) {
    case (.address(let one), .address(let other)): one < other
    case (.device(let one, let device), .device(let other, let second)):
      one == other
        ? device.octets.lexicographicallyPrecedes(second.octets) : one < other
    case (.line(let one), .line(let other)): one < other
    default: left.rank < right.rank
    }
  }

  private var rank: Int {
    switch identity {
    case .address: 0
    case .device: 1
    case .line: 2
    }
  }
}

// MARK: - Text

extension Suspect: CustomStringConvertible {
  /// The stable text: `address:192.0.2.1`, `prefix:2001:db8::/64`, `device:192.0.2.1/0106…` (the
  /// identity's octets in hexadecimal) or `line:KEY`.
  ///
  /// In a key, octets that are no printable ASCII, and `%`, are written `%XX`: the text is safe to
  /// print and has no blanks.
  package var description: String {
    switch identity {
    case .address(let prefix):
      prefix.isSingleAddress ? "address:\(prefix.address)" : "prefix:\(prefix)"
    case .device(let address, let device):
      "device:\(address)/" + device.octets.map { Hexadecimal.text($0) }.joined()
    case .line(let key): "line:" + Self.escaped(key)
    }
  }

  /// Reads the stable text; nil for anything else.
  package init?(_ text: some StringProtocol) {
    guard let colon = text.firstIndex(of: ":") else { return nil }
    let rest = text[text.index(after: colon)...]
    switch text[..<colon] {
    case "address":
      guard let address = ClientAddress(rest) else { return nil }
      self = .address(address)
    case "prefix":
      guard let prefix = ClientPrefix(rest) else { return nil }
      self.init(identity: .address(prefix))
    case "device":
      guard let slash = rest.firstIndex(of: "/"), let address = ClientAddress(rest[..<slash]),
        let octets = Hexadecimal.octets(rest[rest.index(after: slash)...].utf8)
      else { return nil }
      self = .device(address, DeviceIdentifier(octets: octets))
    case "line":
      guard let key = Self.unescaped(rest), key.utf8.count <= Self.maximumLineKey else {
        return nil
      }
      self = .line(key)
    default: return nil
    }
  }

  private static let percent = UInt8(ascii: "%")

  private static func escaped(_ key: String) -> String {
    key.utf8.reduce(into: "") { text, octet in
      let isPlain = octet > 0x20 && octet < 0x7F && octet != percent
      text += isPlain ? String(UnicodeScalar(octet)) : "%" + Hexadecimal.text(octet)
    }
  }

  private static func unescaped(_ text: some StringProtocol) -> String? {
    var octets: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let octet = rest.popFirst() {
      guard octet == percent else {
        octets.append(octet)
        continue
      }
      guard rest.count >= 2, let value = Hexadecimal.octets(rest.prefix(2)) else { return nil }
      octets += value
      rest = rest.dropFirst(2)
    }
    return String(validating: octets, as: UTF8.self)
  }
}

/// Octets as lower-case hexadecimal digits.
enum Hexadecimal {
  /// Two digits.
  static func text(_ octet: UInt8) -> String {
    (octet < 16 ? "0" : "") + String(octet, radix: 16)
  }

  /// The octets of an even number of digits; nil for anything else.
  static func octets(_ digits: some Collection<UInt8>) -> [UInt8]? {
    guard digits.count.isMultiple(of: 2) else { return nil }
    var octets: [UInt8] = []
    var rest = digits[...]
    while let first = rest.popFirst(), let second = rest.popFirst() {
      guard let high = value(first), let low = value(second) else { return nil }
      octets.append(high << 4 | low)
    }
    return octets
  }

  private static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case 48...57: digit - 48
    case 97...102: digit - 87
    case 65...70: digit - 55
    default: nil
    }
  }
}
