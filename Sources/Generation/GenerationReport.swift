import ListSources

/// What came of a generation.
package struct GenerationReport: Sendable, Codable {
  /// Names counted for one family.
  package struct FamilyCount: Sendable, Codable {
    /// Names given by the models or feeds, duplicates included.
    package var names = 0
    /// Of those, names that collide with a protected one.
    package var colliding = 0
    /// Names that are none in DNS and were left out.
    package var invalid = 0

    /// Creates counts of zero.
    package init() {}

    static func += (left: inout FamilyCount, right: FamilyCount) {
      left.names += right.names
      left.colliding += right.colliding
      left.invalid += right.invalid
    }
  }

  /// What was read of one feed.
  package struct FeedCount: Sendable, Codable {
    /// Its path.
    package var path: String
    /// Rows with data.
    package var rows: Int
    /// Rows skipped, by reason.
    package var skipped: [String: Int]
  }

  /// A name that collides.
  package struct Collision: Sendable, Codable {
    /// The name.
    package var name: String
    /// Where it comes from.
    package var generator: String
    /// Why it is not swallowed.
    package var reason: String
  }

  /// Collisions listed one by one; further ones are counted only.
  package static let collisionLimit = 100

  /// Counts by family.
  package var families: [String: FamilyCount] = [:]
  /// The first collisions met.
  package var collisions: [Collision] = []
  /// Problems met, one line each; what they concern was left out, the rest is there.
  package var problems: [String] = []
  /// The feeds that were read to their end, in order.
  package var feeds: [FeedCount] = []
  /// Distinct names in the index written, 0 before.
  package var distinctNames = 0
  /// Path of the index written.
  package var path = ""
  /// Its generation.
  package var generation: UInt64 = 0

  /// Creates an empty report.
  package init() {}

  /// Rows of all feeds that were skipped.
  package var skippedFeedRows: Int {
    feeds.reduce(0) { $0 + $1.skipped.values.reduce(0, +) }
  }
  /// All names, duplicates included.
  package var totalNames: Int { families.values.reduce(0) { $0 + $1.names } }
  /// All colliding names.
  package var totalColliding: Int { families.values.reduce(0) { $0 + $1.colliding } }
}

extension GenerationReport.FeedCount {
  init(_ feed: FeedReport) {
    path = feed.path
    rows = feed.rows
    // Several flaws of names can read the same.
    skipped = Dictionary(
      feed.skipped.map { ($0.key.description, $0.value.count) }, uniquingKeysWith: +)
  }
}
