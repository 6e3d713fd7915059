public import DNSWire
import Glibc

// The copy of a zone on disk: a header, the records, and at the end a count and a checksum.
//
//   octets      meaning (integers big-endian)
//   8           "PONZONE1"
//   8           last time the copy was known to be current, seconds since 1970, UTC; written again
//               in place, so it is not part of the checksum
//   record      the SOA record
//   record …    all others
//   1           0xFF: no record starts with it, as an owner has at most 255 octets but one less here
//   8           number of records, the SOA included
//   8           checksum of everything from the SOA record up to here (FNV-1a, 64 bits)
//
// A record is: octets of the owner − 1 (1), owner, type (2), TTL (4), octets of data (2), data.

/// Why a record file cannot be used.
public struct RecordFileError: Error, Equatable, CustomStringConvertible {
  /// The file.
  public let path: String
  /// What is wrong.
  public let problem: String

  /// One line: where, what and what to do.
  public var description: String {
    "\(path): \(problem); remove the file, the zone is transferred again"
  }
}

/// Layout of a record file.
enum RecordFileFormat {
  static let magic = Array("PONZONE1".utf8)
  static let checkedOffset = 8
  static let headOctets = 16
  /// Takes the place of an owner's length behind the last record.
  static let end: UInt8 = 0xFF
  static let trailOctets = 16
  static let bufferOctets = 1 << 16

  /// FNV-1a (draft-eastlake-fnv): finds damage, not forgery; the directory is the operator's own.
  static let checksumStart: UInt64 = 0xCBF2_9CE4_8422_2325

  static func checksum(_ sum: UInt64, _ octet: UInt8) -> UInt64 {
    (sum ^ UInt64(octet)) &* 0x0000_0100_0000_01B3
  }
}

/// A zone's copy on disk, as one version of the zone.
///
/// The open descriptor keeps the version readable when a newer one is renamed over it.
public final class RecordFile: ZoneContent {
  /// Path it was opened by.
  public let path: String
  /// The name of the zone.
  public let apex: Name
  /// Its SOA record.
  public let soa: ZoneRecord
  /// Records in the file, the SOA record included.
  public let recordCount: Int
  let descriptor: CInt

  /// Opens and checks a whole file.
  ///
  /// - Throws: `RecordFileError` if it is not there, damaged, or of another zone.
  public init(path: String, apex: Name) throws(RecordFileError) {
    self.path = path
    self.apex = apex
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw RecordFileError(path: path, problem: "cannot be opened: error \(errno)")
    }
    var cursor = RecordFileCursor(descriptor: descriptor, path: path)
    var record = ZoneRecord()
    do throws(RecordFileError) {
      guard try cursor.next(&record), record.type == .soa, record.soa != nil,
        (try? Name(wire: record.owner)) == apex
      else { throw RecordFileError(path: path, problem: "does not start with the zone's SOA") }
      soa = record
      while try cursor.next(&record) {}
    } catch {
      close(descriptor)
      throw error
    }
    recordCount = cursor.recordCount
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// A cursor at the first record.
  public func makeCursor() throws -> any RecordCursor {
    var cursor = RecordFileCursor(descriptor: descriptor, path: path, owner: self)
    var soa = ZoneRecord()
    _ = try cursor.next(&soa)
    return cursor
  }

  /// When the copy was last known to be current, seconds since 1970, UTC.
  public var checkedAt: Int64 {
    var octets = [UInt8](repeating: 0, count: 8)
    let got = unsafe octets.withUnsafeMutableBytes { buffer in
      unsafe pread(descriptor, buffer.baseAddress, 8, off_t(RecordFileFormat.checkedOffset))
    }
    guard got == 8 else { return 0 }
    return Int64(bitPattern: octets.reduce(0) { $0 << 8 | UInt64($1) })
  }

  /// Notes in the file at `path` that the copy was current at `time`, seconds since 1970, UTC.
  public static func noteChecked(path: String, at time: Int64) {
    let descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    let octets = RecordFileWriter.octets(UInt64(bitPattern: time))
    // A failure costs nothing but an earlier check after the next start.
    _ = unsafe octets.withUnsafeBytes { buffer in
      unsafe pwrite(descriptor, buffer.baseAddress, 8, off_t(RecordFileFormat.checkedOffset))
    }
  }
}

/// Walks a record file through a buffer of fixed size.
struct RecordFileCursor: RecordCursor {
  private let descriptor: CInt
  private let path: String
  /// Keeps the descriptor open.
  private let owner: RecordFile?
  private var buffer: [UInt8] = []
  private var position = 0
  private var fileOffset: Int64 = 0
  private var checksum = RecordFileFormat.checksumStart
  private(set) var recordCount = 0
  private var isAtEnd = false

  init(descriptor: CInt, path: String, owner: RecordFile? = nil) {
    self.descriptor = descriptor
    self.path = path
    self.owner = owner
  }

  mutating func next(_ record: inout ZoneRecord) throws(RecordFileError) -> Bool {
    if isAtEnd { return false }
    if fileOffset == 0 { try readHead() }
    let length = try octet()
    if length == RecordFileFormat.end {
      try readTrail()
      isAtEnd = true
      return false
    }
    try read(Int(length) + 1, into: &record.owner)
    record.type = RRType(rawValue: UInt16(try number(2)))
    record.ttl = UInt32(try number(4))
    try read(Int(try number(2)), into: &record.rdata)
    recordCount += 1
    return true
  }

  private mutating func readHead() throws(RecordFileError) {
    var head: [UInt8] = []
    try read(RecordFileFormat.headOctets, into: &head)
    guard head.starts(with: RecordFileFormat.magic) else {
      throw RecordFileError(path: path, problem: "is no copy of a zone of this version")
    }
    checksum = RecordFileFormat.checksumStart
  }

  private mutating func readTrail() throws(RecordFileError) {
    let count = try number(8)
    let expected = checksum
    guard try number(8) == expected, count == UInt64(recordCount) else {
      throw RecordFileError(path: path, problem: "is damaged (checksum)")
    }
  }

  // MARK: Octets

  private mutating func octet() throws(RecordFileError) -> UInt8 {
    if position == buffer.count { try fill() }
    let value = buffer[position]
    position += 1
    checksum = RecordFileFormat.checksum(checksum, value)
    return value
  }

  private mutating func number(_ octets: Int) throws(RecordFileError) -> UInt64 {
    var value: UInt64 = 0
    for _ in 0..<octets { value = value << 8 | UInt64(try octet()) }
    return value
  }

  private mutating func read(
    _ count: Int, into target: inout [UInt8]
  ) throws(RecordFileError) {
    target.removeAll(keepingCapacity: true)
    for _ in 0..<count { target.append(try octet()) }
  }

  private mutating func fill() throws(RecordFileError) {
    let size = RecordFileFormat.bufferOctets
    let offset = fileOffset
    let fd = descriptor
    unsafe buffer = [UInt8](unsafeUninitializedCapacity: size) { target, used in
      var got = -1
      repeat {
        got = unsafe pread(fd, target.baseAddress, size, off_t(offset))
      } while got < 0 && errno == EINTR
      used = max(got, 0)
    }
    guard !buffer.isEmpty else {
      throw RecordFileError(path: path, problem: "ends too early")
    }
    fileOffset += Int64(buffer.count)
    position = 0
  }
}
