/// SHA-1 (FIPS 180-4, RFC 3174), the hash some families take their letters from.
///
/// The value is the digest (or, while hashing, the state) as five big-endian words.
public struct SHA1: BlockHash, Hashable {
  /// Words begin with their highest octet.
  @inlinable
  public static var isBigEndian: Bool { true }
  /// 160 bits.
  @inlinable
  public static var octetCount: Int { 20 }

  /// Octets 0 to 3 of the digest, big-endian.
  public var a: UInt32
  /// Octets 4 to 7.
  public var b: UInt32
  /// Octets 8 to 11.
  public var c: UInt32
  /// Octets 12 to 15.
  public var d: UInt32
  /// Octets 16 to 19.
  public var e: UInt32

  /// The state before the first block.
  @inlinable
  public init() {
    a = 0x6745_2301
    b = 0xefcd_ab89
    c = 0x98ba_dcfe
    d = 0x1032_5476
    e = 0xc3d2_e1f0
  }

  /// An octet of the digest, 0 to 19.
  @inlinable
  public subscript(position: Int) -> UInt8 {
    let word =
      switch position &>> 2 {
      case 0: a
      case 1: b
      case 2: c
      case 3: d
      default: e
      }
    return UInt8(truncatingIfNeeded: word &>> UInt32(truncatingIfNeeded: (~position & 3) &* 8))
  }
}

// MARK: - The compression function

extension SHA1 {
  /// Mixes one block of 16 big-endian words into the state (FIPS 180-4 section 6.1.2).
  @inlinable
  public mutating func absorb(_ block: borrowing InlineArray<16, UInt32>) {
    let before = self
    var words = copy block
    mix(&words, steps: 0, constant: 0x5a82_7999) { $2 ^ ($0 & ($1 ^ $2)) }
    mix(&words, steps: 20, constant: 0x6ed9_eba1) { $0 ^ $1 ^ $2 }
    mix(&words, steps: 40, constant: 0x8f1b_bcdc) { ($0 & $1) &+ ($2 & ($0 ^ $1)) }
    mix(&words, steps: 60, constant: 0xca62_c1d6) { $0 ^ $1 ^ $2 }
    a &+= before.a
    b &+= before.b
    c &+= before.c
    d &+= before.d
    e &+= before.e
  }

  /// Twenty steps with the same function and constant.
  ///
  /// Five at a time, so that the words change their roles instead of being moved.
  @inlinable
  @inline(__always)
  mutating func mix(
    _ words: inout InlineArray<16, UInt32>, steps first: Int, constant: UInt32,
    _ choose: (UInt32, UInt32, UInt32) -> UInt32
  ) {
    for place in stride(from: first, to: first + 20, by: 5) {
      SHA1.step(a, &b, choose(b, c, d), &e, SHA1.word(place, &words) &+ constant)
      SHA1.step(e, &a, choose(a, b, c), &d, SHA1.word(place &+ 1, &words) &+ constant)
      SHA1.step(d, &e, choose(e, a, b), &c, SHA1.word(place &+ 2, &words) &+ constant)
      SHA1.step(c, &d, choose(d, e, a), &b, SHA1.word(place &+ 3, &words) &+ constant)
      SHA1.step(b, &c, choose(c, d, e), &a, SHA1.word(place &+ 4, &words) &+ constant)
    }
  }

  @inlinable
  @inline(__always)
  static func step(
    _ a: UInt32, _ b: inout UInt32, _ chosen: UInt32, _ e: inout UInt32, _ word: UInt32
  ) {
    e = (e &+ word &+ chosen) &+ a.rotatedLeft(5)
    b = b.rotatedLeft(30)
  }

  /// A word of the message schedule, of which only the last 16 are kept.
  @inlinable
  @inline(__always)
  static func word(_ place: Int, _ words: inout InlineArray<16, UInt32>) -> UInt32 {
    guard place >= 16 else { return words[place & 15] }
    let mixed =
      words[(place &+ 13) & 15] ^ words[(place &+ 8) & 15] ^ words[(place &+ 2) & 15]
      ^ words[place & 15]
    words[place & 15] = mixed.rotatedLeft(1)
    return words[place & 15]
  }
}
