import CPrefetch
public import DNSWire
import DataFiles

/// A mapped index: which names malware asks for, and where each comes from.
///
/// Immutable and shared by all threads; a new generation is a new value. See `IndexFormat` for the
/// layout. Lookups do not allocate, lock or call the system.
@safe public final class DomainIndex: Sendable {
  /// Path of the file.
  public let path: String
  /// Secret of the name hash.
  public let key: SipHash.Key
  /// Number of this generation: microseconds since 1970 at the time of the build.
  public let generation: UInt64
  /// When it was built, unix seconds.
  public let builtAt: Int64
  /// Start of the window of days it covers, unix seconds.
  public let windowFrom: Int64
  /// End of that window, exclusive, unix seconds.
  public let windowTo: Int64
  /// Seconds by which the rows were widened on both sides for clocks that are wrong.
  public let grace: Int64
  /// Distinct names.
  public let nameCount: Int
  /// Of those, names that are recorded only.
  public let collidingCount: Int
  /// Rows (generator × period).
  public let rowCount: Int
  /// The generators, in the order rows refer to them.
  public let generators: [IndexGenerator]
  /// Size of the file in octets.
  public let fileSize: Int
  /// Bit n is set when a name of n labels is listed.
  public let depthMask: UInt64

  private let file: MappedFile
  private let bucketCount: Int
  private let payloadWidth: Int
  private let ordinalBits: UInt64
  /// Mapped, read-only memory that lives as long as `file`: safe to share.
  private nonisolated(unsafe) let lines: UnsafePointer<SIMD8<UInt64>>
  private nonisolated(unsafe) let payloads: UnsafeRawPointer
  private let lists: (offset: Int, count: Int)
  private let rowsOffset: Int

  /// Opens and maps the file at `path`.
  ///
  /// - Parameter verify: whether every section's checksum is computed (about 1 ms per 3 MB);
  ///   otherwise only header, rows and generators are.
  /// - Throws: `IndexError` saying what is wrong with the file.
  public init(path: String, verify: Bool = true) throws(IndexError) {
    let file = try MappedFile(
      path: path, atLeast: IndexFormat.pageOctets, throwing: IndexError.self)
    let page = unsafe [UInt8](file.octets(0, IndexFormat.pageOctets))
    let header = try IndexHeader(page: page, path: path)
    try header.validate(fileSize: file.count, path: path)
    try Self.check(file, header, sections: verify ? 0..<5 : 2..<5, path: path)
    self.path = path
    self.file = file
    key = header.key
    generation = header.generation
    builtAt = header.builtAt
    windowFrom = header.windowFrom
    windowTo = header.windowTo
    grace = header.grace
    nameCount = Int(header.nameCount)
    collidingCount = Int(header.collidingCount)
    rowCount = Int(header.rowCount)
    fileSize = file.count
    depthMask = header.depthMask
    bucketCount = Int(header.bucketCount)
    payloadWidth = Int(header.payloadWidth)
    ordinalBits = header.ordinalBits
    let sections = header.sections.map { (offset: Int($0.offset), count: Int($0.count)) }
    unsafe lines = (file.base + sections[0].offset).assumingMemoryBound(to: SIMD8<UInt64>.self)
    unsafe payloads = file.base + sections[1].offset
    lists = sections[2]
    rowsOffset = sections[3].offset
    let names = unsafe [UInt8](file.octets(sections[4].offset, sections[4].count))
    guard let decoded = GeneratorTable.decode(names), decoded.count == Int(header.generatorCount)
    else { throw .damaged(path: path, section: "generators") }
    generators = decoded
  }

  private static func check(
    _ file: MappedFile, _ header: IndexHeader, sections: Range<Int>, path: String
  ) throws(IndexError) {
    for index in sections {
      let section = header.sections[index]
      let octets = unsafe file.octets(Int(section.offset), Int(section.count))
      let found = unsafe IndexChecksum.of(octets)
      guard found == header.checksums[index] else {
        throw .damaged(path: path, section: IndexHeader.sectionNames[index])
      }
    }
  }

  // MARK: - Looking up

  /// Finds a name by its hash under `key`.
  ///
  /// - Returns: the payload to be given to `origins(of:)` and the like, nil if the name is not
  ///   listed.
  @inline(__always)
  public func find(_ hash: SipHash.Value) -> UInt64? {
    let position = IndexPosition(hash, bucketCount: bucketCount)
    let line = unsafe lines[position.first]
    if let slot = Self.slot(of: position.fingerprint, in: line) {
      return payload(bucket: position.first, slot: slot)
    }
    guard line[position.tag >> 1] >> UInt64(position.tag & 1) & 1 == 1 else { return nil }
    let other = unsafe lines[position.second]
    return Self.slot(of: position.fingerprint, in: other)
      .map { payload(bucket: position.second, slot: $0) }
  }

  @inline(__always)
  private static func slot(of fingerprint: UInt64, in line: SIMD8<UInt64>) -> Int? {
    for slot in 0..<IndexFormat.slotsPerBucket where line[slot] >> 2 == fingerprint { return slot }
    return nil
  }

  private func payload(bucket: Int, slot: Int) -> UInt64 {
    let start = (bucket * IndexFormat.slotsPerBucket + slot) * payloadWidth
    var value: UInt64 = 0
    for index in 0..<payloadWidth {
      unsafe value |=
        UInt64(payloads.load(fromByteOffset: start + index, as: UInt8.self))
        << UInt64(8 * index)
    }
    return value
  }

