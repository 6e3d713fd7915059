/// An IPv4 or IPv6 address in 16 octets; IPv4 is kept as `::ffff:a.b.c.d` (RFC 4291 §2.5.5.2).
public struct IPAddress: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// First eight octets, big-endian.
  public let high: UInt64
  /// Last eight octets, big-endian.
  public let low: UInt64

  private static let mappedPrefix: UInt64 = 0x0000_FFFF_0000_0000

  /// Makes an address of its two halves.
  @inlinable public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Makes an IPv4 address of its 32 bits.
  public init(ipv4 bits: UInt32) {
    high = 0
    low = Self.mappedPrefix | UInt64(bits)
  }

  /// Reads `192.0.2.1` or `2001:db8::1` (RFC 4291 §2.2); nil for anything else, zone ids included.
  public init?(_ text: some StringProtocol) {
    let octets = Array(text.utf8)
    if octets.contains(UInt8(ascii: ":")) {
      guard let halves = IPv6Text.parse(octets) else { return nil }
      self.init(high: halves.0, low: halves.1)
    } else {
      guard let bits = IPv4Text.parse(octets[...]) else { return nil }
      self.init(ipv4: bits)
    }
  }

  /// The IPv4 bits, nil for an IPv6 address.
  public var ipv4: UInt32? {
    guard high == 0, low & 0xFFFF_FFFF_0000_0000 == Self.mappedPrefix else { return nil }
    return UInt32(truncatingIfNeeded: low)
  }

  /// Whether this is an IPv4 address.
  public var isIPv4: Bool { ipv4 != nil }

  /// The 4 or 16 octets as they stand in an A or AAAA record.
  public var octets: [UInt8] {
    if let ipv4 { return (0..<4).map { UInt8(truncatingIfNeeded: ipv4 >> (24 - 8 * $0)) } }
    return [high, low].flatMap { half in
      (0..<8).map { UInt8(truncatingIfNeeded: half >> (56 - 8 * $0)) }
    }
  }

  /// Orders addresses as 128-bit numbers.
  public static func < (left: IPAddress, right: IPAddress) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }

  /// Text form; IPv6 per RFC 5952.
  public var description: String {
    if let ipv4 {
      return (0..<4).map { String(UInt8(truncatingIfNeeded: ipv4 >> (24 - 8 * $0))) }
        .joined(separator: ".")
    }
    return IPv6Text.format(high: high, low: low)
  }
}

private enum IPv4Text {
  static func parse(_ octets: ArraySlice<UInt8>) -> UInt32? {
    let parts = octets.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var bits: UInt32 = 0
    for part in parts {
      // No leading zeros: some readers take them for octal (RFC 6943 §3.1.1).
      guard (1...3).contains(part.count), part.count == 1 || part.first != UInt8(ascii: "0"),
        part.allSatisfy({ (0x30...0x39).contains($0) })
      else { return nil }
      let value = part.reduce(0) { $0 * 10 + UInt32($1 - 0x30) }
      guard value <= 255 else { return nil }
      bits = bits << 8 | value
    }
    return bits
  }
}

private enum IPv6Text {
  static func parse(_ octets: [UInt8]) -> (UInt64, UInt64)? {
    var head: [UInt16] = []
    var tail: [UInt16] = []
    var rest = octets[...]
    if let gap = gapRange(octets) {
      guard let left = groups(octets[..<gap.lowerBound], allowIPv4: false),
        let right = groups(octets[gap.upperBound...], allowIPv4: true),
        left.count + right.count <= 7
      else { return nil }
      head = left
      tail = right
      rest = []
    } else {
      guard let all = groups(rest, allowIPv4: true), all.count == 8 else { return nil }
      head = all
    }
    let zeros = [UInt16](repeating: 0, count: 8 - head.count - tail.count)
    let words = head + zeros + tail
    let halves = [words[..<4], words[4...]].map { $0.reduce(UInt64(0)) { $0 << 16 | UInt64($1) } }
    return (halves[0], halves[1])
  }

  private static func gapRange(_ octets: [UInt8]) -> Range<Int>? {
    let colon = UInt8(ascii: ":")
    for index in octets.indices.dropLast() where octets[index] == colon {
      if octets[index + 1] == colon { return index..<(index + 2) }
    }
    return nil
  }

  private static func groups(_ octets: ArraySlice<UInt8>, allowIPv4: Bool) -> [UInt16]? {
    guard !octets.isEmpty else { return [] }
    var result: [UInt16] = []
    let parts = octets.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() {
      if allowIPv4, index == parts.count - 1, part.contains(UInt8(ascii: ".")) {
        guard let bits = IPv4Text.parse(part) else { return nil }
        result.append(UInt16(truncatingIfNeeded: bits >> 16))
        result.append(UInt16(truncatingIfNeeded: bits))
      } else {
        guard (1...4).contains(part.count), let value = hexadecimal(part) else { return nil }
        result.append(value)
      }
    }
    return result.count <= 8 ? result : nil
  }

  private static func hexadecimal(_ digits: ArraySlice<UInt8>) -> UInt16? {
    var value: UInt16 = 0
    for digit in digits {
      switch digit {
      case 0x30...0x39: value = value << 4 | UInt16(digit - 0x30)
      case 0x41...0x46: value = value << 4 | UInt16(digit - 0x37)
      case 0x61...0x66: value = value << 4 | UInt16(digit - 0x57)
      default: return nil
      }
    }
    return value
  }

  /// RFC 5952: lower case, no leading zeros, the first longest run of two or more zeros as `::`.
  static func format(high: UInt64, low: UInt64) -> String {
    let words = [high, low].flatMap { half in
      (0..<4).map { UInt16(truncatingIfNeeded: half >> (48 - 16 * $0)) }
    }
    let run = longestZeroRun(words)
    let texts = words.map { String($0, radix: 16) }
    guard run.count > 1 else { return texts.joined(separator: ":") }
    return texts[..<run.lowerBound].joined(separator: ":") + "::"
      + texts[run.upperBound...].joined(separator: ":")
  }

  private static func longestZeroRun(_ words: [UInt16]) -> Range<Int> {
    var best = 0..<0
    var start = 0
    for index in 0...words.count where index == words.count || words[index] != 0 {
      if index - start > best.count { best = start..<index }
      start = index + 1
    }
    return best
  }
}
