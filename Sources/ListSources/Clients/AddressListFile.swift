package import Addressing
package import CheckedYAML

/// Files of client addresses and prefixes, one per line, such as opt-out lists.
///
/// `#` starts a comment; empty lines are skipped; text after the first blank is ignored, so that a
/// line may say whose address it is. Bad lines are skipped and counted by reason.
package enum AddressListFile {
  /// Why a line was skipped.
  package enum Flaw: Hashable, Sendable, CaseIterable {
    case notAPrefix, tooLong, tooMany

    /// What is wrong and what to do, to follow a place and a count.
    package var description: String {
      switch self {
      case .notAPrefix:
        "no address or prefix; write 192.0.2.7, 192.0.2.0/24 or 2001:db8::/56, host bits zero"
      case .tooLong: "the line is longer than \(LineSplitter.longestLine) octets"
      case .tooMany: "the list is longer than \(entryLimit) entries; use prefixes"
      }
    }
  }

  /// What was read of a file.
  package struct Report: Equatable, Sendable {
    /// The file's path.
    package var path: String
    /// Entries accepted.
    package var accepted = 0
    /// Lines skipped, by reason: how many and the first one's number.
    package var skipped: [Flaw: FeedReport.Skipped] = [:]

    /// One warning per reason, in line order.
    package var problems: [SourceProblem] {
      skipped.map { flaw, tally in
        SourceProblem(
          file: path, line: tally.firstLine,
          "\(tally.count) lines skipped, first here: \(flaw.description)", severity: .warning)
      }.sorted()
    }
  }

  /// Most entries of a file: its ranges then take some 100 MB.
  package static let entryLimit = 4_000_000

  /// The longest text of a prefix: eight groups of IPv6 with an IPv4 tail, a slash and three digits.
  private static let longestText = 64

  /// Reads a file.
  ///
  /// - Throws: the reason why the file cannot be read to its end.
  package static func read(
    _ path: String
  ) throws(SourceProblem) -> (prefixes: [IPPrefix], report: Report) {
    var report = Report(path: path)
    var prefixes: [IPPrefix] = []
    var lines = LineSplitter()
    func skip(_ flaw: Flaw, _ number: Int) {
      if report.skipped[flaw] == nil { report.skipped[flaw] = .init(count: 0, firstLine: number) }
      report.skipped[flaw]?.count += 1
    }
    func take(_ kind: LineSplitter.Line, _ number: Int, _ line: Span<UInt8>) {
      guard kind == .whole else { return skip(.tooLong, number) }
      let range = NameListFile.name(in: line)
      guard !range.isEmpty else { return }
      guard range.count <= longestText, let prefix = prefix(line.extracting(range)) else {
        return skip(.notAPrefix, number)
      }
      guard prefixes.count < entryLimit else { return skip(.tooMany, number) }
      prefixes.append(prefix)
    }
    try ChunkedFile.read(path) { (chunk) throws(SourceProblem) in lines.push(chunk, take) }
    lines.finish(take)
    report.accepted = prefixes.count
    return (prefixes, report)
  }

  private static func prefix(_ text: Span<UInt8>) -> IPPrefix? {
    IPPrefix(String(decoding: text.indices.map { text[$0] }, as: UTF8.self))
  }
}
