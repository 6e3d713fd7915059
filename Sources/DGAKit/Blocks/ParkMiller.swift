/// The minimal standard generator of Park and Miller (CACM 31, 1988): `16807 * state mod 2^31-1`,
/// computed by Schrage's division.
public struct ParkMiller: Sendable {
  /// The last state.
  @usableFromInline var schrage: Schrage

  /// A generator; `seed` is 1 to 2^31 - 2.
  @inlinable
  public init(seed: UInt32) {
    schrage = Schrage(state: seed)
  }

  /// The next state, 1 to 2^31 - 2.
  @inlinable
  public mutating func next() -> UInt32 {
    let signed = Int32(bitPattern: schrage.next())
    if signed <= 0 { schrage.state &+= 0x7FFF_FFFF }
    return schrage.state
  }
}

/// Schrage's division step of the minimal standard generator **without** its last correction.
///
/// Malware (Ramnit, DirCrypt) leaves out the step that makes a negative result positive, and goes
/// on with the wrapped 32-bit value. That is another sequence than `ParkMiller`.
public struct Schrage: Sendable {
  /// The last state.
  public var state: UInt32

  /// A generator that starts from any state.
  @inlinable
  public init(state: UInt32) {
    self.state = state
  }

  /// The next state.
  @inlinable
  @inline(__always)
  public mutating func next() -> UInt32 {
    let (high, low) = state.quotientAndRemainder(dividingBy: 127_773)
    state = 16_807 &* low &- 2_836 &* high
    return state
  }
}
