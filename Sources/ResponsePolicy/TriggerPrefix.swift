public import Addressing

/// Reads the prefix that the labels of an IP trigger spell (draft-vixie-dnsop-dns-rpz §4.1.1).
///
/// IPv4: length, then the four octets backwards: `24.0.2.0.192` is 192.0.2.0/24. IPv6: length, then
/// the eight words backwards in hexadecimal, where one `zz` stands for the longest run of zeros:
/// `32.zz.db8.2001` is 2001:db8::/32.
public enum TriggerPrefix {
  /// The prefix, nil if the labels spell none or if bits behind the prefix are set.
  public static func parse(_ labels: [[UInt8]]) -> IPPrefix? {
    guard let first = labels.first, let length = decimal(first, upTo: 128), length > 0 else {
      return nil
    }
    let rest = labels.dropFirst()
    let hasZeros = rest.contains { $0.elementsEqual([UInt8(ascii: "z"), UInt8(ascii: "z")]) }
    let prefix: IPPrefix?
    if rest.count == 4, !hasZeros {
      prefix = length <= 32 ? ipv4(rest, length) : nil
    } else {
      prefix = ipv6(rest, length)
    }
    return prefix
  }

  private static func ipv4(_ labels: ArraySlice<[UInt8]>, _ length: Int) -> IPPrefix? {
    var bits: UInt32 = 0
    for label in labels.reversed() {
      guard let octet = decimal(label, upTo: 255) else { return nil }
      bits = bits << 8 | UInt32(octet)
    }
    let address = IPAddress(ipv4: bits)
    let prefix = IPPrefix(address: address, length: 96 + length)
    return prefix.address == address ? prefix : nil
  }

  private static func ipv6(_ labels: ArraySlice<[UInt8]>, _ length: Int) -> IPPrefix? {
    var words: [UInt16] = []
    var gap: Int?
    for label in labels.reversed() {
      if label.elementsEqual([UInt8(ascii: "z"), UInt8(ascii: "z")]) {
        guard gap == nil else { return nil }
        gap = words.count
      } else {
        guard let word = hexadecimal(label) else { return nil }
        words.append(word)
      }
    }
    if let gap {
      guard words.count < 8 else { return nil }
      words.insert(contentsOf: repeatElement(0, count: 8 - words.count), at: gap)
    }
    guard words.count == 8 else { return nil }
    let high = words[..<4].reduce(UInt64(0)) { $0 << 16 | UInt64($1) }
    let low = words[4...].reduce(UInt64(0)) { $0 << 16 | UInt64($1) }
    let address = IPAddress(high: high, low: low)
    let prefix = IPPrefix(address: address, length: length)
    // An IPv4 address in IPv6 form would meet no address of a message.
    return prefix.address == address && !(address.isIPv4 && length >= 96) ? prefix : nil
  }

  private static func decimal(_ digits: [UInt8], upTo limit: Int) -> Int? {
    guard (1...3).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
      return nil
    }
    let value = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    return value <= limit ? value : nil
  }

  private static func hexadecimal(_ digits: [UInt8]) -> UInt16? {
    guard (1...4).contains(digits.count) else { return nil }
    var value: UInt16 = 0
    for digit in digits {
      switch digit {
      case 0x30...0x39: value = value << 4 | UInt16(digit - 0x30)
      case 0x61...0x66: value = value << 4 | UInt16(digit - 0x57)
      default: return nil
      }
    }
    return value
  }
}
