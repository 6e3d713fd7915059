public import Addressing

/// Rules by address prefix; the longest prefix counts.
public struct PrefixTable: Sendable {
  private struct Key: Hashable {
    var high: UInt64
    var low: UInt64
    var length: UInt8
  }

  private var rules: [Key: PolicyRule] = [:]
  /// Prefix lengths in use, longest first; over 128 bits, IPv4 in its mapped form.
  private var ipv4Lengths: [Int] = []
  private var ipv6Lengths: [Int] = []

  /// An empty table.
  public init() {}

  /// Whether there is no rule.
  public var isEmpty: Bool { rules.isEmpty }
  /// Number of prefixes.
  public var count: Int { rules.count }
  /// Octets of memory, about.
  public var memory: Int { rules.capacity * 32 }

  /// The rule of exactly this prefix.
  public subscript(prefix: IPPrefix) -> PolicyRule? {
    get { rules[Self.key(prefix.address, prefix.length)] }
    set {
      rules[Self.key(prefix.address, prefix.length)] = newValue
      if prefix.address.isIPv4, prefix.length >= 96 {
        Self.note(prefix.length, in: &ipv4Lengths)
      } else {
        Self.note(prefix.length, in: &ipv6Lengths)
      }
    }
  }

  private static func note(_ length: Int, in lengths: inout [Int]) {
    guard !lengths.contains(length) else { return }
    lengths.append(length)
    lengths.sort(by: >)
  }

  private static func key(_ address: IPAddress, _ length: Int) -> Key {
    let high = length >= 64 ? UInt64.max : ~(UInt64.max >> UInt64(length))
    let low = length <= 64 ? 0 : length == 128 ? UInt64.max : ~(UInt64.max >> UInt64(length - 64))
    return Key(
      high: address.high & high, low: address.low & low,
      length: UInt8(truncatingIfNeeded: length))
  }

  /// The rule of the longest prefix that holds `address`, and that prefix's length over 128 bits.
  public func match(_ address: IPAddress) -> (rule: PolicyRule, length: Int)? {
    guard !rules.isEmpty else { return nil }
    for length in address.isIPv4 ? ipv4Lengths : ipv6Lengths {
      if let rule = rules[Self.key(address, length)] { return (rule, length) }
    }
    return nil
  }
}
