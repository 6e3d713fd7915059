package import CheckedYAML

/// Popularity lists as Tranco and others give them: `rank,domain` on each line, the most popular
/// first.
///
/// A line with one field is a domain whose rank is its place; further fields, empty lines, lines
/// that start with `#` and a header are ignored. Bad lines are skipped and counted by reason.
package enum PopularityFile {
  /// Reads the names up to rank `top`; `body` gets each in lower case without trailing dot.
  package static func read(
    _ path: String, top: Int = .max, _ body: (_ name: Span<UInt8>, _ rank: Int) -> Void
  ) throws(SourceProblem) -> NameListFile.Report {
    var reader = Reader(report: NameListFile.Report(path: path), top: top)
    var lines = LineSplitter()
    try ChunkedFile.read(path) { (chunk) throws(SourceProblem) in
      lines.push(chunk) { kind, number, line in reader.take(kind, number, line, body) }
    }
    lines.finish { kind, number, line in reader.take(kind, number, line, body) }
    return reader.report
  }

  private struct Reader {
    var report: NameListFile.Report
    let top: Int
    private var fields = FieldSplitter()
    private var folded: [UInt8] = []
    private var place = 0

    init(report: NameListFile.Report, top: Int) {
      self.report = report
      self.top = top
    }

    mutating func take(
      _ kind: LineSplitter.Line, _ number: Int, _ line: Span<UInt8>,
      _ body: (Span<UInt8>, Int) -> Void
    ) {
      do throws(NameText.Flaw) {
        guard kind == .whole else { throw .tooLong }
        guard line.count > 0, line[0] != UInt8(ascii: "#") else { return }
        guard fields.split(line) else { throw .badOctet }
        if fields.hasQuotes {
          let text = fields.unquoted
          try take(text.span, number, body)
        } else {
          try take(line, number, body)
        }
      } catch {
        if report.skipped[error] == nil {
          report.skipped[error] = .init(count: 0, firstLine: number)
        }
        report.skipped[error]?.count += 1
      }
    }

    private mutating func take(
      _ text: Span<UInt8>, _ number: Int, _ body: (Span<UInt8>, Int) -> Void
    ) throws(NameText.Flaw) {
      let column = fields.count > 1 ? 1 : 0
      guard fields.ends[column] > fields.starts[column] else { return }
      place += 1
      var rank = place
      if column == 1 {
        guard let given = decimal(text.extracting(fields.starts[0]..<fields.ends[0])) else {
          // A header, on the first line only.
          place -= 1
          if number > 1 { throw .badOctet }
          return
        }
        rank = given
      }
      guard rank <= top else { return }
      try NameText.fold(
        text.extracting(fields.starts[column]..<fields.ends[column]), into: &folded)
      report.accepted += 1
      body(folded.span, rank)
    }

    private func decimal(_ text: Span<UInt8>) -> Int? {
      guard text.count > 0, text.count <= 12 else { return nil }
      var value = 0
      for index in text.indices {
        guard text[index] >= 0x30, text[index] <= 0x39 else { return nil }
        value = value * 10 + Int(text[index] - 0x30)
      }
      return value
    }
  }
}
