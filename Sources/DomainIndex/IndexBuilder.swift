public import DNSWire

/// Collects names and writes an index file.
///
/// Memory: 24 octets per collected name and about as much again while the table is laid out.
public struct IndexBuilder {
  /// One collected name: its hash, and row, ordinal and flags packed until widths are known.
  struct Entry {
    var low: UInt64
    var high: UInt64
    var row: UInt32
    var ordinal: UInt32
  }

  /// Highest bit of `Entry.ordinal`: the name collides with a benign one.
  static let collidingBit: UInt32 = 1 << 31

  private let key: SipHash.Key
  private var entries: [Entry] = []
  /// The rows added so far, by number.
  public private(set) var rows: [IndexRow] = []
  /// The generators the rows refer to.
  public private(set) var generators: [IndexGenerator] = []
  private var generatorNumbers: [IndexGenerator: Int] = [:]
  private var depthMask: UInt64 = 0

  /// Starts an index with a secret of its own.
  public init(key: SipHash.Key = .random()) {
    self.key = key
  }

  /// Names collected so far, duplicates included.
  public var collectedCount: Int { entries.count }

  /// Adds a row and returns its number.
  ///
  /// - Throws: `IndexError.tooLarge` beyond 2^32 rows.
  public mutating func addRow(
    generator: IndexGenerator, validFrom: Int64, validTo: Int64
  ) throws(IndexError) -> Int {
    guard rows.count < Int(UInt32.max) else { throw .tooLarge("more than 2^32 rows") }
    let number = generatorNumbers[generator] ?? generators.count
    if number == generators.count {
      generators.append(generator)
      generatorNumbers[generator] = number
    }
    rows.append(IndexRow(generator: number, validFrom: validFrom, validTo: validTo))
    return rows.count - 1
  }

  /// Adds a name.
  ///
  /// - Parameters:
  ///   - ordinal: place in the malware's list, 0 … 2^31 − 1; higher ones are kept as 2^31 − 1.
  ///   - isColliding: whether the name is to be recorded only.
  /// - Returns: false, and nothing is added, for a name of no label or more than 63.
  @discardableResult
  public mutating func add(
    _ name: borrowing NameBuffer, row: Int, ordinal: Int, isColliding: Bool
  ) -> Bool {
    guard name.labelCount > 0, name.labelCount <= IndexFormat.deepestName else { return false }
    depthMask |= 1 << UInt64(name.labelCount)
    let hash = SipHash.hash(name.canonicalBytes, key: key)
    let place = UInt32(truncatingIfNeeded: min(ordinal, Int(Self.collidingBit - 1)))
    entries.append(
      Entry(
        low: hash.low, high: hash.high, row: UInt32(truncatingIfNeeded: row),
        ordinal: isColliding ? place | Self.collidingBit : place))
    return true
  }

  /// Writes the index to `path`: under another name first, then renamed, so that no reader ever
  /// sees half a file.
  ///
  /// - Parameters:
  ///   - generation: number of the generation, microseconds since 1970.
  ///   - builtAt: unix seconds.
  ///   - window: first and last-plus-one second covered, unix seconds.
  ///   - grace: seconds by which all rows were widened on both sides, kept for `ownInterval`.
  /// - Returns: how many distinct names it holds.
  @discardableResult
  public consuming func write(
    to path: String, generation: UInt64, builtAt: Int64, window: (from: Int64, to: Int64),
    grace: Int64 = 0
  ) throws(IndexError) -> Int {
    EntrySorter.sort(&entries)
    let merged = MergedNames(entries, rowCount: rows.count)
    guard merged.payloadBits <= 62 else { throw .tooLarge("rows × ordinals exceed 2^60") }
    entries = []
    let layout = try TableLayout(merged)
    var header = IndexHeader()
    header.key = key
    header.generation = generation
    header.builtAt = builtAt
    header.windowFrom = window.from
    header.windowTo = window.to
    header.grace = grace
    header.nameCount = UInt64(merged.count)
    header.bucketCount = UInt64(layout.bucketCount)
    header.rowCount = UInt64(rows.count)
    header.generatorCount = UInt64(generators.count)
    header.collidingCount = UInt64(merged.collidingCount)
    header.depthMask = depthMask
    header.payloadWidth = UInt64(merged.payloadWidth)
    header.ordinalBits = UInt64(merged.ordinalBits)
    let sections = [
      layout.lines(merged), layout.payloads(merged), merged.listOctets, rowOctets,
      GeneratorTable.encode(generators),
    ]
    try IndexFileWriter.write(header, sections: sections, to: path)
    return merged.count
  }

  private var rowOctets: [UInt8] { Self.encode(rows) }

  static func encode(_ rows: [IndexRow]) -> [UInt8] {
    var octets: [UInt8] = []
    octets.reserveCapacity(rows.count * IndexFormat.rowOctets)
    for row in rows {
      octets.appendLittleEndian(UInt64(row.generator))
      octets.appendLittleEndian(UInt64(bitPattern: row.validFrom))
      octets.appendLittleEndian(UInt64(bitPattern: row.validTo))
    }
    return octets
  }
}
