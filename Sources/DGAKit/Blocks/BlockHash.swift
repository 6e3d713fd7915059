/// A hash that mixes blocks of 16 words into its state: MD5, SHA-1, SHA-256, SHA-512.
///
/// How octets fill the words and how a message ends is the same for all of them.
public protocol BlockHash: Sendable {
  /// 32 or 64 bits.
  associatedtype Word: FixedWidthInteger & UnsignedInteger & Sendable

  /// Whether a word's first octet is its highest.
  static var isBigEndian: Bool { get }

  /// The number of octets in a digest.
  static var octetCount: Int { get }

  /// The state before the first block.
  init()

  /// Mixes one block into the state.
  mutating func absorb(_ block: borrowing InlineArray<16, Word>)

  /// An octet of the digest.
  subscript(position: Int) -> UInt8 { get }
}

extension BlockHash {
  /// A message of one block: at most 55 octets, or 111 with words of 64 bits.
  public typealias ShortMessage = OneBlockMessage<Self>

  /// The digest of a message of any length; does not allocate.
  @inlinable
  public static func hash(_ message: Span<UInt8>) -> Self {
    var state = Self()
    var block = ShortMessage()
    for position in message.indices {
      block.add(message[position])
      guard block.count == ShortMessage.blockSize else { continue }
      state.absorb(block.words)
      block = ShortMessage()
    }
    block.add(0x80)
    if block.count > ShortMessage.capacity + 1 {
      state.absorb(block.words)
      block = ShortMessage()
    }
    block.setLength(message.count)
    state.absorb(block.words)
    return state
  }

  /// The digest of an array.
  @inlinable
  public static func hash(_ message: [UInt8]) -> Self { hash(message.span) }

  /// A hexadecimal digit of the digest, 0 to 15; the first is number 0.
  @inlinable
  @inline(__always)
  public func nibble(_ place: Int) -> UInt8 {
    let octet = self[place &>> 1]
    return place & 1 == 0 ? octet &>> 4 : octet & 0xF
  }

  /// The digest's octets in order.
  public var bytes: [UInt8] { (0..<Self.octetCount).map { self[$0] } }

  /// The digest in lower-case hexadecimal digits.
  public var hexadecimal: String {
    (0..<2 * Self.octetCount).map { String(nibble($0), radix: 16) }.joined()
  }
}
