import Addressing

/// One declaration of a lease file: `lease ADDRESS { … }`, or `ia-na "…" { iaaddr … { … } }`.
struct LeaseBlock {
  private(set) var prefix: IPPrefix?
  private(set) var start: Int64?
  private(set) var end: Int64?
  private(set) var key: Octets?
  private(set) var isActive = false
  private(set) var isAbandoned = false
  /// The first statement that cannot be read.
  var flaw: String?

  let isVersion6: Bool
  private var isInAddress = false
  private let keyName: String?

  /// Takes the head of a declaration; nil when it is of no interest (failover state, server DUID).
  init?(_ head: Octets, keyName: String?) {
    self.keyName = keyName
    guard let (word, rest) = head.cut(at: 0x20) else { return nil }
    switch word.text {
    case "lease":
      isVersion6 = false
      prefix = rest.trimmed.address.map { IPPrefix(address: $0, length: 128) }
    case "ia-na", "ia-ta", "ia-pd":
      isVersion6 = true
      key = Self.identity(rest.trimmed)
      if key == nil { flaw = "the identity \(shown(rest.trimmed)) cannot be read" }
    default: return nil
    }
  }

  // MARK: - Addresses of DHCPv6

  /// Takes the head of a block within; false when it is none of an address.
  mutating func beginAddress(_ head: Octets) -> Bool {
    guard isVersion6, !isInAddress, let (word, rest) = head.cut(at: 0x20),
      word.text == "iaaddr" || word.text == "iaprefix"
    else { return false }
    isInAddress = true
    prefix = rest.trimmed.prefix
    return true
  }

  /// Whether the block that ends is one of an address.
  mutating func endAddress() -> Bool {
    defer { isInAddress = false }
    return isInAddress
  }

  /// The next address of the same declaration.
  mutating func clearAddress() {
    prefix = nil
    end = nil
    isActive = false
    isAbandoned = false
    flaw = nil
  }

  // MARK: - Statements

  /// Takes a statement; false when it cannot be read, true when it is of no interest.
  mutating func take(_ statement: Octets) -> Bool {
    guard let (word, rest) = statement.cut(at: 0x20) else { return true }
    let value = rest.trimmed
    switch word.text {
    case "starts" where !isVersion6, "cltt" where isVersion6:
      start = Self.time(value)
      return start != nil
    case "ends":
      end = Self.time(value)
      return end != nil
    case "binding":
      isActive = value.text == "state active"
      isAbandoned = value.text == "state abandoned"
    case "hardware" where !isVersion6 && keyName == nil:
      key = value.cut(at: 0x20)?.after.trimmed
    case "uid" where keyName == "uid":
      key = Self.readable(value)
    case "client-hostname" where keyName == "client-hostname":
      key = Self.readable(value)
    case "option":
      guard let keyName, let (name, text) = value.cut(at: 0x20), name.text == "agent." + keyName
      else { return true }
      key = Self.readable(text.trimmed)
    default: break
    }
    return true
  }

  /// `1 2026/11/23 13:37:00`, `epoch 1795317247` or `never`.
  private static func time(_ value: Octets) -> Int64? {
    if value.isWord("never") { return .max }
    guard let (first, rest) = value.cut(at: 0x20) else { return nil }
    // The first word of a calendar time is the day of the week.
    guard first.text == "epoch" || (first.count == 1 && first.decimal != nil) else { return nil }
    return InstantText.parse(rest)
  }

  // MARK: - Binary strings

  /// The DUID of an identity: four octets of IAID come first.
  private static func identity(_ text: Octets) -> Octets? {
    guard let octets = string(text), octets.count > 4 else { return nil }
    return hex(octets.dropFirst(4))
  }

  /// A string as it is when printable, as hex when not; hex with colons as it is.
  private static func readable(_ text: Octets) -> Octets? {
    guard text.first == UInt8(ascii: "\"") else { return text }
    guard let octets = string(text) else { return nil }
    return octets.allSatisfy { (0x20...0x7E).contains($0) } ? octets[...] : hex(octets[...])
  }

  private static func hex(_ octets: Octets) -> Octets {
    let pairs = octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
    return Array(pairs.joined(separator: ":").utf8)[...]
  }

  /// A quoted string with `\ooo`, `\"` and `\\`.
  private static func string(_ text: Octets) -> [UInt8]? {
    let quote = UInt8(ascii: "\"")
    guard text.count >= 2, text.first == quote, text.last == quote else { return nil }
    var octets: [UInt8] = []
    var rest = text.dropFirst().dropLast()
    while let octet = rest.popFirst() {
      guard octet == 0x5C else {
        octets.append(octet)
        continue
      }
      let digits = rest.prefix(3)
      if digits.count == 3, let value = UInt16(digits.text, radix: 8), value < 256 {
        octets.append(UInt8(value))
        rest = rest.dropFirst(3)
      } else if let next = rest.popFirst() {
        octets.append(next)
      }
    }
    return octets
  }
}
