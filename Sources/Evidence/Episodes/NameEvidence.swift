/// One listed name that a suspect asked for, in detail.
package struct NameEvidence: Equatable, Sendable {
  /// The listed name, wire form, lower case.
  package internal(set) var name: [UInt8]
  /// `ListedName.key` of the name.
  package internal(set) var key: UInt64
  /// Place of its generator (variant and seed) in `EpisodeState.generators`.
  package internal(set) var generator: Int
  /// Start of validity, seconds since 1970; nil = always.
  package internal(set) var validFrom: Int64?
  /// End of validity, exclusive; nil = never.
  package internal(set) var validTo: Int64?
  /// Place in the generator's list; nil = none.
  package internal(set) var ordinal: UInt32?
  /// First lookup, microseconds since 1970.
  package internal(set) var first: Int64
  /// Last lookup, microseconds since 1970.
  package internal(set) var last: Int64
  /// Last lookup with a verified address; nil = none.
  package internal(set) var lastVerified: Int64?
  /// Lookups.
  package internal(set) var lookups: UInt64
  /// What was asked for.
  package internal(set) var kinds: Observation.QueryKinds
  /// How the lookup's time relates to the name's validity.
  package internal(set) var timing: Timing

  /// How the time of a lookup relates to the validity of the name.
  package enum Timing: Equatable, Sendable {
    /// Within the validity and its grace.
    case inside
    /// Outside, explained by a clock of that offset: place in `EpisodeState.offsets`.
    case offset(Int)
    /// Outside, and more offsets were seen than are kept.
    case scattered
  }

  /// `name` as text.
  package var text: String { NameText.presentation(name, lowercased: true) }
}
