package import CheckedYAML

/// Turns the text of a domain feed into names with keys; no I/O, any chunk boundaries.
///
/// The format is taught in `docs/feeds.md`: CSV with the columns domain, family, seed, valid_from
/// and valid_to, in this order or named by a header line.
package struct FeedParser {
  /// Receives a row: the name in lower case without trailing dot (valid only during the call), the
  /// key's number, counted from 0 in order of appearance, and the key.
  package typealias Body = (_ name: Span<UInt8>, _ number: Int, _ key: FeedKey) -> Void

  /// Most distinct texts of (family, seed, from, to) in one feed: bounds the memory of a feed
  /// whose every row has another time.
  package static let keyLimit = 1 << 20

  /// What was read so far.
  package var report: FeedReport {
    var result = tally
    result.keys = keys.keys
    return result
  }

  private var tally: FeedReport
  private var lines = LineSplitter()
  private var rows = RowReader()
  private var keys: FeedKeyTable { rows.keys }

  /// A parser; `path` is for the report only.
  package init(path: String) { tally = FeedReport(path: path) }

  /// Takes the next piece of the file.
  package mutating func push(_ chunk: [UInt8], _ body: Body) {
    // Out of `self` while its closure changes the rest of `self`.
    var lines = LineSplitter()
    swap(&lines, &self.lines)
    lines.push(chunk) { kind, number, line in
      rows.read(kind, number, line, &tally, body)
    }
    swap(&lines, &self.lines)
  }

  /// Takes the end of the file and returns the report.
  package mutating func finish(_ body: Body) -> FeedReport {
    var lines = LineSplitter()
    swap(&lines, &self.lines)
    lines.finish { kind, number, line in
      rows.read(kind, number, line, &tally, body)
    }
    return report
  }
}

/// Reads a feed from disk.
package enum FeedReader {
  /// Reads the feed at `path` row by row; throws when the file cannot be read to its end.
  ///
  /// Bad rows are skipped and counted in the report. When it throws, rows before the failure have
  /// been delivered already.
  package static func read(_ path: String, _ body: FeedParser.Body)
    throws(SourceProblem) -> FeedReport
  {
    var parser = FeedParser(path: path)
    try ChunkedFile.read(path) { (chunk) throws(SourceProblem) in parser.push(chunk, body) }
    return parser.finish(body)
  }
}

// MARK: - Rows

/// Where each column of a feed stands in a row; nil for one that is absent.
private struct Columns {
  var domain = 0
  var family: Int? = 1
  var seed: Int? = 2
  var from: Int? = 3
  var to: Int? = 4
}

/// Reads single rows.
private struct RowReader {
  private(set) var keys = FeedKeyTable()
  private var fields = FieldSplitter()
  private var columns = Columns()
  private var isFirstRow = true
  private var name: [UInt8] = []
  private var keyText: [UInt8] = []

  init() {
    name.reserveCapacity(NameText.longestName)
    keyText.reserveCapacity(512)
  }

  mutating func read(
    _ kind: LineSplitter.Line, _ number: Int, _ line: Span<UInt8>, _ tally: inout FeedReport,
    _ body: FeedParser.Body
  ) {
    if kind == .whole {
      guard line.count > 0, line[0] != UInt8(ascii: "#"), !isBlank(line) else { return }
    }
    do throws(FeedFlaw) {
      guard kind == .whole else { throw .lineTooLong }
      guard fields.split(line) else { throw .quoting }
      let number = try fields.hasQuotes ? quotedRow() : row(line)
      guard let number else { return }
      tally.rows += 1
      tally.accepted += 1
      body(name.span, number, keys.keys[number])
    } catch {
      tally.rows += 1
      if tally.skipped[error] == nil { tally.skipped[error] = .init(count: 0, firstLine: number) }
      tally.skipped[error]?.count += 1
    }
  }

  private mutating func quotedRow() throws(FeedFlaw) -> Int? {
    let text = fields.unquoted
    return try row(text.span)
  }

  private func isBlank(_ line: Span<UInt8>) -> Bool {
    for index in 0..<line.count where line[index] != 0x20 && line[index] != 0x09 { return false }
    return true
  }

  /// The key's number of the row whose fields lie in `text`; nil when it is the header.
  private mutating func row(_ text: Span<UInt8>) throws(FeedFlaw) -> Int? {
    if isFirstRow {
      isFirstRow = false
      if readHeader(text) { return nil }
    }
    do throws(NameText.Flaw) {
      try NameText.fold(text.extracting(place(columns.domain)), into: &name)
    } catch {
      throw .name(error)
    }
    keyText.removeAll(keepingCapacity: true)
    FeedKeyTable.join(text.extracting(place(columns.family)), to: &keyText)
    FeedKeyTable.join(text.extracting(place(columns.seed)), to: &keyText)
    FeedKeyTable.join(text.extracting(place(columns.from)), to: &keyText)
    FeedKeyTable.join(text.extracting(place(columns.to)), to: &keyText)
    return try keys.number(of: keyText)
  }

  /// Where a field of the row is; empty when the row or the feed has no such column.
  private func place(_ column: Int?) -> Range<Int> {
    guard let column, column < fields.count else { return 0..<0 }
    return fields.starts[column]..<fields.ends[column]
  }

  /// Whether the row is a header, recognised by a column named `domain`; takes its order.
  private mutating func readHeader(_ text: Span<UInt8>) -> Bool {
    var places: [String: Int] = [:]
    for column in 0..<fields.count {
      let cell = text.extracting(fields.starts[column]..<fields.ends[column])
      let name = cell.indices.map { Character(Unicode.Scalar(cell[$0])) }
      places[String(name).lowercased()] = places[String(name).lowercased()] ?? column
    }
    guard let domain = places["domain"] else { return false }
    columns = Columns(
      domain: domain, family: places["family"], seed: places["seed"], from: places["valid_from"],
      to: places["valid_to"])
    return true
  }
}
