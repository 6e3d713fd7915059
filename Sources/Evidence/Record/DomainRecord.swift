/// One listed name, for exports of the domain side: block lists and indicators.
package struct DomainRecord: Codable, Equatable, Sendable {
  /// The name, presentation form, lower case, no final dot.
  package var name: String
  /// Family id.
  package var family: String
  /// Variant; may be empty.
  package var variant: String
  /// Seed label; may be empty.
  package var seed: String
  /// `model` or `feed`.
  package var kind: String
  /// Start of validity, seconds since 1970, inclusive; nil = always.
  package var validFrom: Int64?
  /// End of validity, seconds since 1970, exclusive; nil = never.
  package var validTo: Int64?
  /// Place in the generator's list.
  package var ordinal: UInt32?

  /// Makes a record from its parts.
  package init(
    name: String, family: String, variant: String = "", seed: String = "", kind: String = "model",
    validFrom: Int64? = nil, validTo: Int64? = nil, ordinal: UInt32? = nil
  ) {
    self.name = name
    self.family = family
    self.variant = variant
    self.seed = seed
    self.kind = kind
    self.validFrom = validFrom
    self.validTo = validTo
    self.ordinal = ordinal
  }
}
