/// Judges an episode: five hypotheses compete, every term is kept, gates decide what may follow.
///
/// `ln(odds) = ln(π / (1 − π)) + Σ terms` for each of infected, analyst and relay against benign;
/// a forger can imitate the strongest of them, so `spoofed = ln σ + max(evidence)` wherever the
/// address is not verified. The model, and what it does not know, stands in docs/evidence.md.
package struct Scorer: Sendable {
  /// The numbers.
  package let parameters: ScoringParameters

  /// A scorer with these numbers.
  package init(_ parameters: ScoringParameters) { self.parameters = parameters }

  /// The score of an episode at an instant, microseconds since 1970.
  ///
  /// Where only some lookups are verified, the better of two scores holds: that of the verified
  /// lookups alone, and that of all with the forger among the hypotheses.
  package func score(
    _ episode: EpisodeState, family: String, client: ClientState, context: ScoringContext,
    at instant: Int64
  ) -> Score {
    guard !episode.names.isEmpty else {
      var score = Score()
      score.version = parameters.version
      score.instant = instant
      return score
    }
    func judged(verifiedOnly: Bool) -> Score {
      judge(
        ScoreBasis(
          episode, client: client, family: family, context: context, parameters: parameters,
          instant: instant, verifiedOnly: verifiedOnly))
    }
    let verifiedNames = episode.names.count { $0.lastVerified != nil }
    if verifiedNames == episode.names.count { return judged(verifiedOnly: true) }
    let all = judged(verifiedOnly: false)
    guard verifiedNames > 0 else { return all }
    let verified = judged(verifiedOnly: true)
    let isBetter = (verified.gate, verified.confidence) >= (all.gate, all.confidence)
    return isBetter ? verified : all
  }

  private func judge(_ basis: ScoreBasis) -> Score {
    var score = Score()
    score.version = parameters.version
    score.instant = basis.instant
    score.countsVerifiedOnly = basis.verifiedOnly
    score.terms = basis.terms()
    let prior = score.sum(ofPrior: true)
    let evidence = score.sum(ofPrior: false)
    (score.probabilities, score.spoofed) = probabilities(prior, evidence, basis)
    if score.confidence >= parameters.gates.likely {
      let cautious = score.terms.reduce(evidence) {
        $1.name == "name" ? $0 + $1.values * -1 : $0
      }
      let names = basis.nameValues(benignFactor: parameters.gates.benignMargin)
      score.cautiousConfidence =
        probabilities(
          prior, names.reduce(cautious, +), basis
        ).0.infected
    }
    measure(basis, into: &score)
    score.gate = gate(of: score, basis)
    explain(basis, into: &score)
    return score
  }

  /// What the terms add up to; where the address is not verified, against a forger who imitates
  /// whatever a forger can.
  private func probabilities(
    _ prior: HypothesisValues, _ evidence: HypothesisValues, _ basis: ScoreBasis
  ) -> (Score.Probabilities, spoofed: Double?) {
    let forger = NaturalLogarithm.of(forgeryRate(basis.context))
    let spoofed = basis.verifiedOnly ? nil : forger + evidence.most
    return (Self.softmax(prior + evidence, spoofed: spoofed), spoofed)
  }

  /// σ: the probability of a forger.
  func forgeryRate(_ context: ScoringContext) -> Double {
    switch context.assurance {
    case .attested: parameters.forgery.attested
    case .listed: parameters.forgery.listed
    case .open: parameters.forgery.open
    }
  }

  static func softmax(_ sum: HypothesisValues, spoofed: Double?) -> Score.Probabilities {
    // Subtracting the largest keeps the powers within what a Double holds.
    let most = max(0, sum.most, spoofed ?? 0)
    func power(_ value: Double) -> Double { NaturalLogarithm.inverse(value - most) }
    let parts = (
      benign: power(0), infected: power(sum.infected), analyst: power(sum.analyst),
      relay: power(sum.relay), spoofed: spoofed.map(power) ?? 0
    )
    let total = parts.benign + parts.infected + parts.analyst + parts.relay + parts.spoofed
    return Score.Probabilities(
      benign: parts.benign / total, infected: parts.infected / total,
      analyst: parts.analyst / total, relay: parts.relay / total,
      spoofed: parts.spoofed / total)
  }
}
