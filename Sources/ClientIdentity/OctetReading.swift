import Addressing
import DNSWire

// Callers have checked the bounds; nothing here allocates.

extension Span where Element == UInt8 {
  /// The 32 bits at `offset`, big-endian.
  func quad(at offset: Int) -> UInt32 {
    UInt32(self[offset]) << 24 | UInt32(self[offset + 1]) << 16 | UInt32(self[offset + 2]) << 8
      | UInt32(self[offset + 3])
  }

  /// Whether the octets of `text` stand at `offset`.
  func holds(_ text: StaticString, at offset: Int) -> Bool {
    guard offset >= 0, offset <= count, count - offset >= text.utf8CodeUnitCount else {
      return false
    }
    return text.withUTF8Buffer { wanted in
      for index in wanted.indices where unsafe wanted[index] != self[offset + index] {
        return false
      }
      return true
    }
  }
}

extension IPAddress {
  /// The IPv4 address in the four octets at `offset`.
  init(fourOctetsOf bytes: Span<UInt8>, at offset: Int) {
    self.init(ipv4: bytes.quad(at: offset))
  }

  /// The address in the 16 octets at `offset`.
  init(sixteenOctetsOf bytes: Span<UInt8>, at offset: Int) {
    self.init(high: bytes.doubleWord(at: offset), low: bytes.doubleWord(at: offset + 8))
  }
}
