package import Evidence

/// Reads one format of who had which address, line by line; no I/O.
///
/// A source may be several files, read in order as one; what spans lines and files (a session's
/// start and stop) is the reader's own state. A row that cannot be read is counted, the rest loads.
package protocol SourceReader {
  /// A file begins.
  mutating func beginFile(_ output: inout ReaderOutput)
  /// The next line of the file, without its end.
  mutating func read(_ line: [UInt8], _ output: inout ReaderOutput)
  /// The file ends.
  mutating func endFile(_ output: inout ReaderOutput)
  /// All files are read: what is still open is told.
  mutating func finish(_ output: inout ReaderOutput)
}

extension SourceReader {
  package mutating func beginFile(_ output: inout ReaderOutput) {}
  package mutating func endFile(_ output: inout ReaderOutput) {}
  package mutating func finish(_ output: inout ReaderOutput) {}
}

/// What an operator may say about a source.
package struct ReaderOptions: Equatable, Sendable {
  /// Column or attribute that is the subscriber key; nil = the format's own choice.
  package var key: String?
  /// Time between two interim updates, microseconds; nil = as the records say or show.
  package var interim: Int64?
  /// Seconds east of UTC of times written without a zone; nil = UTC.
  package var utcOffset: Int64?

  /// Nothing said.
  package init() {}
}

/// Where a reader puts what it reads.
package struct ReaderOutput: Sendable {
  /// A row that could not be read.
  package struct Flaw: Equatable, Sendable {
    /// The file.
    package let file: String
    /// Its line, from 1.
    package let line: Int
    /// What is wrong with it.
    package let what: String

    /// One line: where and what.
    package var description: String { "\(file):\(line): \(what)" }
  }

  /// Flaws kept to be shown; more are counted only.
  package static let shownFlaws = 5

  /// All intervals, of this source and those before.
  package var set: IntervalSet
  /// What was read so far.
  package private(set) var summary: SourceSummary
  /// The first flaws.
  package private(set) var flaws: [Flaw] = []
  /// Number of the source.
  package let source: UInt8
  private var file = ""
  private var line = 0

  /// Output of source number `source`, added to `set`.
  package init(_ set: IntervalSet, _ summary: SourceSummary, source: UInt8) {
    self.set = set
    self.summary = summary
    self.source = source
  }

  // MARK: - For who reads files

  /// The file whose lines come next.
  package mutating func setFile(_ path: String) {
    file = path
    line = 0
  }

  /// Number of the line that comes next.
  package mutating func setLine(_ number: Int) { line = number }

  // MARK: - For readers

  /// A row or record with data, whatever becomes of it.
  package mutating func countRow() { summary.rows += 1 }

  /// The row cannot be read; a record of several lines begins at `line`.
  package mutating func malformed(_ what: String, line: Int? = nil) {
    summary.malformed += 1
    guard flaws.count < Self.shownFlaws else { return }
    flaws.append(Flaw(file: file, line: line ?? self.line, what: what))
  }

  /// The line being read.
  package var currentLine: Int { line }

  /// An instant the source tells of.
  package mutating func saw(_ instant: Int64) {
    summary.earliest = min(summary.earliest ?? instant, instant)
    summary.latest = max(summary.latest ?? instant, instant)
  }

  /// Adds an interval.
  package mutating func add(_ interval: AddressInterval, _ holder: Holder) {
    let before = set.count
    set.add(interval, holder, source: source)
    summary.intervals += set.count - before
  }

  /// Adds a translator with a computed mapping.
  package mutating func add(_ rule: DeterministicMapping) {
    set.add(rule)
    summary.intervals += 1
  }
}

/// Reads ports: empty = all, `n`, or two fields.
package enum PortText {
  /// A range from two fields, of which both or none are given.
  static func range(_ first: Octets?, _ last: Octets?) -> ClosedRange<UInt16>? {
    guard let first else { return last == nil ? AddressInterval.allPorts : nil }
    guard let low = first.decimal, let high = (last ?? first).decimal, low <= high, high <= 65_535
    else { return nil }
    return UInt16(low)...UInt16(high)
  }

  /// `tcp`, `udp`, a protocol number; nothing, `any` and `*` mean any.
  package static func transport(_ field: Octets?) -> IPProtocol? {
    guard let field, !field.isWord("any"), !field.isWord("*") else { return .any }
    if field.isWord("tcp") { return .tcp }
    if field.isWord("udp") { return .udp }
    return field.decimal.flatMap(UInt8.init(exactly:)).map(IPProtocol.init(rawValue:))
  }
}
