import Evidence
import EvidenceParameters

/// Lookups of one suspect, and what they are judged with.
struct Case {
  var lookups: [Lookup]
  var context = ScoringContext()
  var facts = FamilyFacts()
  var parameters = Case.parameters

  /// The built-in numbers.
  static let parameters: ScoringParameters = {
    do { return try EvidenceParameters.builtIn() } catch { fatalError("\(error)") }
  }()

  init(_ lookups: [Lookup], facts: FamilyFacts = FamilyFacts()) {
    self.lookups = lookups
    self.facts = facts
    context.assurance = .attested
  }

  /// The states after all lookups, in their order.
  var states: SuspectStates {
    var states = SuspectStates()
    for (index, lookup) in lookups.enumerated() {
      states.add(lookup.hit(Int64(index + 1)), parameters: parameters)
    }
    return states
  }

  /// The score of a family, at its last lookup or some days later.
  func score(family: String = "demo", daysLater: Double = 0) -> Score {
    var context = context
    for family in Set(lookups.map(\.family)) {
      context.facts.set(facts, family: family, variant: "")
    }
    let states = states
    guard let episode = states.episodes[family] else { return Score() }
    return Scorer(parameters).score(
      episode, family: family, client: states.client, context: context,
      at: episode.last + Int64(daysLater * 86_400_000_000))
  }

  /// b of a name in these tests.
  mutating func setRank(_ rank: UInt32, of name: String) {
    var counts = BenignRates.Counts()
    counts.rank = rank
    context.benign.counts[ListedName.key(Lookup.wire(name))] = counts
  }
}

extension Lookup {
  /// Names of a list one after the other, some seconds apart.
  static func walk(
    _ count: Int, from ordinal: Int = 0, every seconds: Double = 2,
    change: (inout Lookup) -> Void = { _ in }
  ) -> [Lookup] {
    (0..<count).map { index in
      var lookup = Lookup()
      lookup.name = longName(ordinal + index)
      lookup.ordinal = UInt32(ordinal + index)
      lookup.at = Double(index) * seconds
      change(&lookup)
      return lookup
    }
  }
}
