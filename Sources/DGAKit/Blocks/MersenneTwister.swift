/// MT19937, the 32-bit Mersenne Twister of Matsumoto and Nishimura (2002 seeding).
///
/// Its 624 words are stored inline: a generator that holds one does not allocate.
public struct MersenneTwister: Sendable {
  @usableFromInline var words: InlineArray<624, UInt32>
  @usableFromInline var position: Int

  /// A generator seeded from 32 bits, as `init_genrand` does.
  public init(seed: UInt32) {
    words = InlineArray(repeating: 0)
    position = 624
    var word = seed
    words[0] = word
    for index in 1..<624 {
      word = 1_812_433_253 &* (word ^ (word &>> 30)) &+ UInt32(truncatingIfNeeded: index)
      words[index] = word
    }
  }

  /// The next 32 bits.
  @inlinable
  @inline(__always)
  public mutating func next() -> UInt32 {
    if position >= 624 { refill() }
    var word = words[position]
    position &+= 1
    word ^= word &>> 11
    word ^= (word &<< 7) & 0x9D2C_5680
    word ^= (word &<< 15) & 0xEFC6_0000
    return word ^ (word &>> 18)
  }

  /// Makes the next 624 words.
  @usableFromInline
  mutating func refill() {
    for index in 0..<227 { twist(index, next: index + 1, far: index + 397) }
    for index in 227..<623 { twist(index, next: index + 1, far: index - 227) }
    twist(623, next: 0, far: 396)
    position = 0
  }

  @inline(__always)
  private mutating func twist(_ index: Int, next: Int, far: Int) {
    let joined = (words[index] & 0x8000_0000) | (words[next] & 0x7FFF_FFFF)
    let feedback = joined & 1 == 0 ? 0 : 0x9908_B0DF as UInt32
    words[index] = words[far] ^ (joined &>> 1) ^ feedback
  }
}
