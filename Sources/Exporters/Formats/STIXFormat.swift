package import Evidence

/// A STIX 2.1 bundle: objects that were in it once are not repeated.
package struct STIXFormat: InfectionFormat {
  /// `stix`.
  package static let name = "stix"
  /// The specification.
  package static let follows = "STIX 2.1 (OASIS), TLP 1 markings"
  /// A bundle.
  package static let mediaType = "application/stix+json;version=2.1"
  /// `json`.
  package static let fileExtension = "json"
  /// Objects have no meaning outside of their bundle.
  package static let isDocumentOnly = true

  private let options: ExportOptions
  private var bundle: STIXBundle

  /// Prepares the format.
  package init(options: ExportOptions) {
    self.options = options
    bundle = STIXBundle(options, kind: "infections")
  }

  package var head: String { bundle.head }
  package var tail: String { bundle.tail }

  /// The objects that are new in the bundle, each on a line.
  package mutating func body(_ record: InfectionRecord) -> FormattedRecord {
    let objects = STIXObjects.objects(for: record, options: options)
    guard !objects.isEmpty else { return .skipped(RecordFacts.noAddress) }
    return .text(bundle.add(objects))
  }
}
