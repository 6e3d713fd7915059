/// What the learning of collisions needs of a hit: which name, of which list, when.
///
/// Every hit has one, those that were answered `colliding` too.
package struct ListedLookup: Hashable, Sendable {
  /// One list: a family's, of one variant, seed and period.
  package struct List: Hashable, Sendable {
    /// Family id.
    package var family: String
    /// Variant and seed, `variant/seed`.
    package var generator: String
    /// Start of validity, seconds since 1970; nil = always.
    package var validFrom: Int64?
  }

  /// `ListedName.key` of the listed name.
  package var name: UInt64
  /// The list it stands in: of several, the one whose validity is nearest.
  package var list: List
  /// Its place there; nil = none.
  package var ordinal: UInt32?
  /// Whether it was valid then in any list, grace included.
  package var isInside: Bool
  /// Whether it was answered with the sinkhole's address, which ends a bot's walk.
  package var endsWalk: Bool

  /// Reads a hit; nil when the index could no longer explain it.
  package init?(_ hit: HitRow, rules: FoldRules) {
    let seconds = hit.firstMicroseconds / UTCTime.microsecondsPerSecond
    let matches = hit.matches.filter { $0.provenance.kind != .unknown }
      .map { (match: $0, distance: Observation.Origin($0).distance(at: seconds)) }
    guard let nearest = matches.min(by: { $0.distance < $1.distance }) else { return nil }
    let origin = Observation.Origin(nearest.match)
    name = ListedName.key(ListedName.wire(of: hit))
    list = List(
      family: nearest.match.provenance.family, generator: origin.generator,
      validFrom: origin.validFrom)
    ordinal = origin.ordinal
    isInside = nearest.distance <= rules.grace / UTCTime.microsecondsPerSecond
    endsWalk = hit.action == .sinkhole
  }
}
