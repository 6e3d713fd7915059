/// SipHash-2-4 with 64 bits of output over a few words, as server cookies use it.
///
/// Another function than `SipHash`, of which only the rounds are the same: cookies are made and
/// checked by several servers, which must all use the one that RFC 9018 §4.4 names.
public struct SipHash24: Sendable {
  private var state: SipState

  /// Starts with a key, given as two little-endian words.
  public init(low: UInt64, high: UInt64) { state = SipState(low: low, high: high) }

  /// Takes in eight octets, little-endian.
  public mutating func add(_ word: UInt64) {
    state.v3 ^= word
    state.round()
    state.round()
    state.v0 ^= word
  }

  /// Takes in the rest, less than eight octets, and ends.
  ///
  /// - Parameter length: octets of the whole input.
  public mutating func finish(rest: UInt64, length: Int) -> UInt64 {
    add(rest | UInt64(truncatingIfNeeded: length) << 56)
    state.v2 ^= 0xff
    for _ in 0..<4 { state.round() }
    return state.folded
  }
}
