/// What the score must know of an algorithm: how its bots walk their list.
///
/// The composition root fills a `FamilyFactsTable` from the models' metadata; feeds have none.
package struct FamilyFacts: Equatable, Sendable {
  /// In which order bots ask for the names of a list.
  package enum Order: UInt8, Sendable {
    /// From the first to the last.
    case listed
    /// Drawn at random.
    case random
    /// Not known: taken as listed for nothing, as random for nothing.
    case unknown
  }

  /// How the list is walked.
  package var order: Order
  /// Names that one list has, about; nil = not known.
  package var pool: Int?
  /// Names that one run asks for before it rests; nil = not known, or all of them.
  package var triesPerRun: Int?
  /// Whether names are words put together: such names collide with names people use.
  package var isWordList: Bool

  /// Makes the facts; without arguments: nothing is known.
  package init(
    order: Order = .unknown, pool: Int? = nil, triesPerRun: Int? = nil, isWordList: Bool = false
  ) {
    self.order = order
    self.pool = pool
    self.triesPerRun = triesPerRun
    self.isWordList = isWordList
  }

  /// Nothing is known.
  package static let unknown = FamilyFacts()
}

/// Facts by family and variant.
package struct FamilyFactsTable: Equatable, Sendable {
  private var facts: [Key: FamilyFacts] = [:]

  private struct Key: Hashable {
    var family: String
    var variant: String
  }

  /// An empty table: nothing is known of any family.
  package init() {}

  /// Sets the facts of a variant (`""`: the family's only or default variant).
  package mutating func set(_ value: FamilyFacts, family: String, variant: String) {
    facts[Key(family: family, variant: variant)] = value
  }

  /// The facts of a variant; those of the default variant, else nothing known, when it has none.
  package func facts(family: String, variant: String) -> FamilyFacts {
    facts[Key(family: family, variant: variant)] ?? facts[Key(family: family, variant: "")]
      ?? .unknown
  }
}
