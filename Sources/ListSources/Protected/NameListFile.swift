package import CheckedYAML

/// Files of names, one per line: allow lists, popularity lists, the operator's own names.
///
/// `#` starts a comment, at the start of a line or after a blank; empty lines are skipped. Text
/// after the name is ignored from the first blank. Bad lines are skipped and counted by reason.
package enum NameListFile {
  /// What was read of a file.
  package struct Report: Equatable, Sendable {
    /// The file's path.
    package var path: String
    /// Names accepted.
    package var accepted = 0
    /// Lines skipped, by reason: how many and the first one's number.
    package var skipped: [NameText.Flaw: FeedReport.Skipped] = [:]

    /// One warning per reason, in line order.
    package var problems: [SourceProblem] {
      skipped.map { flaw, tally in
        SourceProblem(
          file: path, line: tally.firstLine,
          "\(tally.count) lines skipped, first here: \(flaw.description)", severity: .warning)
      }.sorted()
    }
  }

  /// Reads names from disk; `body` gets each in lower case without trailing dot.
  package static func read(_ path: String, _ body: (Span<UInt8>) -> Void)
    throws(SourceProblem) -> Report
  {
    var report = Report(path: path)
    var lines = LineSplitter()
    var folded: [UInt8] = []
    func take(_ kind: LineSplitter.Line, _ number: Int, _ line: Span<UInt8>) {
      let range = name(in: line)
      do throws(NameText.Flaw) {
        guard kind == .whole else { throw .tooLong }
        guard !range.isEmpty else { return }
        try NameText.fold(line.extracting(range), into: &folded)
        report.accepted += 1
        body(folded.span)
      } catch {
        if report.skipped[error] == nil {
          report.skipped[error] = .init(count: 0, firstLine: number)
        }
        report.skipped[error]?.count += 1
      }
    }
    try ChunkedFile.read(path) { (chunk) throws(SourceProblem) in lines.push(chunk, take) }
    lines.finish(take)
    return report
  }

  /// The line's first word, empty for comments and empty lines.
  static func name(in line: Span<UInt8>) -> Range<Int> {
    var start = 0
    while start < line.count, line[start] == 0x20 || line[start] == 0x09 { start += 1 }
    var end = start
    while end < line.count, line[end] != 0x20, line[end] != 0x09 { end += 1 }
    return start < end && line[start] == UInt8(ascii: "#") ? start..<start : start..<end
  }
}

extension ProtectedNames {
  /// Protects every name in a file; bad lines are in the report.
  package mutating func insert(contentsOf path: String) throws(SourceProblem)
    -> NameListFile.Report
  {
    var names = self
    let report = try NameListFile.read(path) { name in
      // The name has just passed the same check; it cannot fail here.
      try? names.insert(name)
    }
    self = names
    return report
  }
}
