import DNSWire

/// The checksum of a section: SipHash over the hashes of its one-MiB pieces.
///
/// Pieces keep the work divisible between cores should files ever grow that far.
enum IndexChecksum {
  static let pieceOctets = 1 << 20

  static func of(_ octets: UnsafeRawBufferPointer) -> UInt64 {
    var hashes: [UInt8] = []
    var start = 0
    while start < octets.count {
      let length = min(pieceOctets, octets.count - start)
      let piece = unsafe UnsafeRawBufferPointer(rebasing: octets[start..<start + length])
      let span = unsafe Span<UInt8>(_unsafeElements: piece.assumingMemoryBound(to: UInt8.self))
      hashes.appendLittleEndian(SipHash.hash(span, key: IndexHeader.checksumKey).low)
      start += length
    }
    return SipHash.hash(hashes.span, key: IndexHeader.checksumKey).low
  }

  static func of(_ octets: [UInt8]) -> UInt64 {
    unsafe octets.withUnsafeBytes { unsafe of($0) }
  }
}
