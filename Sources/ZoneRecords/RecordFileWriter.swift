import DNSWire
import Glibc

/// Writes a zone's copy beside its place and renames it into place when it is whole.
///
/// Dropped before `finish`, it leaves nothing behind.
public struct RecordFileWriter: ~Copyable {
  /// Octets written so far, about.
  public private(set) var octets = 0
  /// Records written so far.
  public private(set) var recordCount = 0

  private let path: String
  private let temporary: String
  private var descriptor: CInt
  private var buffer: [UInt8] = []
  private var checksum = RecordFileFormat.checksumStart

  /// Starts a copy that will stand at `path`; the SOA record has to be the first one added.
  ///
  /// - Throws: `RecordFileError` if the directory cannot be written to.
  public init(path: String) throws(RecordFileError) {
    self.path = path
    temporary = path + ".new"
    descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o640)
    guard descriptor >= 0 else {
      throw RecordFileError(path: temporary, problem: "cannot be written: error \(errno)")
    }
    buffer.reserveCapacity(RecordFileFormat.bufferOctets * 2)
    buffer += RecordFileFormat.magic + Self.octets(0)
  }

  deinit {
    if descriptor >= 0 {
      close(descriptor)
      _ = unsafe unlink(temporary)
    }
  }

  /// Adds one record.
  public mutating func add(_ record: borrowing ZoneRecord) throws(RecordFileError) {
    let start = buffer.count
    guard (1...Limits.nameOctets).contains(record.owner.count),
      let length = UInt16(exactly: record.rdata.count)
    else { throw RecordFileError(path: temporary, problem: "got a record that is too long") }
    buffer.append(UInt8(truncatingIfNeeded: record.owner.count - 1))
    buffer.append(contentsOf: record.owner)
    append(record.type.rawValue)
    append(record.ttl)
    append(length)
    buffer.append(contentsOf: record.rdata)
    for index in start..<buffer.count {
      checksum = RecordFileFormat.checksum(checksum, buffer[index])
    }
    octets += buffer.count - start
    recordCount += 1
    if buffer.count >= RecordFileFormat.bufferOctets { try flush() }
  }

  /// Ends the copy and puts it into place.
  ///
  /// - Parameter time: when it was known to be current, seconds since 1970, UTC.
  public consuming func finish(checkedAt time: Int64) throws(RecordFileError) {
    let trail = [RecordFileFormat.end] + Self.octets(UInt64(recordCount))
    for octet in trail { checksum = RecordFileFormat.checksum(checksum, octet) }
    buffer += trail + Self.octets(checksum)
    try flush()
    let checked = Self.octets(UInt64(bitPattern: time))
    let written = unsafe checked.withUnsafeBytes { bytes in
      unsafe pwrite(descriptor, bytes.baseAddress, 8, off_t(RecordFileFormat.checkedOffset))
    }
    // On disk before it takes the old copy's place: a power cut leaves one of the two.
    guard written == 8, fsync(descriptor) == 0 else { throw failure() }
    guard unsafe rename(temporary, path) == 0 else { throw failure() }
    close(descriptor)
    descriptor = -1
  }

  private mutating func flush() throws(RecordFileError) {
    var done = 0
    while done < buffer.count {
      let (from, count) = (done, buffer.count - done)
      let written = unsafe buffer.withUnsafeBytes { bytes in
        unsafe write(descriptor, bytes.baseAddress.map { unsafe $0 + from }, count)
      }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { throw failure() }
      done += written
    }
    buffer.removeAll(keepingCapacity: true)
  }

  private func failure() -> RecordFileError {
    RecordFileError(path: temporary, problem: "cannot be written: error \(errno)")
  }

  private mutating func append(_ value: some FixedWidthInteger) {
    for shift in stride(from: value.bitWidth - 8, through: 0, by: -8) {
      buffer.append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }

  static func octets(_ value: UInt64) -> [UInt8] {
    stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: value >> UInt64($0)) }
  }
}
