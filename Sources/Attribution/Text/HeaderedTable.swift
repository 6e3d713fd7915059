import ListSources

/// Rows of delimited text whose first line names the columns: fields are read by name, so that other
/// versions of a program, with other columns or another order, read as well.
///
/// Commas, semicolons or tabs separate, whichever the header has. A header that comes again (files put
/// together) is one again.
struct HeaderedTable {
  /// What a line was.
  enum Row {
    /// Nothing to read: blank, a comment or a header.
    case nothing
    /// A row; fields are asked for by `subscript`.
    case fields
    /// Not readable, and why.
    case flaw(String)
  }

  /// Columns that are looked for, lower case.
  private let wanted: [String]
  /// Columns without which no row is worth reading.
  private let required: [String]
  private let honoursQuotes: Bool
  /// Place of each wanted column; nil before the header and for those that are not there.
  private var places: [Int?]
  private var header: [UInt8]?
  private var headerFlaw: String?
  private var splitter = FieldSplitter()
  private var line: [UInt8] = []

  init(_ wanted: [String], required: [String], honoursQuotes: Bool = true) {
    self.wanted = wanted.map { $0.lowercased() }
    self.required = required.map { $0.lowercased() }
    self.honoursQuotes = honoursQuotes
    places = wanted.map { _ in nil }
  }

  /// The next file has a header of its own.
  mutating func beginFile() {
    header = nil
    headerFlaw = nil
  }

  /// Takes a line.
  mutating func read(_ line: [UInt8]) -> Row {
    guard let first = line.first(where: { $0 != 0x20 && $0 != 0x09 }), first != UInt8(ascii: "#")
    else { return .nothing }
    guard let header else { return readHeader(line) }
    if line == header { return .nothing }
    if let headerFlaw { return .flaw(headerFlaw) }
    guard split(line) else { return .flaw("a quoted field does not end properly on its line") }
    return .fields
  }

  /// A field of the row read last, by its place in the list of wanted columns; nil when it is
  /// missing, empty or NULL.
  subscript(column: Int) -> Octets? {
    guard let place = places[column], place < splitter.count else { return nil }
    let field = line[splitter.starts[place]..<splitter.ends[place]]
    // NULL as MySQL's batch mode writes it, \N as its and PostgreSQL's text files do.
    return field.isEmpty || field == [0x5C, 0x4E] || field == [0x4E, 0x55, 0x4C, 0x4C] ? nil : field
  }

  /// Whether the table has a wanted column.
  func has(_ column: Int) -> Bool { places[column] != nil }

  private mutating func split(_ octets: [UInt8]) -> Bool {
    guard splitter.split(octets.span) else { return false }
    line = splitter.hasQuotes ? splitter.unquoted : octets
    return true
  }

  private mutating func readHeader(_ line: [UInt8]) -> Row {
    header = line
    splitter.separator =
      line.contains(0x09) ? 0x09 : line.contains(0x2C) || !line.contains(0x3B) ? 0x2C : 0x3B
    splitter.honoursQuotes = honoursQuotes && splitter.separator != 0x09
    guard split(line) else {
      headerFlaw = "the first line does not name columns"
      return .flaw("the first line does not name columns")
    }
    var found: [String: Int] = [:]
    for index in 0..<splitter.count {
      let name = self.line[splitter.starts[index]..<splitter.ends[index]].text.lowercased()
      if found[name] == nil { found[name] = index }
    }
    places = wanted.map { found[$0] }
    let missing = required.filter { found[$0] == nil }
    guard missing.isEmpty else {
      headerFlaw =
        "no column \(missing.joined(separator: ", ")): the first line must name the columns"
      return .flaw(headerFlaw ?? "")
    }
    return .nothing
  }
}
