package import Evidence

/// What became of the records of an export: nothing is left out silently.
package struct ExportCounts: Equatable, Sendable {
  /// Records that were written.
  package var written = 0
  /// Lookups those records stand for.
  package var lookups: UInt64 = 0
  /// Records that the format cannot express, by reason.
  package var skipped: [String: Int] = [:]

  /// Nothing yet.
  package init() {}

  /// Counts a record that was written.
  package mutating func add(_ record: InfectionRecord) {
    written += 1
    lookups &+= record.count
  }

  /// Counts a name that was written: the domain side has no lookups.
  package mutating func addName() { written += 1 }

  /// Counts a record that was left out.
  package mutating func skip(_ reason: String, _ number: Int = 1) {
    skipped[reason, default: 0] += number
  }

  /// One sentence per reason, the most frequent first: `3 records skipped: IPv6 client`.
  package var notes: [String] { notes("record") }

  /// The same sentences about something else than records.
  package func notes(_ thing: String) -> [String] {
    skipped.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { reason, number in
        "\(number) \(thing)\(number == 1 ? "" : "s") skipped: \(reason)"
      }
  }
}

/// Puts a document of one format together, record after record, in bounded memory.
package struct DocumentWriter: Sendable {
  /// What became of the records so far.
  package private(set) var counts = ExportCounts()
  private var format: any InfectionFormat

  /// Begins a document.
  package init(_ format: any InfectionFormat) { self.format = format }

  /// The text to append for a record: empty when the format cannot express it (see `counts`).
  package mutating func add(_ record: InfectionRecord) -> String {
    switch format.body(record) {
    case .skipped(let reason):
      counts.skip(reason)
      return ""
    case .text(let text):
      let before = counts.written == 0 ? format.head : format.separator
      counts.add(record)
      return before + text
    }
  }

  /// The text to append at the end; also that of a document without records.
  package func finish() -> String {
    (counts.written == 0 ? format.head : "") + format.tail
  }
}
