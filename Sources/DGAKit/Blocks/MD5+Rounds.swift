// The compression function of MD5 (RFC 1321 section 3.4), written out step by step: a loop over
// tables costs half the speed, and hashing families spend nearly all their time here.

extension MD5 {
  /// Mixes one block of 16 little-endian words into the state.
  @inlinable
  public mutating func absorb(_ block: borrowing InlineArray<16, UInt32>) {
    let before = self
    roundOne(block)
    roundTwo(block)
    roundThree(block)
    roundFour(block)
    a &+= before.a
    b &+= before.b
    c &+= before.c
    d &+= before.d
  }

  /// Round 1 of RFC 1321 section 3.4.
  @inlinable
  @inline(__always)
  mutating func roundOne(_ block: borrowing InlineArray<16, UInt32>) {
    MD5.step1(&a, b, c, d, block[0] &+ 0xd76aa478, 7)
    MD5.step1(&d, a, b, c, block[1] &+ 0xe8c7b756, 12)
    MD5.step1(&c, d, a, b, block[2] &+ 0x242070db, 17)
    MD5.step1(&b, c, d, a, block[3] &+ 0xc1bdceee, 22)
    MD5.step1(&a, b, c, d, block[4] &+ 0xf57c0faf, 7)
    MD5.step1(&d, a, b, c, block[5] &+ 0x4787c62a, 12)
    MD5.step1(&c, d, a, b, block[6] &+ 0xa8304613, 17)
    MD5.step1(&b, c, d, a, block[7] &+ 0xfd469501, 22)
    MD5.step1(&a, b, c, d, block[8] &+ 0x698098d8, 7)
    MD5.step1(&d, a, b, c, block[9] &+ 0x8b44f7af, 12)
    MD5.step1(&c, d, a, b, block[10] &+ 0xffff5bb1, 17)
    MD5.step1(&b, c, d, a, block[11] &+ 0x895cd7be, 22)
    MD5.step1(&a, b, c, d, block[12] &+ 0x6b901122, 7)
    MD5.step1(&d, a, b, c, block[13] &+ 0xfd987193, 12)
    MD5.step1(&c, d, a, b, block[14] &+ 0xa679438e, 17)
    MD5.step1(&b, c, d, a, block[15] &+ 0x49b40821, 22)
  }

  /// Round 2 of RFC 1321 section 3.4.
  @inlinable
  @inline(__always)
  mutating func roundTwo(_ block: borrowing InlineArray<16, UInt32>) {
    MD5.step2(&a, b, c, d, block[1] &+ 0xf61e2562, 5)
    MD5.step2(&d, a, b, c, block[6] &+ 0xc040b340, 9)
    MD5.step2(&c, d, a, b, block[11] &+ 0x265e5a51, 14)
    MD5.step2(&b, c, d, a, block[0] &+ 0xe9b6c7aa, 20)
    MD5.step2(&a, b, c, d, block[5] &+ 0xd62f105d, 5)
    MD5.step2(&d, a, b, c, block[10] &+ 0x02441453, 9)
    MD5.step2(&c, d, a, b, block[15] &+ 0xd8a1e681, 14)
    MD5.step2(&b, c, d, a, block[4] &+ 0xe7d3fbc8, 20)
    MD5.step2(&a, b, c, d, block[9] &+ 0x21e1cde6, 5)
    MD5.step2(&d, a, b, c, block[14] &+ 0xc33707d6, 9)
    MD5.step2(&c, d, a, b, block[3] &+ 0xf4d50d87, 14)
    MD5.step2(&b, c, d, a, block[8] &+ 0x455a14ed, 20)
    MD5.step2(&a, b, c, d, block[13] &+ 0xa9e3e905, 5)
    MD5.step2(&d, a, b, c, block[2] &+ 0xfcefa3f8, 9)
    MD5.step2(&c, d, a, b, block[7] &+ 0x676f02d9, 14)
    MD5.step2(&b, c, d, a, block[12] &+ 0x8d2a4c8a, 20)
  }

