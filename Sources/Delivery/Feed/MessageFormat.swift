package import Evidence
package import Exporters

/// A format as sinks use it: for single messages, or for documents.
package struct MessageFormat: Sendable {
  /// The format's type.
  package let type: any InfectionFormat.Type
  private let options: ExportOptions

  /// A format with options; nil if there is none of the name.
  package init?(named name: String, options: ExportOptions) {
    guard let type = FormatRegistry.infection(name) else { return nil }
    self.type = type
    self.options = options
  }

  /// One record as a message that stands alone.
  package func message(_ record: InfectionRecord, now: Int64) -> FormattedRecord {
    var format = make(now: now)
    switch format.body(record) {
    case .skipped(let reason): return .skipped(reason)
    case .text(let text):
      return .text(type.isDocumentOnly ? format.head + text + format.tail : text)
    }
  }

  /// A document to be written.
  package func document(now: Int64) -> DocumentWriter { DocumentWriter(make(now: now)) }

  private func make(now: Int64) -> any InfectionFormat {
    var options = options
    options.now = now
    return type.init(options: options)
  }
}
