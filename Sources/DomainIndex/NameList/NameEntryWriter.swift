import DNSWire
import DataFiles

/// Writes entries into a file, each in its short form, and keeps their checksum.
struct NameEntryWriter: ~Copyable {
  private let file: OutputFile<IndexError>
  private var buffer: [UInt8] = []
  private var previous: [UInt8] = []
  private var hashes: [UInt8] = []
  private var written = 0
  /// Entries so far.
  private(set) var count = 0

  /// Creates the file; its first page stays free for a header.
  init(path: String) throws(IndexError) {
    file = try OutputFile<IndexError>(path: path)
    buffer.reserveCapacity(IndexChecksum.pieceOctets + 2 * NameKey.longest)
  }

  /// Appends a name; keys must come in ascending order.
  mutating func append(_ key: [UInt8], rows: [UInt32]) throws(IndexError) {
    var shared = 0
    let most = min(key.count, previous.count)
    while shared < most, key[shared] == previous[shared] { shared += 1 }
    append(number: shared)
    append(number: key.count - shared)
    buffer += key[shared...]
    append(number: rows.count)
    for row in rows { append(number: Int(row)) }
    previous.replaceSubrange(shared..., with: key[shared...])
    count += 1
    while buffer.count >= IndexChecksum.pieceOctets {
      try writePiece(IndexChecksum.pieceOctets)
    }
  }

  private mutating func append(number: Int) {
    var rest = number
    while rest >= 0x80 {
      buffer.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    buffer.append(UInt8(truncatingIfNeeded: rest))
  }

  /// Writes the oldest octets of the buffer; a piece is what the checksum is made of.
  private mutating func writePiece(_ octets: Int) throws(IndexError) {
    let piece = Array(buffer.prefix(octets))
    buffer.removeFirst(octets)
    hashes.appendLittleEndian(SipHash.hash(piece.span, key: IndexHeader.checksumKey).low)
    try file.write(piece, at: NameListFormat.entriesOffset + written)
    written += piece.count
  }

  /// Ends the entries and leaves the file as it is: a run that is read again soon.
  consuming func endRun() throws(IndexError) -> Int {
    if !buffer.isEmpty { try writePiece(buffer.count) }
    return written
  }

  /// Ends the file with the other sections and the header in front.
  consuming func finish(
    _ header: consuming NameListHeader, rows: [UInt8], generators: [UInt8]
  ) throws(IndexError) {
    if !buffer.isEmpty { try writePiece(buffer.count) }
    header.nameCount = UInt64(count)
    header.checksums[0] = SipHash.hash(hashes.span, key: IndexHeader.checksumKey).low
    header.sections[0] = .init(
      offset: UInt64(NameListFormat.entriesOffset), count: UInt64(written))
    var offset = NameListFormat.entriesOffset + written
    for (index, section) in [rows, generators].enumerated() {
      offset = (offset + 7) / 8 * 8
      header.sections[index + 1] = .init(offset: UInt64(offset), count: UInt64(section.count))
      header.checksums[index + 1] = IndexChecksum.of(section)
      try file.write(section, at: offset)
      offset += section.count
    }
    try file.write(header.encoded(), at: 0)
    try file.finish(size: offset)
  }
}
