// Unsafe: raw offsets into a mapped ring file. Every use of these offsets stays in HitRing*.swift.

/// The layout of a ring file, version 1; all integers are little-endian.
///
/// ```
/// page 0     header
///   0   u64  magic "PONORHIT"
///   8   u32  version          12  u32  stride (octets per record)
///  16   u64  capacity (records)
///  24   u64  identity, first half      32  u64  identity, second half
///  40   u64  checksum of octets 0–39 (FNV-1a, 64 bits)
/// 128   u64  head: records ever appended        (written by the producer only)
/// 136   u64  dropped: records refused when full  (written by the producer only)
/// 256   u64  released: records the producer may overwrite (written by the consumer only)
/// page 1…    capacity × stride octets of records; record p lives in slot p mod capacity
///   0   u64  p + 1, stored last; 0 while the record is being written
///   8   i64  time    16  client (2 × u64)    32  server (2 × u64)
///  48   u64  generation   56  u64  payload
///  64   u16  client port  66  u16  server port  68  u16  qtype
///  70   u8   transport 71 flags 72 action 73 matched offset 74 qname length
///  75   u8   octets of device identity  76 client prefix (0 = whole)  77 1 if there is a relay
///  78   u16  relay port
///  80   …    qname, wire form, at most 255 octets (RFC 1035 §2.3.4)
///           relay address (2 × u64), if there is a relay; then the device identity
/// ```
/// Octets 75 to 79 were zero before there were relays and devices, so that such files read the same.
/// Producer and consumer cells stand in different cache lines, so that neither slows the other.
enum RingFormat {
  static let magic: UInt64 = 0x5449_4852_4F4E_4F50  // "PONORHIT" read as little-endian
  static let version: UInt32 = 1
  static let headerBytes = 4096
  /// Octets per record: 80 fixed + 255 of name, rounded up to whole 64-octet cache lines.
  static let stride = 384
  /// Longest wire-form name (RFC 1035 §2.3.4).
  static let qnameMax = 255

  static let magicAt = 0
  static let versionAt = 8
  static let strideAt = 12
  static let capacityAt = 16
  static let identityAt = 24
  static let checksumAt = 40
  static let headAt = 128
  static let droppedAt = 136
  static let releasedAt = 256

  static let sequenceAt = 0
  static let timeAt = 8
  static let clientAt = 16
  static let serverAt = 32
  static let generationAt = 48
  static let payloadAt = 56
  static let clientPortAt = 64
  static let serverPortAt = 66
  static let qtypeAt = 68
  static let transportAt = 70
  static let flagsAt = 71
  static let actionAt = 72
  static let matchedAt = 73
  static let qnameLengthAt = 74
  static let deviceLengthAt = 75
  static let clientPrefixAt = 76
  static let hasRelayAt = 77
  static let relayPortAt = 78
  static let qnameAt = 80

  static let relayOctets = 16
  /// Longest device identity; behind names of more than 224 octets there is less room, and it is cut.
  static let deviceMax = 64

  /// Whole records that fit in a file of `bytes` octets; at least one.
  static func capacity(bytes: Int) -> Int { max(1, (bytes - headerBytes) / stride) }

  /// Size of a file with room for `capacity` records.
  static func fileBytes(capacity: Int) -> Int { headerBytes + capacity * stride }

  /// FNV-1a, 64 bits (offset basis and prime as published by Fowler, Noll and Vo).
  static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    return hash
  }
}

/// The 128-bit random identity of one ring file: the key of its cursor in the database.
package struct RingIdentity: Hashable, Sendable, CustomStringConvertible {
  /// First half.
  package let high: UInt64
  /// Second half.
  package let low: UInt64

  /// Makes an identity from its two halves.
  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Draws a new identity from the system's random numbers.
  package static func random() -> RingIdentity {
    RingIdentity(high: .random(in: 1...(.max)), low: .random(in: 0...(.max)))
  }

  /// The identity as 32 hexadecimal digits.
  package var description: String { Self.hex(high) + Self.hex(low) }

  private static func hex(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
