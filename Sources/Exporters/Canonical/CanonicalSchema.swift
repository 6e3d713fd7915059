/// The JSON Schema (draft 2020-12) of the canonical form.
package enum CanonicalSchema {
  /// The schema as text, `Schema/infection-record-1.json` as it is.
  package static let text = String(
    decoding: PackageResources.infection_record_1_json, as: UTF8.self)
}
