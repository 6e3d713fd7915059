/// A message short enough for one block of its hash: the usual case in malware.
///
/// Filled octet by octet, without allocating. Models call it `MD5.ShortMessage` and the like.
public struct OneBlockMessage<Hash: BlockHash>: Sendable {
  @usableFromInline var words: InlineArray<16, Hash.Word>
  @usableFromInline var length: Int

  /// An empty message.
  @inlinable
  @inline(__always)
  public init() {
    words = InlineArray(repeating: 0)
    length = 0
  }

  /// The number of octets.
  @inlinable
  public var count: Int { length }

  /// The most octets of a message: a block ends in an octet 0x80 and a length of two words.
  @inlinable
  public static var capacity: Int { blockSize &- 1 &- Hash.Word.bitWidth / 4 }

  /// Adds an octet; there must be room.
  @inlinable
  @inline(__always)
  public mutating func append(_ byte: UInt8) {
    precondition(length < Self.capacity, "a short message must leave room for its length")
    add(byte)
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

  /// Adds a number in decimal: a sign if it is negative, and at least `width` digits.
  @inlinable
  public mutating func append(decimal number: Int, width: Int = 1) {
    number.forEachDecimalCharacter(width: width) { append($0) }
  }

  /// Adds octets; there must be room.
  @inlinable
  public mutating func append(_ bytes: [UInt8]) {
    for byte in bytes { append(byte) }
  }

  /// The digest of the message.
  @inlinable
  @inline(__always)
  public var digest: Hash {
    var last = self
    last.add(0x80)
    last.setLength(length)
    var state = Hash()
    state.absorb(last.words)
    return state
  }
}

// MARK: - Blocks

extension OneBlockMessage {
  /// The octets of 16 words.
  @inlinable
  static var blockSize: Int { Hash.Word.bitWidth &* 2 }

  /// Adds an octet, up to a full block.
  @inlinable
  @inline(__always)
  mutating func add(_ byte: UInt8) {
    let wordSize = Hash.Word.bitWidth / 8
    let octet = (Hash.isBigEndian ? ~length : length) & (wordSize &- 1)
    words[length / wordSize] |=
      Hash.Word(truncatingIfNeeded: byte) &<< Hash.Word(truncatingIfNeeded: octet &* 8)
    length &+= 1
  }

  /// Ends the last block with the length in bits of the whole message.
  @inlinable
  @inline(__always)
  mutating func setLength(_ octetCount: Int) {
    let low = Hash.Word(truncatingIfNeeded: octetCount &<< 3)
    let high = Hash.Word(truncatingIfNeeded: octetCount &>> (Hash.Word.bitWidth &- 3))
    words[14] = Hash.isBigEndian ? high : low
    words[15] = Hash.isBigEndian ? low : high
  }
}
