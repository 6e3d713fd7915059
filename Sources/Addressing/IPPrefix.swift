/// A range of addresses that share their first bits, such as `192.0.2.0/24`.
public struct IPPrefix: Sendable, Hashable, CustomStringConvertible {
  /// The first address, with all host bits zero.
  public let address: IPAddress
  /// Prefix length over 128 bits: an IPv4 prefix counts the 96 bits of its mapped form.
  public let length: Int
  private let isIPv4: Bool
  private let highMask: UInt64
  private let lowMask: UInt64

  /// Reads `192.0.2.0/24`, `2001:db8::/32` or a lone address; nil for anything else or if host bits
  /// are set.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, let address = IPAddress(first) else { return nil }
    let width = address.isIPv4 ? 32 : 128
    var bits = width
    if parts.count == 2 {
      guard parts[1].isDecimal, let given = Int(parts[1]), (0...width).contains(given) else {
        return nil
      }
      bits = given
    }
    self.init(address: address, length: bits + 128 - width)
    guard self.address == address else { return nil }
  }

  /// Makes a prefix of `length` bits (0 … 128, over the mapped form); host bits are cleared.
  public init(address: IPAddress, length: Int) {
    precondition((0...128).contains(length))
    self.length = length
    highMask = length >= 64 ? .max : ~(UInt64.max >> UInt64(length))
    lowMask = length <= 64 ? 0 : (length == 128 ? .max : ~(UInt64.max >> UInt64(length - 64)))
    self.address = IPAddress(high: address.high & highMask, low: address.low & lowMask)
    isIPv4 = length >= 96 && self.address.isIPv4
  }

  /// Whether this is all of IPv4 or all of IPv6.
  public var isWholeFamily: Bool { length == (isIPv4 ? 96 : 0) }

  /// Whether `other` lies inside; IPv4 and IPv6 never mix, so `::/0` holds no IPv4 address.
  @inline(__always)
  public func contains(_ other: IPAddress) -> Bool {
    other.high & highMask == address.high && other.low & lowMask == address.low
      && other.isIPv4 == isIPv4
  }

  /// What is shown to people.
  public var description: String {
    "\(address)/\(address.isIPv4 && length >= 96 ? length - 96 : length)"
  }
}

extension StringProtocol {
  /// Whether there are digits only: `Int` would read a sign too.
  var isDecimal: Bool { utf8.allSatisfy { (0x30...0x39).contains($0) } }
}
