/// CRC-32 as in ISO 3309, zlib and Ethernet: reflected, polynomial 0x04C11DB7.
public struct CRC32: Sendable {
  /// The register, before the final inversion.
  private var register: UInt32 = .max

  /// A checksum of nothing yet.
  public init() {}

  /// Takes in one octet.
  public mutating func append(_ byte: UInt8) {
    register ^= UInt32(byte)
    for _ in 0..<8 {
      register = (register &>> 1) ^ (register & 1 == 0 ? 0 : 0xEDB8_8320)
    }
  }

  /// Takes in the UTF-8 octets of a text.
  public mutating func append(text: String) {
    for byte in text.utf8 { append(byte) }
  }

  /// The checksum of what was taken in.
  public var value: UInt32 { ~register }
}
