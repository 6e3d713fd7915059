/// `java.util.Random`: a 48-bit linear congruential generator with scrambled seed.
public struct JavaRandom: Sendable {
  /// The 48-bit state.
  public var state: UInt64

  /// A generator seeded as `new Random(seed)` does.
  @inlinable
  public init(seed: Int64) {
    state = (UInt64(bitPattern: seed) ^ 0x5_DEEC_E66D) & 0xFFFF_FFFF_FFFF
  }

  /// The highest bits of the next state, 1 to 32 of them, as Java's `next(int)` gives them.
  @inlinable
  @inline(__always)
  public mutating func next(bits: Int) -> Int32 {
    state = (state &* 0x5_DEEC_E66D &+ 0xB) & 0xFFFF_FFFF_FFFF
    return Int32(truncatingIfNeeded: state &>> UInt64(truncatingIfNeeded: 48 &- bits))
  }

  /// Java's `nextInt()`.
  @inlinable
  public mutating func nextInt() -> Int32 { next(bits: 32) }

  /// Java's `nextInt(bound)`: 0 to `bound - 1`, without bias; `bound` must be positive.
  @inlinable
  @inline(__always)
  public mutating func nextInt(_ bound: Int32) -> Int32 {
    if bound & (bound &- 1) == 0 {
      return Int32(truncatingIfNeeded: (Int64(bound) &* Int64(next(bits: 31))) &>> 31)
    }
    while true {
      let bits = next(bits: 31)
      let value = bits % bound
      // Java's own test: draws from the last, incomplete run of `bound` values wrap to negative.
      if bits &- value &+ (bound &- 1) >= 0 { return value }
    }
  }
}
