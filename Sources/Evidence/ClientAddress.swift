/// An IPv4 or IPv6 address as two big-endian halves; IPv4 is `::ffff:a.b.c.d` (RFC 4291 §2.5.5.2).
package struct ClientAddress: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Octets 0–7.
  package let high: UInt64
  /// Octets 8–15.
  package let low: UInt64

  /// Makes an address from its halves.
  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Makes an IPv4 address from its 32 bits.
  package init(ipv4: UInt32) { self.init(high: 0, low: 0xffff << 32 | UInt64(ipv4)) }

  /// Makes an address from 4 or 16 octets in network order; nil for any other number.
  package init?(octets: some Collection<UInt8>) {
    switch octets.count {
    case 4: self.init(ipv4: octets.reduce(0) { $0 << 8 | UInt32($1) })
    case 16:
      self.init(
        high: octets.prefix(8).reduce(0) { $0 << 8 | UInt64($1) },
        low: octets.dropFirst(8).reduce(0) { $0 << 8 | UInt64($1) })
    default: return nil
    }
  }

  /// Whether this is an IPv4 address.
  package var isIPv4: Bool { high == 0 && low >> 32 == 0xffff }

  /// The 4 (IPv4) or 16 octets in network order.
  package var octets: [UInt8] {
    if isIPv4 { return (0..<4).map { UInt8(truncatingIfNeeded: low >> (24 - 8 * $0)) } }
    return (0..<8).map { UInt8(truncatingIfNeeded: high >> (56 - 8 * $0)) }
      + (0..<8).map { UInt8(truncatingIfNeeded: low >> (56 - 8 * $0)) }
  }

  /// Orders by numeric value, so IPv4 addresses stand together.
  package static func < (left: ClientAddress, right: ClientAddress) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }

  /// Dotted quad, or IPv6 text as RFC 5952 wants it (lower case, longest run of zeros short).
  package var description: String {
    if isIPv4 { return octets.map { String($0) }.joined(separator: ".") }
    let groups = (0..<8).map { index in
      UInt16(truncatingIfNeeded: (index < 4 ? high : low) >> (48 - 16 * (index % 4)))
    }
    let run = Self.longestZeroRun(groups)
    guard run.count > 1 else { return Self.join(groups[...]) }
    return Self.join(groups[..<run.lowerBound]) + "::" + Self.join(groups[run.upperBound...])
  }

  private static func join(_ groups: ArraySlice<UInt16>) -> String {
    groups.map { String($0, radix: 16) }.joined(separator: ":")
  }

  private static func longestZeroRun(_ groups: [UInt16]) -> Range<Int> {
    var best = 0..<0
    var start = 0
    for index in 0...groups.count where index == groups.count || groups[index] != 0 {
      if index - start > best.count { best = start..<index }
      start = index + 1
    }
    return best
  }
}

// MARK: - Reading text

extension ClientAddress {
  /// Reads dotted-quad or IPv6 text (RFC 4291 §2.2); nil for anything else.
  package init?(_ text: some StringProtocol) {
    if let ipv4 = Self.parseIPv4(text) {
      self.init(ipv4: ipv4)
      return
    }
    guard let groups = Self.parseIPv6(text) else { return nil }
    self.init(
      high: groups[..<4].reduce(0) { $0 << 16 | UInt64($1) },
      low: groups[4...].reduce(0) { $0 << 16 | UInt64($1) })
  }

  private static func parseIPv4(_ text: some StringProtocol) -> UInt32? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var value: UInt32 = 0
    for part in parts {
      guard part.utf8.allSatisfy({ (48...57).contains($0) }), part.utf8.count <= 3,
        part.utf8.count == 1 || part.utf8.first != 48, let octet = UInt8(part)
      else { return nil }
      value = value << 8 | UInt32(octet)
    }
    return value
  }

  private static func parseIPv6(_ text: some StringProtocol) -> [UInt16]? {
    let halves = splitAtDoubleColon(text)
    guard halves.count <= 2 else { return nil }
    var parsed: [[UInt16]] = []
    for (index, half) in halves.enumerated() {
      guard let groups = parseGroups(half, mayEndIPv4: index == halves.count - 1) else {
        return nil
      }
      parsed.append(groups)
    }
    if parsed.count == 1 { return parsed[0].count == 8 ? parsed[0] : nil }
    let missing = 8 - parsed[0].count - parsed[1].count
    guard missing >= 1 else { return nil }
    return parsed[0] + Array(repeating: 0, count: missing) + parsed[1]
  }

  private static func splitAtDoubleColon(_ text: some StringProtocol) -> [String] {
    var halves = [""]
    var rest = text[...]
    while let character = rest.first {
      if rest.hasPrefix("::") {
        halves.append("")
        rest = rest.dropFirst(2)
      } else {
        halves[halves.count - 1].append(character)
        rest = rest.dropFirst()
      }
    }
    return halves
  }

  private static func parseGroups(_ text: String, mayEndIPv4: Bool) -> [UInt16]? {
    guard !text.isEmpty else { return [] }
    var groups: [UInt16] = []
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() {
      if mayEndIPv4, index == parts.count - 1, let ipv4 = parseIPv4(part) {
        groups += [UInt16(ipv4 >> 16), UInt16(truncatingIfNeeded: ipv4)]
        continue
      }
      guard (1...4).contains(part.utf8.count), part.first != "+",
        let group = UInt16(part, radix: 16)
      else { return nil }
      groups.append(group)
    }
    return groups
  }
}
