/// `random` (and `rand`) of the GNU C library: the additive feedback generator of degree 31,
/// `TYPE_3`, which programs get unless they ask for another.
///
/// `r[n] = r[n-3] + r[n-31]`, of which the lowest bit is dropped; the first 31 words come from the
/// minimal standard generator, and 310 results are thrown away (glibc, `stdlib/random_r.c`).
public struct GlibcRandom: Sendable {
  @usableFromInline var words: InlineArray<31, UInt32>
  /// Where the oldest word lies, `r[n-31]`.
  @usableFromInline var position: Int

  /// A generator seeded as `srandom(seed)` and `srand(seed)` do; 0 counts as 1.
  public init(seed: UInt32) {
    words = InlineArray(repeating: 0)
    // The library starts at the fourth word, which it adds the first one to.
    position = 3
    var word = Int32(bitPattern: seed == 0 ? 1 : seed)
    words[0] = UInt32(bitPattern: word)
    for index in 1..<31 {
      // Signed and truncating: a seed above 2^31 makes the first words negative.
      let (high, low) = word.quotientAndRemainder(dividingBy: 127_773)
      word = 16_807 &* low &- 2_836 &* high
      if word < 0 { word &+= 0x7FFF_FFFF }
      words[index] = UInt32(bitPattern: word)
    }
    for _ in 0..<310 { _ = next() }
  }

  /// The next result, 0 to 2^31 - 1.
  @inlinable
  @inline(__always)
  public mutating func next() -> UInt32 {
    let near = position >= 3 ? position &- 3 : position &+ 28
    words[position] &+= words[near]
    let result = words[position] &>> 1
    position = position == 30 ? 0 : position &+ 1
    return result
  }
}
