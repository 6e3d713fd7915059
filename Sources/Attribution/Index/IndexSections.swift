import DataFiles

/// The sections of an index file, found and checked.
struct IndexSections {
  private typealias Format = SubscriberIndexFormat

  private let file: MappedFile
  private let ranges: [Range<Int>]

  init(_ file: MappedFile, path: String) throws(SubscriberIndexError) {
    self.file = file
    guard file.number(at: 0, as: UInt64.self) == Format.magic else { throw .notAnIndex(path: path) }
    let version = file.number(at: Format.versionOffset, as: UInt32.self)
    guard version == Format.version else { throw .version(path: path, found: version) }
    guard
      file.checksum(0..<Format.checksumOffset)
        == file.number(at: Format.checksumOffset, as: UInt64.self)
    else { throw .damaged(path: path, what: "checksum of the header") }
    guard file.number(at: Format.sizeOffset, as: UInt64.self) == UInt64(file.count) else {
      throw .damaged(path: path, what: "its size")
    }
    var ranges: [Range<Int>] = []
    for section in Format.Section.allCases {
      let entry = Format.sectionsOffset + section.rawValue * Format.sectionOctets
      let start = file.number(at: entry, as: UInt64.self)
      let count = file.number(at: entry + 8, as: UInt64.self)
      guard start <= UInt64(file.count), count <= UInt64(file.count) - start else {
        throw .damaged(path: path, what: "place of section \(section)")
      }
      let range = Int(start)..<Int(start + count)
      guard file.checksum(range) == file.number(at: entry + 16, as: UInt64.self) else {
        throw .damaged(path: path, what: "checksum of section \(section)")
      }
      ranges.append(range)
    }
    self.ranges = ranges
  }

  func range(_ section: SubscriberIndexFormat.Section) -> Range<Int> { ranges[section.rawValue] }

  func column<Number>(_ section: SubscriberIndexFormat.Section) -> MappedColumn<Number> {
    let range = range(section)
    return MappedColumn(file, offset: range.lowerBound, octets: range.count)
  }

  /// The groups; nil when one reaches beyond the places or keys there are.
  func groups(places: Int) -> [SubscriberIndex.Group]? {
    let range = range(.groups)
    let keys = self.range(.keys).count
    var groups: [SubscriberIndex.Group] = []
    for start in stride(
      from: range.lowerBound, to: range.upperBound - Format.groupOctets + 1, by: Format.groupOctets)
    {
      let words = (0..<5).map { file.number(at: start + 8 * $0, as: UInt64.self) }
      guard words[0] <= 128, [4, 8, 16].contains(words[1]), words[2] <= UInt64(max(0, places)),
        words[3] <= UInt64(max(0, places)) - words[2], words[4] <= UInt64(keys),
        words[3] * words[1] <= UInt64(keys) - words[4]
      else { return nil }
      groups.append(
        .init(
          length: Int(words[0]), keyOctets: Int(words[1]), firstPlace: Int(words[2]),
          count: Int(words[3]), keyOffset: Int(words[4])))
    }
    return groups
  }

  func rules() -> [DeterministicMapping] {
    let range = range(.rules)
    let size = DeterministicMapping.octetCount
    return stride(from: range.lowerBound, to: range.upperBound - size + 1, by: size)
      .compactMap { DeterministicMapping(file, at: $0) }
  }

  func sources() -> [SourceSummary] {
    let text = String(decoding: file.octets(range(.sources)), as: UTF8.self)
    return text.split(separator: "\n").map {
      SourceSummary(line: $0) ?? SourceSummary(join: "unknown", format: "?", path: "?")
    }
  }
}
