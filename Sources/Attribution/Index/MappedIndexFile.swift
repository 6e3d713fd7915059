// Unsafe code: a mapping is memory the compiler knows nothing of. The pointer stays in this file, and
// each access is checked against the size of its section.
import DNSWire
import Glibc

/// An index file mapped read-only for as long as the object lives.
@safe final class MappedIndexFile: Sendable {
  /// First octet; read-only memory, so it may be shared by all threads.
  private nonisolated(unsafe) let base: UnsafeRawPointer
  let count: Int

  /// Maps the file at `path`.
  init(path: String) throws(SubscriberIndexError) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(operation: "open", path: path, errno: errno) }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      throw .system(operation: "read", path: path, errno: errno)
    }
    count = Int(status.st_size)
    guard count >= SubscriberIndexFormat.pageOctets else { throw .notAnIndex(path: path) }
    guard let address = unsafe mmap(nil, count, PROT_READ, MAP_SHARED, descriptor, 0),
      unsafe address != MAP_FAILED
    else { throw .system(operation: "map", path: path, errno: errno) }
    unsafe base = UnsafeRawPointer(address)
  }

  deinit { unsafe munmap(UnsafeMutableRawPointer(mutating: base), count) }

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
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    return unsafe Array(UnsafeRawBufferPointer(start: base, count: count)[range])
  }

  /// The checksum of some octets.
  func checksum(_ range: Range<Int>) -> UInt64 {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    let all = unsafe UnsafeRawBufferPointer(start: base, count: count)
    return unsafe SectionChecksum.of(UnsafeRawBufferPointer(rebasing: all[range]))
  }
}

/// A section of the file as an array of numbers.
struct MappedColumn<Number: FixedWidthInteger & BitwiseCopyable & Sendable>: Sendable {
  private let file: MappedIndexFile
  private let offset: Int
  let count: Int

  var indices: Range<Int> { 0..<count }

  /// The numbers in `octets` octets from `offset` on; what is left over is not looked at.
  init(_ file: MappedIndexFile, offset: Int, octets: Int) {
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

extension String {
  /// The text of a system error number.
  init(systemError code: Int32) {
    // strerror's buffer is copied at once; the message is for people, so a rare race is harmless.
    self = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
  }
}
