import CheckedYAML
import DGAKit
import ListSources

/// A feed must read the same whole and in pieces, and give only names that are names.
func fuzzFeed(_ octets: [UInt8]) {
  let whole = Reading(of: [octets])
  let pieces = Reading(
    of: stride(from: 0, to: octets.count, by: 7).map {
      Array(octets[$0..<min($0 + 7, octets.count)])
    })
  precondition(whole == pieces, "chunk boundaries change what is read")
  let report = whole.report
  let skipped = report.skipped.values.reduce(0) { $0 + $1.count }
  precondition(report.rows == report.accepted + skipped, "rows are lost")
  precondition(report.accepted == whole.rows.count, "accepted rows are not delivered")
  for row in whole.rows {
    precondition(report.keys.indices.contains(row.number), "row of an unknown key")
    checkFolded(row.name)
  }
  for problem in report.problems { checkOneLine(problem.description) }
}

/// Traps unless `name` is a name in lower case without trailing dot.
func checkFolded(_ name: [UInt8]) {
  var again: [UInt8] = []
  guard (try? NameText.fold(name.span, into: &again)) != nil, again == name else {
    preconditionFailure("not a folded name: \(name)")
  }
}

/// What a feed gave.
private struct Reading: Equatable {
  struct Row: Equatable {
    var name: [UInt8]
    var number: Int
  }

  var rows: [Row] = []
  var report = FeedReport(path: "feed")

  init(of chunks: [[UInt8]]) {
    var parser = FeedParser(path: "feed")
    var rows: [Row] = []
    func take(_ name: Span<UInt8>, _ number: Int, _ key: FeedKey) {
      rows.append(Row(name: name.indices.map { name[$0] }, number: number))
    }
    for chunk in chunks { parser.push(chunk, take) }
    report = parser.finish(take)
    self.rows = rows
  }
}
