/// The states of one suspect: of the client, and of each family it asked for.
///
/// Whoever stores them may keep the parts apart; this is the order in which a hit is folded in.
package struct SuspectStates: Equatable, Sendable {
  /// Over all families.
  package var client = ClientState()
  /// By family id.
  package var episodes: [String: EpisodeState] = [:]

  /// Nothing is known yet.
  package init() {}

  /// Folds one stored hit in; tells what it did to which family's episode.
  ///
  /// Hits come in the order of their numbers.
  @discardableResult
  package mutating func add(
    _ hit: HitRow, parameters: ScoringParameters
  ) -> [(family: String, change: EpisodeState.Change)] {
    let observations = Observation.read(hit)
    guard !observations.isEmpty else { return [] }
    client.add(hit, rules: parameters.foldRules(family: observations[0].family))
    return observations.map { observation in
      let rules = parameters.foldRules(family: observation.family)
      let change = episodes[observation.family, default: EpisodeState()]
        .add(observation, rules: rules)
      return (observation.family, change)
    }
  }
}
