/// A linear congruential generator modulo 2^32: `state = state * multiplier + increment`.
///
/// Which bits of the state a program takes differs; the named generators say theirs.
public struct LinearCongruential32: Sendable {
  /// The last state.
  public var state: UInt32
  /// The factor.
  public let multiplier: UInt32
  /// What is added.
  public let increment: UInt32

  /// A generator with constants of its own.
  @inlinable
  public init(state: UInt32, multiplier: UInt32, increment: UInt32) {
    self.state = state
    self.multiplier = multiplier
    self.increment = increment
  }

  /// `rand` of the Microsoft C runtime; its result is `next15()`.
  @inlinable
  public static func microsoftC(seed: UInt32) -> Self {
    Self(state: seed, multiplier: 214_013, increment: 2_531_011)
  }

  /// The example `rand` of ISO C (7.22.2.1); its result is `next15()`.
  @inlinable
  public static func ansiC(seed: UInt32) -> Self {
    Self(state: seed, multiplier: 1_103_515_245, increment: 12_345)
  }

  /// The quick generator of Numerical Recipes (chapter 7.1).
  @inlinable
  public static func numericalRecipes(seed: UInt32) -> Self {
    Self(state: seed, multiplier: 1_664_525, increment: 1_013_904_223)
  }

  /// `rand` of Borland C; its result is `next15()`.
  @inlinable
  public static func borlandC(seed: UInt32) -> Self {
    Self(state: seed, multiplier: 22_695_477, increment: 1)
  }

  /// `Random` of Delphi and Turbo Pascal; its result is `next(below:)`.
  @inlinable
  public static func delphi(seed: UInt32) -> Self {
    Self(state: seed, multiplier: 134_775_813, increment: 1)
  }

  /// `MTH$RANDOM` of VAX/VMS, and Marsaglia's "best of all multipliers" 69069 (1972).
  @inlinable
  public static func vax(seed: UInt32) -> Self {
    Self(state: seed, multiplier: 69_069, increment: 1)
  }

  /// `Rnd` of Visual Basic up to version 6; its result is `next24()`.
  @inlinable
  public static func visualBasic(state: UInt32) -> Self {
    Self(state: state, multiplier: 0x43FD_43FD, increment: 0xC3_9EC3)
  }

  /// The next state, all 32 bits of it.
  @inlinable
  @inline(__always)
  public mutating func next() -> UInt32 {
    state = state &* multiplier &+ increment
    return state
  }

  /// Bits 0 to 30 of the next state, as `rand_r` of small C libraries gives them.
  @inlinable
  @inline(__always)
  public mutating func next31() -> UInt32 { next() & 0x7FFF_FFFF }

  /// Bits 0 to 23 of the next state; divided by 2^24 it is Visual Basic's `Rnd`.
  @inlinable
  @inline(__always)
  public mutating func next24() -> UInt32 { next() & 0xFF_FFFF }

  /// Bits 16 to 30 of the next state, 0 to 32767.
  @inlinable
  @inline(__always)
  public mutating func next15() -> UInt32 {
    (next() &>> 16) & 0x7FFF
  }

  /// The high half of the next state times a bound: 0 to `bound - 1`, as Delphi does it.
  @inlinable
  @inline(__always)
  public mutating func next(below bound: UInt32) -> UInt32 {
    next().multipliedFullWidth(by: bound).high
  }
}

/// A linear congruential generator modulo 2^64.
public struct LinearCongruential64: Sendable {
  /// The last state.
  public var state: UInt64
  /// The factor.
  public let multiplier: UInt64
  /// What is added.
  public let increment: UInt64

  /// A generator with constants of its own.
  @inlinable
  public init(state: UInt64, multiplier: UInt64, increment: UInt64) {
    self.state = state
    self.multiplier = multiplier
    self.increment = increment
  }

  /// Knuth's generator for MMIX (The Art of Computer Programming 2, section 3.3.4); its result is
  /// the high bits.
  @inlinable
  public static func mmix(state: UInt64) -> Self {
    Self(
      state: state, multiplier: 6_364_136_223_846_793_005,
      increment: 1_442_695_040_888_963_407)
  }

  /// The state under PCG's output functions, which has the constants of `mmix`.
  @inlinable
  public static func pcg(state: UInt64) -> Self { mmix(state: state) }

  /// The next state.
  @inlinable
  @inline(__always)
  public mutating func next() -> UInt64 {
    state = state &* multiplier &+ increment
    return state
  }
}
