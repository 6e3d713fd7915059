// Unsafe code: a mapping is memory the compiler knows nothing of. Each access is checked against the
// size of the file, and each section against its own.
import DNSWire
import DataFiles

extension MappedFile {
  /// The number at an offset.
  @inline(__always)
  func number<Number: FixedWidthInteger & BitwiseCopyable>(
    at offset: Int, as type: Number.Type
  ) -> Number {
    precondition(offset >= 0 && offset <= count - MemoryLayout<Number>.size)
    return unsafe Number(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: type))
  }

  /// A copy of some octets.
  func octets(_ range: Range<Int>) -> [UInt8] {
    unsafe Array(octets(range.lowerBound, range.count))
  }

  /// The checksum of some octets.
  func checksum(_ range: Range<Int>) -> UInt64 {
    unsafe SectionChecksum.of(octets(range.lowerBound, range.count))
  }
}

/// A section of the file as an array of numbers.
struct MappedColumn<Number: FixedWidthInteger & BitwiseCopyable & Sendable>: Sendable {
  private let file: MappedFile
  private let offset: Int
  let count: Int

  var indices: Range<Int> { 0..<count }

  /// The numbers in `octets` octets from `offset` on; what is left over is not looked at.
  init(_ file: MappedFile, offset: Int, octets: Int) {
    self.file = file
    self.offset = offset
    count = octets / MemoryLayout<Number>.size
  }

  @inline(__always)
  subscript(index: Int) -> Number {
    precondition(index >= 0 && index < count)
    return file.number(at: offset + index * MemoryLayout<Number>.size, as: Number.self)
  }
}

/// The checksum of a section: SipHash with a fixed key, against damage, not against forgery.
enum SectionChecksum {
  private static let key = SipHash.Key(low: 0x506f_6e6f_7220_7375, high: 0x6273_6372_6962_6572)

  static func of(_ octets: UnsafeRawBufferPointer) -> UInt64 {
    let span = unsafe Span<UInt8>(_unsafeElements: octets.assumingMemoryBound(to: UInt8.self))
    return SipHash.hash(span, key: key).low
  }

  static func of(_ octets: [UInt8]) -> UInt64 { SipHash.hash(octets.span, key: key).low }
}
