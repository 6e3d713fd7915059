/// Marsaglia's xorshift generator of 32 bits (Journal of Statistical Software 8(14), 2003).
///
/// The paper lists 81 triples of distances that give the full period; malware uses the one named
/// in its text, 13, 17 and 5, nearly always. A state of 0 stays 0.
public struct Xorshift32: Sendable {
  /// The last state.
  public var state: UInt32
  /// How far the state is shifted left, right, and left again.
  public let distances: (left: UInt32, right: UInt32, lastLeft: UInt32)

  /// A generator; the distances are those of the paper's text unless given.
  @inlinable
  public init(
    state: UInt32, distances: (left: UInt32, right: UInt32, lastLeft: UInt32) = (13, 17, 5)
  ) {
    self.state = state
    self.distances = distances
  }

  /// The next state.
  @inlinable
  @inline(__always)
  public mutating func next() -> UInt32 {
    state ^= state &<< distances.left
    state ^= state &>> distances.right
    state ^= state &<< distances.lastLeft
    return state
  }
}

/// Marsaglia's xorshift generator of 64 bits, with the distances 13, 7 and 17 unless given.
///
/// A state of 0 stays 0.
public struct Xorshift64: Sendable {
  /// The last state.
  public var state: UInt64
  /// How far the state is shifted left, right, and left again.
  public let distances: (left: UInt64, right: UInt64, lastLeft: UInt64)

  /// A generator; the distances are those of the paper's text unless given.
  @inlinable
  public init(
    state: UInt64, distances: (left: UInt64, right: UInt64, lastLeft: UInt64) = (13, 7, 17)
  ) {
    self.state = state
    self.distances = distances
  }

  /// The next state.
  @inlinable
  @inline(__always)
  public mutating func next() -> UInt64 {
    state ^= state &<< distances.left
    state ^= state &>> distances.right
    state ^= state &<< distances.lastLeft
    return state
  }
}

/// Marsaglia's xorshift generator with four words of 32 bits, `xor128` in the paper.
public struct Xorshift128: Sendable {
  /// The oldest word.
  public var x: UInt32
  /// The second oldest word.
  public var y: UInt32
  /// The third oldest word.
  public var z: UInt32
  /// The newest word, which was drawn last.
  public var w: UInt32

  /// A generator from four words, not all 0; the paper's own unless given.
  @inlinable
  public init(
    x: UInt32 = 123_456_789, y: UInt32 = 362_436_069, z: UInt32 = 521_288_629,
    w: UInt32 = 88_675_123
  ) {
    self.x = x
    self.y = y
    self.z = z
    self.w = w
  }

  /// The next word.
  @inlinable
  @inline(__always)
  public mutating func next() -> UInt32 {
    let mixed = x ^ (x &<< 11)
    (x, y, z) = (y, z, w)
    w = w ^ (w &>> 19) ^ mixed ^ (mixed &>> 8)
    return w
  }
}