  /// Round 3 of RFC 1321 section 3.4.
  @inlinable
  @inline(__always)
  mutating func roundThree(_ block: borrowing InlineArray<16, UInt32>) {
    MD5.step3(&a, b, c, d, block[5] &+ 0xfffa3942, 4)
    MD5.step3(&d, a, b, c, block[8] &+ 0x8771f681, 11)
    MD5.step3(&c, d, a, b, block[11] &+ 0x6d9d6122, 16)
    MD5.step3(&b, c, d, a, block[14] &+ 0xfde5380c, 23)
    MD5.step3(&a, b, c, d, block[1] &+ 0xa4beea44, 4)
    MD5.step3(&d, a, b, c, block[4] &+ 0x4bdecfa9, 11)
    MD5.step3(&c, d, a, b, block[7] &+ 0xf6bb4b60, 16)
    MD5.step3(&b, c, d, a, block[10] &+ 0xbebfbc70, 23)
    MD5.step3(&a, b, c, d, block[13] &+ 0x289b7ec6, 4)
    MD5.step3(&d, a, b, c, block[0] &+ 0xeaa127fa, 11)
    MD5.step3(&c, d, a, b, block[3] &+ 0xd4ef3085, 16)
    MD5.step3(&b, c, d, a, block[6] &+ 0x04881d05, 23)
    MD5.step3(&a, b, c, d, block[9] &+ 0xd9d4d039, 4)
    MD5.step3(&d, a, b, c, block[12] &+ 0xe6db99e5, 11)
    MD5.step3(&c, d, a, b, block[15] &+ 0x1fa27cf8, 16)
    MD5.step3(&b, c, d, a, block[2] &+ 0xc4ac5665, 23)
  }

  /// Round 4 of RFC 1321 section 3.4.
  @inlinable
  @inline(__always)
  mutating func roundFour(_ block: borrowing InlineArray<16, UInt32>) {
    MD5.step4(&a, b, c, d, block[0] &+ 0xf4292244, 6)
    MD5.step4(&d, a, b, c, block[7] &+ 0x432aff97, 10)
    MD5.step4(&c, d, a, b, block[14] &+ 0xab9423a7, 15)
    MD5.step4(&b, c, d, a, block[5] &+ 0xfc93a039, 21)
    MD5.step4(&a, b, c, d, block[12] &+ 0x655b59c3, 6)
    MD5.step4(&d, a, b, c, block[3] &+ 0x8f0ccc92, 10)
    MD5.step4(&c, d, a, b, block[10] &+ 0xffeff47d, 15)
    MD5.step4(&b, c, d, a, block[1] &+ 0x85845dd1, 21)
    MD5.step4(&a, b, c, d, block[8] &+ 0x6fa87e4f, 6)
    MD5.step4(&d, a, b, c, block[15] &+ 0xfe2ce6e0, 10)
    MD5.step4(&c, d, a, b, block[6] &+ 0xa3014314, 15)
    MD5.step4(&b, c, d, a, block[13] &+ 0x4e0811a1, 21)
    MD5.step4(&a, b, c, d, block[4] &+ 0xf7537e82, 6)
    MD5.step4(&d, a, b, c, block[11] &+ 0xbd3af235, 10)
    MD5.step4(&c, d, a, b, block[2] &+ 0x2ad7d2bb, 15)
    MD5.step4(&b, c, d, a, block[9] &+ 0xeb86d391, 21)
  }

  @inlinable
  @inline(__always)
  static func step1(
    _ a: inout UInt32, _ b: UInt32, _ c: UInt32, _ d: UInt32, _ word: UInt32, _ distance: Int
  ) {
    a = b &+ (a &+ (d ^ (b & (c ^ d))) &+ word).rotatedLeft(distance)
  }

  @inlinable
  @inline(__always)
  static func step2(
    _ a: inout UInt32, _ b: UInt32, _ c: UInt32, _ d: UInt32, _ word: UInt32, _ distance: Int
  ) {
    // `(d & b) | (~d & c)`: added in two parts, so that the part without `b`, the value the former
    // step has just made, is ready before it.
    a = b &+ ((a &+ word &+ (~d & c)) &+ (d & b)).rotatedLeft(distance)
  }

  @inlinable
  @inline(__always)
  static func step3(
    _ a: inout UInt32, _ b: UInt32, _ c: UInt32, _ d: UInt32, _ word: UInt32, _ distance: Int
  ) {
    a = b &+ (a &+ (b ^ c ^ d) &+ word).rotatedLeft(distance)
  }

  @inlinable
  @inline(__always)
  static func step4(
    _ a: inout UInt32, _ b: UInt32, _ c: UInt32, _ d: UInt32, _ word: UInt32, _ distance: Int
  ) {
    a = b &+ (a &+ (c ^ (b | ~d)) &+ word).rotatedLeft(distance)
  }
}
