package import Evidence

/// A STIX 2.1 bundle of indicators, marked TLP:GREEN.
package struct DomainSTIX: DomainFormat {
  /// `stix`.
  package static let name = "stix"
  /// The specification.
  package static let follows = STIXFormat.follows
  /// A bundle.
  package static let mediaType = STIXFormat.mediaType
  /// `json`.
  package static let fileExtension = "json"
  package static var order: DomainOrder { .origins }

  private let options: ExportOptions
  private var bundle: STIXBundle

  /// Prepares the format.
  package init(options: ExportOptions) {
    self.options = options
    bundle = STIXBundle(options, kind: "names")
  }

  package var head: String { bundle.head }
  package var tail: String { bundle.tail }

  /// The indicator, its relationship, and what the bundle lacks of the rest.
  package mutating func body(_ record: DomainRecord) -> FormattedRecord {
    let objects = STIXObjects.objects(for: record, options: options)
    guard !objects.isEmpty else { return .skipped(DomainSkips.noHostName) }
    return .text(bundle.add(objects))
  }
}
