public import Addressing
public import DNSWire

/// The client subnet a forwarder put into a query (RFC 7871 §6), read without allocation.
public struct ForwardedSubnet: Sendable, Hashable {
  /// 1 for IPv4, 2 for IPv6; 0 only with a length of 0.
  public var family: UInt16
  /// Bits of the address that are given.
  public var sourceLength: UInt8
  /// The address, its other bits zero.
  public var address: IPAddress

  /// Octets of the address in the option (RFC 7871 §6): as many as the length needs.
  public var addressOctets: Int { (Int(sourceLength) + 7) / 8 }

  /// Whether the address is whole: it names one client.
  public var isWhole: Bool { sourceLength == (family == 1 ? 32 : 128) }

  /// Reads the option's data, `length` octets at `offset`, which lie inside of `bytes`.
  ///
  /// - Returns: nil when family, lengths and address do not fit each other or bits behind the
  ///   length are set, all of which RFC 7871 §7.1.2 and §7.2.1 want answered FORMERR.
  public init?(_ bytes: Span<UInt8>, at offset: Int, length: Int) {
    guard length >= 4 else { return nil }
    family = bytes.word(at: offset)
    sourceLength = bytes[offset + 2]
    // §6: the scope is 0 in queries.
    guard family <= 2, bytes[offset + 3] == 0 else { return nil }
    let width: UInt8 = family == 0 ? 0 : family == 1 ? 32 : 128
    let octets = (Int(sourceLength) + 7) / 8
    guard sourceLength <= width, length == 4 + octets else { return nil }
    var high: UInt64 = 0
    var low: UInt64 = 0
    for index in 0..<octets {
      let octet = UInt64(bytes[offset + 4 + index])
      if index < 8 { high |= octet << (56 - 8 * index) } else { low |= octet << (120 - 8 * index) }
    }
    let isClean =
      sourceLength <= 64
      ? low == 0 && (sourceLength == 64 || high << UInt64(sourceLength) == 0)
      : sourceLength == 128 || low << UInt64(sourceLength - 64) == 0
    guard isClean else { return nil }
    address =
      family == 1
      ? IPAddress(ipv4: UInt32(truncatingIfNeeded: high >> 32)) : IPAddress(high: high, low: low)
  }

  /// Appends the option for an answer (RFC 7871 §7.2.1).
  ///
  /// - Parameter scope: bits the answer depended on.
  public func append(scope: UInt8, into writer: inout WireWriter) {
    writer.append16(EDNSOptionCode.clientSubnet)
    writer.append16(UInt16(4 + addressOctets))
    writer.append16(family)
    writer.append(sourceLength)
    writer.append(scope)
    for index in 0..<addressOctets { writer.append(octet(index)) }
  }

  private func octet(_ index: Int) -> UInt8 {
    if let ipv4 = address.ipv4, family == 1 {
      return UInt8(truncatingIfNeeded: ipv4 >> (24 - 8 * UInt32(index)))
    }
    let half = index < 8 ? address.high : address.low
    return UInt8(truncatingIfNeeded: half >> (56 - 8 * UInt64(index % 8)))
  }
}
