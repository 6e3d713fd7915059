import DNSWire

/// The first page of an index file, decoded.
struct IndexHeader: Equatable {
  struct Section: Equatable {
    var offset: UInt64 = 0
    var count: UInt64 = 0
  }

  /// The sections in file order.
  static let sectionNames = ["lines", "payloads", "lists", "rows", "generators"]

  var key = SipHash.Key(low: 0, high: 0)
  var generation: UInt64 = 0
  var builtAt: Int64 = 0
  var windowFrom: Int64 = 0
  var windowTo: Int64 = 0
  var nameCount: UInt64 = 0
  var bucketCount: UInt64 = 0
  var rowCount: UInt64 = 0
  var generatorCount: UInt64 = 0
  var collidingCount: UInt64 = 0
  var depthMask: UInt64 = 0
  var payloadWidth: UInt64 = 0
  var ordinalBits: UInt64 = 0
  var grace: Int64 = 0
  var sections = [Section](repeating: Section(), count: 5)
  var checksums = [UInt64](repeating: 0, count: 5)

  /// Key of the checksums: they detect damage, they do not authenticate, so it is public.
  static let checksumKey = SipHash.Key(low: 0x506f_6e6f_7220_6368, high: 0x6563_6b73_756d_2031)

  /// The header page; its own checksum stands in the last eight octets.
  func encoded() -> [UInt8] {
    var page: [UInt8] = []
    page.appendLittleEndian(IndexFormat.magic)
    page.appendLittleEndian(UInt64(IndexFormat.version))
    for word in words { page.appendLittleEndian(word) }
    for section in sections {
      page.appendLittleEndian(section.offset)
      page.appendLittleEndian(section.count)
    }
    for checksum in checksums { page.appendLittleEndian(checksum) }
    page += [UInt8](repeating: 0, count: IndexFormat.pageOctets - 8 - page.count)
    page.appendLittleEndian(SipHash.hash(page.span, key: Self.checksumKey).low)
    return page
  }

  private var words: [UInt64] {
    [
      key.low, key.high, generation, UInt64(bitPattern: builtAt), UInt64(bitPattern: windowFrom),
      UInt64(bitPattern: windowTo), nameCount, bucketCount, rowCount, generatorCount,
      collidingCount, depthMask, payloadWidth, ordinalBits,
      UInt64(bitPattern: grace),
    ]
  }

  init() {}

  /// Reads and checks a header page.
  init(page: [UInt8], path: String) throws(IndexError) {
    func word(_ index: Int) -> UInt64 { page.littleEndianWord(at: index * 8) }
    guard page.count == IndexFormat.pageOctets, word(0) == IndexFormat.magic else {
      throw .notAnIndex(path: path)
    }
    let version = UInt32(truncatingIfNeeded: word(1))
    guard version == IndexFormat.version else {
      throw .otherVersion(path: path, found: version, expected: IndexFormat.version)
    }
    let body = Array(page.dropLast(8))
    guard SipHash.hash(body.span, key: Self.checksumKey).low == word(page.count / 8 - 1) else {
      throw .damaged(path: path, section: "header")
    }
    key = SipHash.Key(low: word(2), high: word(3))
    generation = word(4)
    builtAt = Int64(bitPattern: word(5))
    windowFrom = Int64(bitPattern: word(6))
    windowTo = Int64(bitPattern: word(7))
    nameCount = word(8)
    bucketCount = word(9)
    rowCount = word(10)
    generatorCount = word(11)
    collidingCount = word(12)
    depthMask = word(13)
    payloadWidth = word(14)
    ordinalBits = word(15)
    grace = Int64(bitPattern: word(16))
    sections = (0..<5).map { Section(offset: word(17 + 2 * $0), count: word(18 + 2 * $0)) }
    checksums = (0..<5).map { word(27 + $0) }
  }

  /// Lines are read as whole cache lines, all else by words of at most 8 octets.
  private static let alignments: [UInt64] = [UInt64(IndexFormat.bucketOctets), 8, 8, 8, 8]

  /// Checks that the sections fit the counts and the file.
  func validate(fileSize: Int, path: String) throws(IndexError) {
    let bound = UInt64(fileSize)
    guard bucketCount >= 1, bucketCount <= UInt64(UInt32.max), (1...8).contains(payloadWidth),
      ordinalBits < 62
    else { throw .damaged(path: path, section: "header") }
    let slots = bucketCount * UInt64(IndexFormat.slotsPerBucket)
    let expected: [UInt64?] = [slots * 8, slots * payloadWidth, nil, nil, nil]
    // A name or a row without a generator leads nowhere.
    guard nameCount <= slots, collidingCount <= nameCount, generatorCount <= bound,
      generatorCount > 0 || rowCount == 0, rowCount > 0 || nameCount == 0
    else { throw .damaged(path: path, section: "header") }
    for (index, section) in sections.enumerated() {
      let (end, overflow) = section.offset.addingReportingOverflow(section.count)
      guard !overflow, end <= bound, section.offset % Self.alignments[index] == 0,
        expected[index].map({ $0 == section.count }) ?? true
      else { throw .damaged(path: path, section: Self.sectionNames[index]) }
    }
    let (rows, rest) = sections[3].count.quotientAndRemainder(
      dividingBy: UInt64(IndexFormat.rowOctets))
    guard rows == rowCount, rest == 0 else {
      throw .damaged(path: path, section: "rows")
    }
  }
}

extension [UInt8] {
  mutating func appendLittleEndian(_ value: UInt64) {
    for shift in stride(from: 0, to: 64, by: 8) {
      append(UInt8(truncatingIfNeeded: value >> UInt64(shift)))
    }
  }

  func littleEndianWord(at offset: Int) -> UInt64 {
    (0..<8).reduce(UInt64(0)) { $0 | UInt64(self[offset + $1]) << UInt64(8 * $1) }
  }
}
