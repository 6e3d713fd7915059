/// XTEA (Needham and Wheeler, "Tea extensions", 1997): 64-bit blocks, a key of 128 bits.
public struct XTEA: Sendable {
  /// The key, four words.
  public let key: InlineArray<4, UInt32>
  /// The number of rounds, two to a cycle; 64 as published.
  public let roundCount: Int

  @usableFromInline static var delta: UInt32 { 0x9E37_79B9 }

  /// A cipher from a key of four words.
  @inlinable
  public init(key: InlineArray<4, UInt32>, roundCount: Int = 64) {
    self.key = key
    self.roundCount = roundCount
  }

  /// Encrypts a block of two words.
  @inlinable
  public func encrypt(_ block: (UInt32, UInt32)) -> (UInt32, UInt32) {
    var (left, right) = block
    var sum: UInt32 = 0
    for _ in 0..<roundCount / 2 {
      left &+= mixed(right) ^ (sum &+ key[Int(sum & 3)])
      sum &+= XTEA.delta
      right &+= mixed(left) ^ (sum &+ key[Int((sum &>> 11) & 3)])
    }
    return (left, right)
  }

  /// Decrypts a block of two words.
  @inlinable
  public func decrypt(_ block: (UInt32, UInt32)) -> (UInt32, UInt32) {
    var (left, right) = block
    var sum = XTEA.delta &* UInt32(truncatingIfNeeded: roundCount / 2)
    for _ in 0..<roundCount / 2 {
      right &-= mixed(left) ^ (sum &+ key[Int((sum &>> 11) & 3)])
      sum &-= XTEA.delta
      left &-= mixed(right) ^ (sum &+ key[Int(sum & 3)])
    }
    return (left, right)
  }

  @inlinable
  @inline(__always)
  func mixed(_ word: UInt32) -> UInt32 {
    ((word &<< 4) ^ (word &>> 5)) &+ word
  }
}
