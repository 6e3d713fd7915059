/// MurmurHash3 with 32 bits (Appleby, `MurmurHash3_x86_32` of SMHasher).
public enum Murmur3 {
  /// The hash of octets with a seed.
  public static func hash(_ octets: Span<UInt8>, seed: UInt32 = 0) -> UInt32 {
    var hash = seed
    var block: UInt32 = 0
    for position in octets.indices {
      let place = UInt32(truncatingIfNeeded: position & 3)
      block |= UInt32(octets[position]) &<< (place &* 8)
      guard place == 3 else { continue }
      hash = (hash ^ scrambled(block)).rotatedLeft(13) &* 5 &+ 0xE654_6B64
      block = 0
    }
    // The octets after the last whole block; a block of 0 does not change the hash.
    hash ^= scrambled(block)
    return avalanched(hash ^ UInt32(truncatingIfNeeded: octets.count))
  }

  /// Murmur3's last step, often used alone to mix a 32-bit number.
  @inlinable
  public static func avalanched(_ value: UInt32) -> UInt32 {
    var mixed = value
    mixed = (mixed ^ (mixed &>> 16)) &* 0x85EB_CA6B
    mixed = (mixed ^ (mixed &>> 13)) &* 0xC2B2_AE35
    return mixed ^ (mixed &>> 16)
  }

  private static func scrambled(_ block: UInt32) -> UInt32 {
    (block &* 0xCC9E_2D51).rotatedLeft(15) &* 0x1B87_3593
  }
}
