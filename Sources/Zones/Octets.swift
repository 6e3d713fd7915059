import DNSWire

extension [UInt8] {
  /// The 16 bits at `offset`, big-endian.
  func big16(at offset: Int) -> UInt16 {
    UInt16(self[offset]) << 8 | UInt16(self[offset + 1])
  }

  /// The 32 bits at `offset`, big-endian.
  func big32(at offset: Int) -> UInt32 {
    UInt32(big16(at: offset)) << 16 | UInt32(big16(at: offset + 2))
  }

  /// Appends an integer, big-endian.
  mutating func append(big value: some FixedWidthInteger) {
    for shift in stride(from: value.bitWidth - 8, through: 0, by: -8) {
      append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }
}
