/// FNV-1a (Fowler, Noll and Vo; RFC 9923) with 32 and 64 bits.
public enum FNV1a {
  /// The hash of octets, 32 bits.
  @inlinable
  public static func hash32(_ octets: Span<UInt8>, basis: UInt32 = 0x811C_9DC5) -> UInt32 {
    var hash = basis
    for position in octets.indices { hash = (hash ^ UInt32(octets[position])) &* 0x0100_0193 }
    return hash
  }

  /// The hash of octets, 64 bits.
  @inlinable
  public static func hash64(
    _ octets: Span<UInt8>, basis: UInt64 = 0xCBF2_9CE4_8422_2325
  ) -> UInt64 {
    var hash = basis
    for position in octets.indices {
      hash = (hash ^ UInt64(octets[position])) &* 0x100_0000_01B3
    }
    return hash
  }
}
