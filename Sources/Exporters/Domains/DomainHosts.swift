package import Evidence

/// A hosts file that sends every name nowhere; it says nothing of names below.
package struct DomainHosts: DomainFormat {
  /// `hosts`.
  package static let name = "hosts"
  /// Its own form.
  package static let follows = "hosts(5), address 0.0.0.0"
  /// Plain text.
  package static let mediaType = "text/plain"
  /// `hosts`.
  package static let fileExtension = "hosts"

  /// Prepares the format.
  package init(options: ExportOptions) {}

  /// One line.
  package mutating func body(_ record: DomainRecord) -> FormattedRecord {
    guard HostName.isValid(record.name) else { return .skipped(DomainSkips.noHostName) }
    return .text("0.0.0.0 \(record.name)\n")
  }
}
