package import Evidence

/// A table of names with where they come from and when they are valid.
package struct DomainCSV: DomainFormat {
  /// `csv`.
  package static let name = "csv"
  /// RFC 4180.
  package static let follows =
    "RFC 4180; domain, family, variant, seed, valid_from, valid_to, ordinal"
  /// CSV.
  package static let mediaType = "text/csv"
  /// `csv`.
  package static let fileExtension = "csv"
  package static var order: DomainOrder { .generated }

  /// Prepares the format.
  package init(options: ExportOptions) {}

  package var head: String { Self.columns.map(\.name).joined(separator: ",") + "\n" }

  /// One row.
  package mutating func body(_ record: DomainRecord) -> FormattedRecord {
    .text(Self.columns.map { Self.field($0.value(record)) }.joined(separator: ",") + "\n")
  }

  private static let columns: [(name: String, value: @Sendable (DomainRecord) -> String)] = [
    ("domain", { $0.name }), ("family", { $0.family }), ("variant", { $0.variant }),
    ("seed", { $0.seed }), ("valid_from", { time($0.validFrom) }),
    ("valid_to", { time($0.validTo) }), ("ordinal", { $0.ordinal.map { "\($0)" } ?? "" }),
  ]

  private static func time(_ seconds: Int64?) -> String {
    seconds.map { UTCTime.rfc3339(seconds: $0) } ?? ""
  }

  /// Quoted where a reader or a spreadsheet could take it for something else.
  private static func field(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { (0x21...0x7e).contains($0) && $0 != 0x22 && $0 != 0x2c }
    let isFormula = text.first.map { "=+-@".contains($0) } ?? false
    return isPlain && !isFormula ? text : SafeText.csv(text)
  }
}
