internal import Evidence

/// What scoring takes beside the episodes: options, and what was learned of names.
final class Scoring {
  let options: EvidenceOptions
  let maker: RecordMaker
  /// How often people ask for names for other reasons.
  var benign: BenignRates
  private let scorer: Scorer

  init(_ options: EvidenceOptions, benign: BenignRates = BenignRates()) {
    self.options = options
    self.benign = benign
    maker = RecordMaker(options: options)
    scorer = Scorer(options.parameters)
  }

  /// What is concluded of an episode at an instant.
  func score(
    _ episode: WorkingSet.EpisodeEntry, client: ClientState, at instant: Int64
  ) -> Score {
    score(
      episode.row, client: client, network: episode.network,
      isFalsePositive: episode.caseRow.facts.state == .falsePositive, at: instant)
  }

  /// What is concluded of a stored episode at an instant, microseconds since 1970.
  func score(
    _ row: EpisodeRow, client: ClientState, network: ScoringContext.Network,
    isFalsePositive: Bool, at instant: Int64
  ) -> Score {
    let context = ScoringContext(
      scope: row.scope, devices: row.devices, network: network, assurance: options.assurance,
      falsePositives: isFalsePositive ? 1 : 0, facts: options.facts, benign: benign)
    return scorer.score(
      row.state, family: row.family, client: client, context: context, at: instant)
  }
}
