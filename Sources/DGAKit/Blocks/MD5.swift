/// MD5 (RFC 1321), the hash most hashing families take their letters from.
///
/// The value is the digest (or, while hashing, the state) as four little-endian words.
public struct MD5: Sendable, Hashable {
  /// Octets 0 to 3 of the digest, little-endian.
  public var a: UInt32
  /// Octets 4 to 7.
  public var b: UInt32
  /// Octets 8 to 11.
  public var c: UInt32
  /// Octets 12 to 15.
  public var d: UInt32

  /// The state before the first block.
  @inlinable
  public init() {
    a = 0x6745_2301
    b = 0xefcd_ab89
    c = 0x98ba_dcfe
    d = 0x1032_5476
  }

  /// The digest of a message of any length; does not allocate.
  public static func hash(_ message: Span<UInt8>) -> MD5 {
    var state = MD5()
    var block = InlineArray<16, UInt32>(repeating: 0)
    var used = 0
    for position in message.indices {
      block[used >> 2] |= UInt32(message[position]) &<< UInt32((used & 3) * 8)
      used += 1
      if used == 64 {
        state.absorb(block)
        block = InlineArray(repeating: 0)
        used = 0
      }
    }
    block[used >> 2] |= 0x80 &<< UInt32((used & 3) * 8)
    if used >= 56 {
      state.absorb(block)
      block = InlineArray(repeating: 0)
    }
    let bitCount = UInt64(message.count) &* 8
    block[14] = UInt32(truncatingIfNeeded: bitCount)
    block[15] = UInt32(truncatingIfNeeded: bitCount >> 32)
    state.absorb(block)
    return state
  }

  /// An octet of the digest, 0 to 15.
  @inlinable
  public subscript(position: Int) -> UInt8 {
    let word =
      switch position &>> 2 {
      case 0: a
      case 1: b
      case 2: c
      default: d
      }
    return UInt8(truncatingIfNeeded: word &>> UInt32(truncatingIfNeeded: (position & 3) &* 8))
  }

  /// The digest's octets in order.
  public var bytes: [UInt8] { (0..<16).map { self[$0] } }
}

// MARK: - Short messages

extension MD5 {
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

    /// Adds an octet; there must be room.
    @inlinable
    @inline(__always)
    public mutating func append(_ byte: UInt8) {
      precondition(length < 55, "a short MD5 message has at most 55 octets")
      block[length &>> 2] |= UInt32(byte) &<< UInt32(truncatingIfNeeded: (length & 3) &* 8)
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
    @inline(__always)
    public var digest: MD5 {
      var padded = block
      padded[length &>> 2] |= 0x80 &<< UInt32(truncatingIfNeeded: (length & 3) &* 8)
      padded[14] = UInt32(truncatingIfNeeded: length &* 8)
      var state = MD5()
      state.absorb(padded)
      return state
    }
  }
}
