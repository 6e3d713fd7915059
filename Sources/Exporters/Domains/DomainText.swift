package import Evidence

/// One name per line.
package struct DomainText: DomainFormat {
  /// `text`.
  package static let name = "text"
  /// Its own form.
  package static let follows = "one name per line, presentation form (RFC 1035 §5.1)"
  /// Plain text.
  package static let mediaType = "text/plain"
  /// `txt`.
  package static let fileExtension = "txt"

  /// Prepares the format.
  package init(options: ExportOptions) {}

  /// One line.
  package mutating func body(_ record: DomainRecord) -> FormattedRecord {
    .text(record.name + "\n")
  }
}
