extension Int {
  /// Hands out the number's decimal text in ASCII, highest digit first: a sign if it is negative,
  /// and at least `width` digits (of at most 19), filled with 0 on the left.
  @inlinable
  @inline(__always)
  public func forEachDecimalCharacter(width: Int = 1, _ body: (UInt8) -> Void) {
    if self < 0 { body(UInt8(ascii: "-")) }
    // No Int has more than 19 digits.
    var digits = InlineArray<19, UInt8>(repeating: UInt8(ascii: "0"))
    var rest = magnitude
    var used = 0
    while rest > 0 {
      digits[used] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
      used &+= 1
    }
    var left = Swift.max(used, width)
    while left > 0 {
      left &-= 1
      body(digits[left])
    }
  }
}

extension UInt8 {
  /// The lower-case hexadecimal digit, in ASCII, for a number from 0 to 15.
  @inlinable
  public var hexadecimalCharacter: UInt8 {
    self < 10 ? UInt8(ascii: "0") &+ self : UInt8(ascii: "a") &- 10 &+ self
  }
}
