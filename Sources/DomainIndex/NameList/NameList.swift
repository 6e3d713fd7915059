import DataFiles

/// A mapped list of the names of one index generation, in canonical order; see `NameListFormat`.
///
/// Immutable and shared by all threads.
@safe public final class NameList: Sendable {
  /// Path of the file.
  public let path: String
  /// The index generation it belongs to.
  public let generation: UInt64
  /// When it was built, unix seconds.
  public let builtAt: Int64
  /// Start of the window of days it covers, unix seconds.
  public let windowFrom: Int64
  /// End of that window, exclusive, unix seconds.
  public let windowTo: Int64
  /// Distinct names.
  public let nameCount: Int
  /// Rows (generator × period).
  public let rowCount: Int
  /// The generators, in the order rows refer to them.
  public let generators: [IndexGenerator]
  /// Size of the file in octets.
  public let fileSize: Int

  private let file: MappedFile
  private let entries: Range<Int>
  private let rowsOffset: Int

  /// Opens and maps the file at `path`, and checks it whole (about 1 ms per 3 MB).
  ///
  /// - Throws: `IndexError` saying what is wrong with the file.
  public init(path: String) throws(IndexError) {
    let file = try MappedFile(
      path: path, atLeast: IndexFormat.pageOctets, throwing: IndexError.self)
    let page = unsafe [UInt8](file.octets(0, IndexFormat.pageOctets))
    let header = try NameListHeader(page: page, fileSize: file.count, path: path)
    for (index, section) in header.sections.enumerated() {
      let octets = unsafe file.octets(Int(section.offset), Int(section.count))
      guard unsafe IndexChecksum.of(octets) == header.checksums[index] else {
        throw .damaged(path: path, section: NameListHeader.sectionNames[index])
      }
    }
    let names = unsafe [UInt8](
      file.octets(Int(header.sections[2].offset), Int(header.sections[2].count)))
    guard let decoded = GeneratorTable.decode(names), decoded.count == Int(header.generatorCount)
    else { throw .damaged(path: path, section: "generators") }
    self.path = path
    self.file = file
    generation = header.generation
    builtAt = header.builtAt
    windowFrom = header.windowFrom
    windowTo = header.windowTo
    nameCount = Int(header.nameCount)
    rowCount = Int(header.rowCount)
    generators = decoded
    fileSize = file.count
    let start = Int(header.sections[0].offset)
    entries = start..<start + Int(header.sections[0].count)
    rowsOffset = Int(header.sections[1].offset)
  }

  /// A cursor before the first name.
  public func makeCursor() -> NameListCursor {
    NameListCursor(file, start: entries.lowerBound, end: entries.upperBound)
  }

  /// Row `index`; a row out of range is of generator 0 and never valid.
  public func row(_ index: Int) -> IndexRow {
    guard index >= 0, index < rowCount else {
      return IndexRow(generator: 0, validFrom: 0, validTo: 0)
    }
    let start = rowsOffset + index * IndexFormat.rowOctets
    func word(_ offset: Int) -> UInt64 {
      unsafe file.base.load(fromByteOffset: start + offset, as: UInt64.self)
    }
    let generator = min(word(0), UInt64(max(generators.count - 1, 0)))
    return IndexRow(
      generator: Int(generator), validFrom: Int64(bitPattern: word(8)),
      validTo: Int64(bitPattern: word(16)))
  }
}
