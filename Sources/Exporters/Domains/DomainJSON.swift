package import Evidence

/// One JSON object per line.
package struct DomainJSON: DomainFormat {
  /// `json`.
  package static let name = "json"
  /// Its own form.
  package static let follows = "JSON lines; the columns of csv, and kind"
  /// Newline-delimited JSON.
  package static let mediaType = "application/x-ndjson"
  /// `jsonl`.
  package static let fileExtension = "jsonl"
  package static var order: DomainOrder { .generated }

  /// Prepares the format.
  package init(options: ExportOptions) {}

  /// One line.
  package mutating func body(_ record: DomainRecord) -> FormattedRecord {
    let object: JSONTree = [
      "domain": .text(record.name), "family": .text(record.family),
      "variant": .text(optional: record.variant), "seed": .text(optional: record.seed),
      "kind": .text(record.kind),
      "valid_from": .text(optional: record.validFrom.map { UTCTime.rfc3339(seconds: $0) }),
      "valid_to": .text(optional: record.validTo.map { UTCTime.rfc3339(seconds: $0) }),
      "ordinal": .integer(optional: record.ordinal),
    ]
    return .text(object.text + "\n")
  }
}
