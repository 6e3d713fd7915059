import DNSWire

/// The layout of a name list: the names of one index generation, which the index itself does not keep.
///
/// ```
/// header      4,096 octets: magic, version, counts, section table, checksums
/// entries     one per name in canonical order: octets shared with the key before it, octets added
///             to them and those octets (`NameKey`), then the number of rows and each row
/// rows        24 octets each: generator, validity from, validity to; the same rows as the index's
/// generators  kind and clock, then family, variant and seed as length-prefixed strings
/// ```
/// Numbers within entries are LEB128: 7 bits an octet, lowest first, the high bit says that more
/// follow; all others are 64-bit little-endian. Colliding names are not listed. A name of the usual
/// length takes some 14 octets.
enum NameListFormat {
  /// First octets of every name list.
  static let magic: UInt64 = 0x3173_6d4e_6e6f_6e50  // "PnonNms1"
  /// Version of the layout; a reader accepts only its own.
  static let version: UInt64 = 1
  /// Where the entries begin.
  static let entriesOffset = IndexFormat.pageOctets
}

/// The first page of a name list, decoded.
struct NameListHeader: Equatable {
  /// The sections in file order.
  static let sectionNames = ["entries", "rows", "generators"]

  var generation: UInt64 = 0
  var builtAt: Int64 = 0
  var windowFrom: Int64 = 0
  var windowTo: Int64 = 0
  var nameCount: UInt64 = 0
  var rowCount: UInt64 = 0
  var generatorCount: UInt64 = 0
  var sections = [IndexHeader.Section](repeating: .init(), count: 3)
  var checksums = [UInt64](repeating: 0, count: 3)

  init() {}

  /// The header page; its own checksum stands in the last eight octets.
  func encoded() -> [UInt8] {
    var page: [UInt8] = []
    let words: [UInt64] = [
      NameListFormat.magic, NameListFormat.version, generation, UInt64(bitPattern: builtAt),
      UInt64(bitPattern: windowFrom), UInt64(bitPattern: windowTo), nameCount, rowCount,
      generatorCount,
    ]
    for word in words { page.appendLittleEndian(word) }
    for section in sections {
      page.appendLittleEndian(section.offset)
      page.appendLittleEndian(section.count)
    }
    for checksum in checksums { page.appendLittleEndian(checksum) }
    page += [UInt8](repeating: 0, count: IndexFormat.pageOctets - 8 - page.count)
    page.appendLittleEndian(SipHash.hash(page.span, key: IndexHeader.checksumKey).low)
    return page
  }

  /// Reads and checks a header page.
  init(page: [UInt8], fileSize: Int, path: String) throws(IndexError) {
    func word(_ index: Int) -> UInt64 { page.littleEndianWord(at: index * 8) }
    guard page.count == IndexFormat.pageOctets, word(0) == NameListFormat.magic else {
      throw .notAnIndex(path: path)
    }
    guard word(1) == NameListFormat.version else {
      throw .otherVersion(
        path: path, found: UInt32(truncatingIfNeeded: word(1)),
        expected: UInt32(truncatingIfNeeded: NameListFormat.version))
    }
    let body = Array(page.dropLast(8))
    guard SipHash.hash(body.span, key: IndexHeader.checksumKey).low == word(page.count / 8 - 1)
    else { throw .damaged(path: path, section: "header") }
    generation = word(2)
    builtAt = Int64(bitPattern: word(3))
    windowFrom = Int64(bitPattern: word(4))
    windowTo = Int64(bitPattern: word(5))
    nameCount = word(6)
    rowCount = word(7)
    generatorCount = word(8)
    sections = (0..<3).map { .init(offset: word(9 + 2 * $0), count: word(10 + 2 * $0)) }
    checksums = (0..<3).map { word(15 + $0) }
    try validate(fileSize: UInt64(fileSize), path: path)
  }

  private func validate(fileSize: UInt64, path: String) throws(IndexError) {
    for (index, section) in sections.enumerated() {
      let (end, overflow) = section.offset.addingReportingOverflow(section.count)
      guard !overflow, end <= fileSize, section.offset % 8 == 0 else {
        throw .damaged(path: path, section: Self.sectionNames[index])
      }
    }
    let octets = UInt64(IndexFormat.rowOctets)
    guard sections[1].count / octets == rowCount, sections[1].count % octets == 0,
      nameCount <= fileSize, generatorCount <= fileSize, generatorCount > 0 || rowCount == 0
    else { throw .damaged(path: path, section: "rows") }
  }
}
