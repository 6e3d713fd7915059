package import DGAKit

/// Names that more than one party uses: what `ponor models collide` found.
package struct CollisionReport: Sendable, Equatable {
  /// A name that several variants give.
  package struct Shared: Sendable, Equatable {
    /// The name.
    package var name: String
    /// One generator of each variant, the first that gave it, in the order of the catalogue.
    package var generators: [GeneratorID]
  }

  /// A name that is, or lies above or below, a popular one.
  package struct Popular: Sendable, Equatable {
    /// The name.
    package var name: String
    /// The first generator that gave it.
    package var generator: GeneratorID
    /// How the two relate: `equal`, `below` or `above`, seen from the generated name.
    package var relation: String
    /// The popular name, the most popular one where it lies below several.
    package var popular: String
    /// Its rank.
    package var rank: Int
  }

  /// A name that is never swallowed.
  package struct Protected: Sendable, Equatable {
    /// The name.
    package var name: String
    /// The first generator that gave it.
    package var generator: GeneratorID
    /// Why it is protected.
    package var reason: String
  }

  /// How many names two or more variants share.
  package struct Overlap: Sendable, Equatable {
    /// The variants, as `family/variant`.
    package var models: [String]
    /// Distinct names they all give.
    package var names: Int
  }

  /// Distinct names there were.
  package var distinctNames = 0
  /// Variants that gave some.
  package var models = 0
  /// Shared names, by name.
  package var shared: [Shared] = []
  /// The same, counted by who shares them, the most first.
  package var overlaps: [Overlap] = []
  /// Popular names, by rank.
  package var popular: [Popular] = []
  /// Names never swallowed, by name.
  package var protected: [Protected] = []
  /// Whether there were more than `CollisionSearch.mostListed` of a kind; the rest is not listed.
  package var isCut = false
  /// Problems met, one line each.
  package var problems: [String] = []

  /// Nothing found.
  package init() {}

  /// Whether nothing was found.
  package var isEmpty: Bool { shared.isEmpty && popular.isEmpty && protected.isEmpty }
}