  /// Finds the longest listed suffix of a name.
  ///
  /// - Returns: the payload, and the offset in the name where the listed name starts.
  @inline(__always)
  public func match(_ name: borrowing NameBuffer) -> (payload: UInt64, offset: Int)? {
    // Only depths at which something is listed are hashed, so most names cost two probes.
    let deepest = UInt64(truncatingIfNeeded: min(name.labelCount, IndexFormat.deepestName))
    var depths = depthMask & (.max >> (63 - deepest))
    var next = probe(name, &depths)
    while let (hash, offset) = next {
      // Its line is fetched while this one is waited for.
      next = probe(name, &depths)
      if let payload = find(hash) { return (payload, offset) }
    }
    return nil
  }

  /// Takes the greatest of `depths`: the hash of the name's last labels, whose line is on its way
  /// then, and where they start.
  @inline(__always)
  private func probe(
    _ name: borrowing NameBuffer, _ depths: inout UInt64
  ) -> (hash: SipHash.Value, offset: Int)? {
    guard depths != 0 else { return nil }
    let depth = 63 - depths.leadingZeroBitCount
    depths &= ~(1 << UInt64(depth))
    let offset = name.labelOffset(name.labelCount - depth)
    let hash = SipHash.hash(name.canonicalBytes, from: offset, key: key)
    unsafe ponor_prefetch(lines + IndexPosition(hash, bucketCount: bucketCount).first)
    return (hash, offset)
  }

  /// Finds a whole name.
  public func find(_ name: Name) -> UInt64? {
    find(SipHash.hash(name.canonical.span, key: key))
  }

  // MARK: - Reading payloads

  /// Whether the name is recorded only, never swallowed.
  @inline(__always)
  public func isColliding(_ payload: UInt64) -> Bool { payload & IndexFormat.isColliding != 0 }

  /// The first generator of a name, for the action of its family.
  @inline(__always)
  public func firstGenerator(of payload: UInt64) -> Int {
    let row = isListPayload(payload) ? listOrigin(payload, 0).row : directOrigin(payload).row
    return generatorOfRow(row)
  }

  private func isListPayload(_ payload: UInt64) -> Bool { payload & IndexFormat.isList != 0 }

  /// How many (generator, period) rows a name belongs to; 0 for a payload that is not of this index.
  ///
  /// Hit rings keep payloads across a crash, so any may come: what leads out of the lists has no
  /// origin, instead of billions.
  public func originCount(of payload: UInt64) -> Int {
    guard isListPayload(payload) else { return directOrigin(payload).row < rowCount ? 1 : 0 }
    guard rowCount > 0 else { return 0 }
    let start = Int(payload >> UInt64(IndexFormat.payloadFlagBits))
    let count = Int(listWord(start))
    return count <= (lists.count / 4 - start - 1) / 2 ? count : 0
  }

  /// The only origin of a name; nil when it has several or the payload is not of this index.
  public func onlyOrigin(of payload: UInt64) -> IndexOrigin? {
    isListPayload(payload) || originCount(of: payload) == 0 ? nil : directOrigin(payload)
  }

  /// The origin number `index` of a name.
  public func origin(of payload: UInt64, _ index: Int) -> IndexOrigin {
    isListPayload(payload) ? listOrigin(payload, index) : directOrigin(payload)
  }

  /// All origins of a name.
  public func origins(of payload: UInt64) -> [IndexOrigin] {
    (0..<originCount(of: payload)).map { origin(of: payload, $0) }
  }

  private func directOrigin(_ payload: UInt64) -> IndexOrigin {
    let bits = payload >> UInt64(IndexFormat.payloadFlagBits)
    return IndexOrigin(
      row: Int(bits >> ordinalBits), ordinal: Int(bits & ((1 << ordinalBits) - 1)))
  }

  private func listOrigin(_ payload: UInt64, _ index: Int) -> IndexOrigin {
    let start = Int(payload >> UInt64(IndexFormat.payloadFlagBits))
    return IndexOrigin(
      row: Int(listWord(start + 1 + 2 * index)), ordinal: Int(listWord(start + 2 + 2 * index)))
  }

  /// Word `index` of the list section; 0 outside of it, which a checked file never asks for.
  private func listWord(_ index: Int) -> UInt32 {
    guard index >= 0, index < lists.count / 4 else { return 0 }
    return unsafe UInt32(
      littleEndian: (file.base + lists.offset).load(fromByteOffset: index * 4, as: UInt32.self))
  }

  /// Row `index`; a row out of range (an unverified, damaged file) gives generator 0, never valid.
  public func row(_ index: Int) -> IndexRow {
    guard index >= 0, index < rowCount else {
      return IndexRow(generator: 0, validFrom: 0, validTo: 0)
    }
    let start = unsafe file.base + rowsOffset + index * IndexFormat.rowOctets
    let generator = unsafe start.load(as: UInt64.self)
    return unsafe IndexRow(
      generator: Int(truncatingIfNeeded: min(generator, UInt64(max(generators.count - 1, 0)))),
      validFrom: start.load(fromByteOffset: 8, as: Int64.self),
      validTo: start.load(fromByteOffset: 16, as: Int64.self))
  }

  /// The interval of a row as the malware's own clock shows it: without the grace and, where that
  /// clock is local time, without the spread of time zones.
  public func ownInterval(of row: IndexRow) -> (from: Int64, to: Int64) {
    let clock = generators.isEmpty ? .none : generators[row.generator].clock
    let spread = clock == .local ? TimeZoneSpread.earth : .none
    let from = row.validFrom == .min ? .min : row.validFrom &+ grace &+ spread.early
    let to = row.validTo == .max ? .max : row.validTo &- grace &- spread.late
    return (from, to)
  }

  private func generatorOfRow(_ index: Int) -> Int { row(index).generator }
}
