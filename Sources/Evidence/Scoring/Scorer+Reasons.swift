extension Scorer {
  /// Writes down why, what limits it, and what would change it.
  func explain(_ basis: ScoreBasis, into score: inout Score) {
    score.reasons = supports(basis, score) + limits(basis, score)
    score.raises = raises(basis, score)
    score.lowers = lowers(basis, score)
  }

  // MARK: Why

  private func supports(_ basis: ScoreBasis, _ score: Score) -> [String] {
    var reasons = [
      "\(Self.plural(score.distinctNames, "distinct name")) of \(basis.family) on "
        + "\(Self.plural(score.days, "day")), in \(Self.plural(score.bursts, "burst"))."
    ]
    let track = basis.track
    if basis.facts.order == .listed, track.pairs > 0 {
      reasons.append(
        "\(track.ascending) of \(Self.plural(Int(track.pairs), "pair")) of names follow the "
          + "order of the family's list.")
    }
    if score.terms.contains(where: { $0.name == "rhythm" }) {
      reasons.append("Lookups come in the family's retry interval.")
    }
    if let days = score.clockSkewDays {
      let direction = days < 0 ? "slow" : "fast"
      reasons.append(
        "The names are those of a clock that is constantly \(Self.plural(abs(days), "day")) "
          + "\(direction).")
    }
    if score.devicesAtLeast > 1 {
      reasons.append("At least \(score.devicesAtLeast) devices walk the list at the same time.")
    }
    switch score.earlyStop {
    case .server:
      reasons.append("The walk stopped early at a name that was not ours: its server may live.")
    case .sinkhole: reasons.append("The walk stopped when the sinkhole answered.")
    case nil: break
    }
    return reasons
  }

  private func limits(_ basis: ScoreBasis, _ score: Score) -> [String] {
    var reasons: [String] = []
    if !basis.verifiedOnly {
      let prior = basis.infectedPrior
      let bound = prior / (prior + forgeryRate(basis.context))
      reasons.append(
        "No verified lookup counts: with sources that may be forged the probability stays below "
          + "\(Self.rounded(bound)).")
    }
    switch basis.context.scope {
    case .line: break
    case .shared:
      reasons.append(
        "About \(basis.context.devices) devices share the address: one of them is meant, which is "
          + "not known.")
    case .forwarder:
      reasons.append("The client asks for others: a device behind it is meant.")
    }
    if score.collidingNames > 0 {
      reasons.append(
        "\(Self.plural(score.collidingNames, "name")) collide with names people use, and confirm "
          + "nothing.")
    }
    if score.gate == .suspected, score.confidence >= parameters.gates.likely,
      score.cautiousConfidence < parameters.gates.likely
    {
      reasons.append("The names are such that people may ask for them: chance is not excluded.")
    }
    switch score.probabilities.leading {
    case .analyst: reasons.append("The lookups are rather those of an analyst or scanner.")
    case .relay: reasons.append("The lookups are rather those of a mail server or gateway.")
    case .spoofed: reasons.append("The lookups may be forged by somebody else.")
    case .benign, .infected: break
    }
    if basis.context.falsePositives > 0 {
      reasons.append("It was found to be a false positive before.")
    }
    return reasons
  }

  // MARK: What would change it

  private func raises(_ basis: ScoreBasis, _ score: Score) -> [String] {
    guard score.gate < .confirmed else { return [] }
    var hints: [String] = []
    let gates = parameters.gates
    let missing = gates.confirmedNames - Double(namesForGates(score, basis))
    if missing > 0 {
      let unit = basis.countsDays ? "day" : "distinct name"
      hints.append("\(Self.plural(Int(missing.rounded(.up)), "more \(unit)")).")
    }
    if Double(score.bursts) < gates.confirmedBursts {
      hints.append(
        "Lookups in another burst, at least \(Int(parameters.rhythm.burstMinutes)) minutes later.")
    }
    if !basis.verifiedOnly { hints.append("The same over TCP, TLS, HTTPS or with a cookie.") }
    if basis.context.scope != .line {
      hints.append("To know which line had the address: attribution.")
    }
    return hints
  }

  private func lowers(_ basis: ScoreBasis, _ score: Score) -> [String] {
    guard score.gate > .recorded else { return [] }
    let half = Int(parameters.ageing.halfLifeDays)
    return [
      "Silence: what was seen says half as much after \(Self.plural(half, "day")).",
      "Names of other families or of other dates, as analysts ask for.",
      "The same names asked for by clients that are not infected.",
    ]
  }

  static func plural(_ number: Int, _ noun: String) -> String {
    number == 1 ? "1 \(noun)" : "\(number) \(noun)s"
  }

  static func rounded(_ value: Double) -> String {
    String((value * 1000).rounded() / 1000)
  }
}
