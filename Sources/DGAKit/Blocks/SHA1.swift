/// SHA-1 (FIPS 180-4, RFC 3174), the hash some families take their letters from.
///
/// The value is the digest (or, while hashing, the state) as five big-endian words.
public struct SHA1: Sendable, Hashable {
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

  /// The digest of a message of any length; does not allocate.
  public static func hash(_ message: Span<UInt8>) -> SHA1 {
    var state = SHA1()
    var block = InlineArray<16, UInt32>(repeating: 0)
    var used = 0
    for position in message.indices {
      block[used >> 2] |= UInt32(message[position]) &<< UInt32((~used & 3) * 8)
      used += 1
      if used == 64 {
        state.absorb(block)
        block = InlineArray(repeating: 0)
        used = 0
      }
    }
    block[used >> 2] |= 0x80 &<< UInt32((~used & 3) * 8)
    if used >= 56 {
      state.absorb(block)
      block = InlineArray(repeating: 0)
    }
    let bitCount = UInt64(message.count) &* 8
    block[14] = UInt32(truncatingIfNeeded: bitCount >> 32)
    block[15] = UInt32(truncatingIfNeeded: bitCount)
    state.absorb(block)
    return state
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

  /// The digest's octets in order.
  public var bytes: [UInt8] { (0..<20).map { self[$0] } }
}

// MARK: - The compression function

extension SHA1 {
  /// Mixes one block of 16 big-endian words into the state (FIPS 180-4 section 6.1.2).
  @inlinable
  public mutating func absorb(_ block: InlineArray<16, UInt32>) {
    let before = self
    var words = block
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

// MARK: - Short messages

extension SHA1 {
  /// A message of at most 55 octets, which is one block: the usual case in malware.
  public struct ShortMessage: Sendable {
    @usableFromInline var block: InlineArray<16, UInt32>
    @usableFromInline var length: Int

    /// An empty message.
    @inlinable
    public init() {
      block = InlineArray(repeating: 0)
      length = 0
    }

    /// The number of octets.
    @inlinable
    public var count: Int { length }

    /// Adds an octet; there must be room.
    @inlinable
    @inline(__always)
    public mutating func append(_ byte: UInt8) {
      precondition(length < 55, "a short SHA-1 message has at most 55 octets")
      block[length &>> 2] |= UInt32(byte) &<< UInt32(truncatingIfNeeded: (~length & 3) &* 8)
      length &+= 1
    }

    /// Adds the octets of an integer, lowest first.
    @inlinable
    @inline(__always)
    public mutating func append<Value: FixedWidthInteger>(littleEndian value: Value) {
      var rest = value
      for _ in 0..<Value.bitWidth / 8 {
        append(UInt8(truncatingIfNeeded: rest))
        rest &>>= 8
      }
    }

    /// Adds octets; there must be room.
    @inlinable
    public mutating func append(_ bytes: [UInt8]) {
      for byte in bytes { append(byte) }
    }

    /// The digest of the message.
    @inlinable
    public var digest: SHA1 {
      var padded = block
      padded[length &>> 2] |= 0x80 &<< UInt32(truncatingIfNeeded: (~length & 3) &* 8)
      padded[15] = UInt32(truncatingIfNeeded: length &* 8)
      var state = SHA1()
      state.absorb(padded)
      return state
    }
  }
}
