package import Evidence

/// IntelMQ events as JSON lines, the form of its queues and of its JSON collectors.
///
/// Keys are flat and dotted. `__type` is what a queue wants (so a line can be pushed to one); files of
/// events may have it too.
package struct IntelMQ: InfectionFormat {
  /// `intelmq`.
  package static let name = "intelmq"
  /// The version of the field names.
  package static let follows = IntelMQFields.version
  /// Newline-delimited JSON.
  package static let mediaType = "application/x-ndjson"
  /// `jsonl`.
  package static let fileExtension = "jsonl"

  private let options: ExportOptions

  /// Prepares the format.
  package init(options: ExportOptions) { self.options = options }

  /// One line.
  package mutating func body(_ record: InfectionRecord) -> FormattedRecord {
    let values = IntelMQFields.values(record, options)
    var object = JSONObject()
    object.add("__type", "Event")
    for column in IntelMQFields.columns {
      switch values[column] {
      case .text(let text): object.add(column, text)
      case .number(let number): object.add(column, raw: number)
      case nil: break
      }
    }
    return .text(object.line + "\n")
  }
}

/// IntelMQ events as CSV, for its generic CSV parser.
///
/// The header has the names to give the bot as `columns`; it is to skip the header
/// (`skip_header: true`). What IntelMQ's collector says of every event (`feed.*`, `time.observation`)
/// is no column: the bot fails on a field that is there already. A field that a spreadsheet would take for a formula has an apostrophe in
/// front.
package struct IntelMQCSV: InfectionFormat {
  /// `intelmq-csv`.
  package static let name = "intelmq-csv"
  /// The version of the field names.
  package static let follows = IntelMQFields.version
  /// CSV.
  package static let mediaType = "text/csv"
  /// `csv`.
  package static let fileExtension = "csv"
  /// A row means nothing without the header.
  package static let isDocumentOnly = true

  private let options: ExportOptions

  /// Prepares the format.
  package init(options: ExportOptions) { self.options = options }

  /// The header.
  package var head: String { Self.line(Self.columns) }

  private static let columns = IntelMQFields.columns.filter { column in
    !column.hasPrefix("feed.") && column != "time.observation"
  }

  /// One row.
  package mutating func body(_ record: InfectionRecord) -> FormattedRecord {
    let values = IntelMQFields.values(record, options)
    return .text(Self.line(Self.columns.map { values[$0]?.csv ?? "" }))
  }

  private static func line(_ fields: [String]) -> String {
    fields.map { SafeText.spreadsheet($0) }.joined(separator: ",") + "\n"
  }
}
