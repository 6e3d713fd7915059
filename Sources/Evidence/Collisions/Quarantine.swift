/// Finds names that suddenly draw many unlikely clients: probably people use them.
package enum Quarantine {
  /// One name of a list, with its numbers of a day.
  package struct Candidate: Equatable, Sendable {
    /// `ListedName.key` of the name.
    package var name: UInt64
    /// Clients that asked for this listed name only, and have no other evidence.
    package var clients: UInt64
    /// Place in the list; nil = none.
    package var ordinal: UInt32?
    /// Whether it was answered with the sinkhole's address, which ends a bot's walk.
    package var endsWalk: Bool

    /// Makes a candidate.
    package init(name: UInt64, clients: UInt64, ordinal: UInt32?, endsWalk: Bool) {
      self.name = name
      self.clients = clients
      self.ordinal = ordinal
      self.endsWalk = endsWalk
    }
  }

  /// A name to quarantine, and why.
  package struct Finding: Equatable, Sendable {
    /// `ListedName.key` of the name.
    package var name: UInt64
    /// Clients that asked for it only.
    package var clients: UInt64
    /// What its siblings draw on average.
    package var usual: Double
  }

  /// Names of a day that draw far more clients with one name than their siblings.
  ///
  /// - Parameters:
  ///   - day: what a day's sketch counted.
  ///   - names: the names of that day, by their keys.
  package static func find(
    _ day: [UInt64: DaySketch.NameCounts], names: [UInt64: ListedLookup], facts: FamilyFactsTable,
    parameters: ScoringParameters.Quarantine
  ) -> [Finding] {
    var lists: [ListedLookup.List: [Candidate]] = [:]
    for (key, counts) in day {
      guard let name = names[key] else { continue }
      lists[name.list, default: []].append(
        Candidate(
          name: key, clients: counts.inside, ordinal: name.ordinal, endsWalk: name.endsWalk))
    }
    return lists.flatMap { list, candidates in
      let variant = String(list.generator.prefix { $0 != "/" })
      let pool = facts.facts(family: list.family, variant: variant).pool
      return find(candidates, pool: pool ?? candidates.count, parameters: parameters)
    }.sorted { ($0.clients, $0.name) > ($1.clients, $1.name) }
  }

  /// Names of one family, seed and period that draw far more clients with one name than the others.
  ///
  /// Infected clients ask for several names, or, where the first answer ends their walk, for the
  /// first of the list: those places are exempt. A name people use draws clients that never ask for
  /// another one.
  ///
  /// - Parameters:
  ///   - siblings: the names of the list that were asked for.
  ///   - pool: names that the list has.
  package static func find(
    _ siblings: [Candidate], pool: Int, parameters: ScoringParameters.Quarantine
  ) -> [Finding] {
    let total = siblings.reduce(0.0) { $0 + Double($1.clients) }
    let others = Double(max(1, max(pool, siblings.count) - 1))
    return siblings.filter { candidate in
      let isExempt =
        candidate.endsWalk && candidate.ordinal.map { Double($0) < parameters.firstNames } ?? false
      return !isExempt && Double(candidate.clients) >= parameters.clients
    }.compactMap { candidate in
      let usual = (total - Double(candidate.clients)) / others
      guard Double(candidate.clients) >= parameters.factor * (usual + 1) else { return nil }
      return Finding(name: candidate.name, clients: candidate.clients, usual: usual)
    }
  }
}
