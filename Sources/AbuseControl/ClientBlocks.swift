public import Addressing

/// Which clients share one limit: those whose addresses agree in their first bits.
///
/// Whoever forges addresses has a whole network to choose from, and an IPv6 subscriber owns at least
/// a /64: single addresses are no use as a measure.
public struct ClientBlocks: Sendable, Equatable {
  /// Bits that IPv4 clients of a block share, 0 … 32.
  public var ipv4: Int
  /// Bits that IPv6 clients of a block share, 0 … 128.
  public var ipv6: Int

  /// Sets both lengths; values outside of the ranges are clamped.
  public init(ipv4: Int, ipv6: Int) {
    self.ipv4 = min(max(ipv4, 0), 32)
    self.ipv6 = min(max(ipv6, 0), 128)
  }

  /// The first address of the client's block.
  @inline(__always)
  public func block(of address: IPAddress) -> IPAddress {
    guard !address.isIPv4 else {
      return IPAddress(high: 0, low: address.low & ~Self.tail(32 - ipv4))
    }
    return IPAddress(
      high: address.high & ~Self.tail(64 - min(ipv6, 64)),
      low: address.low & ~Self.tail(128 - max(ipv6, 64)))
  }

  /// The last `bits` bits set, 0 … 64; a shift by 64 gives 0 in Swift.
  @inline(__always)
  private static func tail(_ bits: Int) -> UInt64 { bits == 0 ? 0 : UInt64.max >> (64 - bits) }
}

extension ClientBlocks {
  /// The client's block as people write it.
  public func text(of address: IPAddress) -> String {
    "\(block(of: address))/\(address.isIPv4 ? ipv4 : ipv6)"
  }
}
