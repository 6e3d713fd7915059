/// What produces names: one seed of one variant of a family, or one list of a feed.
package struct IndexGenerator: Sendable, Hashable {
  /// Where the names come from.
  package enum Kind: UInt8, Sendable {
    /// An algorithm.
    case model = 0
    /// A dated list.
    case feed = 1
  }

  /// Family, lower case.
  package var family: String
  /// Variant, empty for a family that has only one.
  package var variant: String
  /// Label of the seed.
  package var seed: String
  /// Where the names come from.
  package var kind: Kind

  /// Describes a generator.
  package init(family: String, variant: String, seed: String, kind: Kind) {
    self.family = family
    self.variant = variant
    self.seed = seed
    self.kind = kind
  }
}

/// One period of one generator: every name of it shares the interval.
package struct IndexRow: Sendable, Hashable {
  /// Position in the list of generators.
  package var generator: Int
  /// First second the malware asks for these names, unix time; `Int64.min` = always.
  package var validFrom: Int64
  /// First second it no longer does; `Int64.max` = always.
  package var validTo: Int64

  /// Describes a row.
  package init(generator: Int, validFrom: Int64, validTo: Int64) {
    self.generator = generator
    self.validFrom = validFrom
    self.validTo = validTo
  }
}

/// Where a name comes from: a row and the name's place in the malware's own order.
package struct IndexOrigin: Sendable, Hashable {
  /// Position in the list of rows.
  package var row: Int
  /// Place in the list of that period, counted from 0, the malware's duplicates included.
  package var ordinal: Int

  /// Describes an origin.
  package init(row: Int, ordinal: Int) {
    self.row = row
    self.ordinal = ordinal
  }
}
