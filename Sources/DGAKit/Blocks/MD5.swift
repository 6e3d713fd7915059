/// MD5 (RFC 1321), the hash most hashing families take their letters from.
///
/// The value is the digest (or, while hashing, the state) as four little-endian words.
public struct MD5: BlockHash, Hashable {
  /// Words begin with their lowest octet.
  @inlinable
  public static var isBigEndian: Bool { false }
  /// 128 bits.
  @inlinable
  public static var octetCount: Int { 16 }

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
}
