package import CheckedYAML

/// Files of domains delegated to the sinkhole, one per line: the name and, if known, the family.
///
/// `#` starts a comment, at the start of a line or after a blank. Bad lines are skipped and counted.
package enum DelegatedFile {
  /// Family of names whose family is not given.
  package static let family = "delegated"
  /// Longest family, as in feeds.
  private static let longestFamily = 128

  /// Reads names from disk; `body` gets each in lower case without trailing dot, and its family.
  package static func read(
    _ path: String, _ body: (_ name: Span<UInt8>, _ family: String) -> Void
  ) throws(SourceProblem) -> NameListFile.Report {
    var report = NameListFile.Report(path: path)
    var lines = LineSplitter()
    var folded: [UInt8] = []
    func take(_ kind: LineSplitter.Line, _ number: Int, _ line: Span<UInt8>) {
      let range = NameListFile.name(in: line)
      do throws(NameText.Flaw) {
        guard kind == .whole else { throw .tooLong }
        guard !range.isEmpty else { return }
        try NameText.fold(line.extracting(range), into: &folded)
        report.accepted += 1
        body(folded.span, familyName(line.extracting(range.upperBound..<line.count)))
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

  /// The first word of the rest of a line; anything that cannot be a family counts as none.
  private static func familyName(_ rest: Span<UInt8>) -> String {
    let range = NameListFile.name(in: rest)
    let word = range.map { rest[$0] }
    guard !word.isEmpty, word.count <= longestFamily,
      word.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x2C && $0 != 0x2F })
    else { return family }
    return String(decoding: word, as: UTF8.self).lowercased()
  }
}
