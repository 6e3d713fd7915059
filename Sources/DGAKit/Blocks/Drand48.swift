/// The 48-bit congruential generator of POSIX: `drand48`, `lrand48` and `mrand48`.
///
/// It is `JavaRandom` without Java's scrambling of the seed.
public struct Drand48: Sendable {
  /// The 48-bit state.
  public var state: UInt64

  /// A generator seeded as `srand48(seed)` does.
  @inlinable
  public init(seed: UInt32) {
    state = UInt64(seed) &<< 16 | 0x330E
  }

  /// A generator with a whole state of 48 bits, as `seed48` sets it.
  @inlinable
  public init(state: UInt64) {
    self.state = state & 0xFFFF_FFFF_FFFF
  }

  /// The next state.
  @inlinable
  @inline(__always)
  public mutating func next() -> UInt64 {
    state = (state &* 0x5_DEEC_E66D &+ 0xB) & 0xFFFF_FFFF_FFFF
    return state
  }

  /// `lrand48`: the highest 31 bits.
  @inlinable
  public mutating func next31() -> UInt32 { UInt32(truncatingIfNeeded: next() &>> 17) }

  /// `mrand48`: the highest 32 bits, signed.
  @inlinable
  public mutating func next32() -> Int32 { Int32(truncatingIfNeeded: next() &>> 16) }

  /// `drand48`: the state as a fraction, 0 up to but not including 1.
  @inlinable
  public mutating func nextFraction() -> Double { Double(next()) * 0x1p-48 }
}
