/// The terms of the sum. `ln` of a probability of 0 must not occur: the file's ranges see to it.
extension ScoreBasis {
  /// All terms, the prior first.
  func terms() -> [Score.Term] {
    var terms = [priorTerm()]
    terms += nameTerms()
    let others = [
      scatterTerm(), orderTerm(), breadthTerm(), queryTypeTerm(), rhythmTerm(), nxdomainTerm(),
      daysTerm(), paceTerm(), excessTerm(), challengeTerm(),
    ]
    return terms + others.compactMap { $0 }
  }

  // MARK: Prior

  private func priorTerm() -> Score.Term {
    let analyst =
      context.network == .hosting
      ? parameters.prior.knownAnalyst : parameters.prior.analyst
    let relay = context.network == .mail ? parameters.prior.knownRelay : parameters.prior.relay
    return Score.Term(
      name: "prior", detail: context.devices > 1 ? "\(context.devices) devices" : "",
      values: HypothesisValues(infected: infectedPrior, analyst: analyst, relay: relay)
        .map(Self.logOdds), isPrior: true)
  }

  /// π of the infected hypothesis: per device, so larger behind a shared address.
  var infectedPrior: Double {
    let single =
      context.learnedPrior ?? special.prior
      ?? parameters.prior.infected
    let found =
      Double(context.falsePositives)
      * NaturalLogarithm.of(parameters.prior.falsePositive)
    return anyOf(context.devices, single) * NaturalLogarithm.inverse(min(0, found))
  }

  /// 1 − (1 − p)ⁿ, exact for small p.
  private func anyOf(_ count: Int, _ probability: Double) -> Double {
    guard count > 1, probability < 1 else { return probability }
    return -NaturalLogarithm.inverseMinusOne(
      Double(count) * NaturalLogarithm.ofOnePlus(-probability))
  }

  private static func logOdds(_ probability: Double) -> Double {
    NaturalLogarithm.of(probability) - NaturalLogarithm.ofOnePlus(-probability)
  }

  // MARK: Names

  private func nameTerms() -> [Score.Term] {
    zip(counted, nameValues()).map { entry, values in
      Score.Term(name: "name", detail: entry.name.text, values: values)
    }
  }

  /// What each name adds.
  ///
  /// - Parameter benignFactor: times that people ask for names oftener than assumed.
  func nameValues(benignFactor: Double = 1) -> [HypothesisValues] {
    var explained: Set<Int> = []
    return counted.map { entry in
      let timing = timing(of: entry.name, explained: &explained)
      guard !entry.isQuarantined else { return HypothesisValues() }
      let rate = anyOf(context.devices, min(1, entry.benignRate * benignFactor))
      return values(of: entry.name, timing: timing, benignRate: rate) * entry.weight
    }
  }

  private func values(
    of name: NameEvidence, timing: ScoringParameters.Timing, benignRate: Double
  ) -> HypothesisValues {
    let names = parameters.names
    let seen = shareSeen(name)
    return HypothesisValues(
      infected: min(names.walked, seen.bot) * timing.infected,
      analyst: min(names.analyst, seen.anybody) * timing.analyst,
      relay: min(names.relay, seen.anybody) * timing.relay
    ).map { min(max(NaturalLogarithm.of($0 / benignRate), -names.clamp), names.clamp) }
  }

  /// The share of its list that was asked for in a day, at the place of a name, as far as it is
  /// known: q is no larger than that for anybody.
  ///
  /// A walk in the list's order reaches its first names nearly always. Anywhere else a name stands
  /// for a draw from the whole list: two names of 2,610 in a fortnight say less than two of twelve
  /// in a day, because people ask for more of many names than of few.
  private func shareSeen(_ name: NameEvidence) -> (bot: Double, anybody: Double) {
    let facts = facts(of: name.generator)
    guard let pool = facts.pool, pool > 0 else { return (1, 1) }
    let tries = special.triesPerDay ?? facts.triesPerRun.map(Double.init)
    if facts.order == .listed, let ordinal = name.ordinal,
      Double(ordinal) < max(tries ?? 0, namesPerDay + Double(ListWalk.stride))
    {
      return (1, 1)
    }
    let seen = namesPerDay / Double(pool)
    return (min(seen, (tries ?? .infinity) / Double(pool)), seen)
  }

  /// k: how well the time of a lookup fits; the second name of one clock error fits well.
  private func timing(
    of name: NameEvidence, explained: inout Set<Int>
  ) -> ScoringParameters.Timing {
    switch name.timing {
    case .inside: return parameters.clock.inside
    case .scattered:
      let seconds = name.first / UTCTime.microsecondsPerSecond
      return name.validTo.map { $0 <= seconds } ?? false
        ? parameters.clock.stale : parameters.clock.future
    case .offset(let at):
      var timing = episode.offsets[at].most <= 0 ? parameters.clock.stale : parameters.clock.future
      if !explained.insert(at).inserted { timing.infected = parameters.clock.constant }
      return timing
    }
  }

  /// Clock errors beyond the first: no bot has two clocks.
  private func scatterTerm() -> Score.Term? {
    var clocks: Set<Int> = []
    var scattered = 0
    for entry in counted {
      if case .offset(let at) = entry.name.timing { clocks.insert(at) }
      if entry.name.timing == .scattered { scattered += 1 }
    }
    let further = max(0, clocks.count - 1) + min(scattered, EpisodeState.maximumOffsets)
    guard further > 0 else { return nil }
    let each = parameters.clock.scattered
    let values = HypothesisValues(
      infected: each.infected, analyst: each.analyst, relay: each.relay
    ).map(NaturalLogarithm.of)
    return Score.Term(
      name: "clock", detail: "\(further) further clock errors",
      values: values * (Double(further) * trackWeight))
  }

  // MARK: Behaviour

  private func orderTerm() -> Score.Term? {
    guard facts.order == .listed, track.pairs > 0 else { return nil }
    let order = parameters.order
    return Score.Term(
      name: "order", detail: "\(track.ascending) of \(track.pairs) pairs ascend",
      values: HypothesisValues(
        infected: orderValue(order.ascending), analyst: orderValue(order.analyst)) * trackWeight)
  }

  /// What the pairs say for somebody who asks in ascending order with a probability.
  private func orderValue(_ ascending: Double) -> Double {
    let order = parameters.order
    let up = Double(track.ascending)
    let down = Double(track.pairs) - up
    let sum =
      up * NaturalLogarithm.of(ascending / order.chance)
      + down * NaturalLogarithm.of((1 - ascending) / (1 - order.chance))
    return min(max(sum, -order.limit), order.limit)
  }

  /// Families and seeds that the client asks for within the window.
  var breadth: Int {
    let rules = parameters.foldRules(family: family)
    return client.breadth(at: instant, verifiedOnly: verifiedOnly, rules: rules)
  }

  private func breadthTerm() -> Score.Term? {
    let rules = parameters.foldRules(family: family)
    let number = breadth
    let variety = client.variety(at: instant, verifiedOnly: verifiedOnly, rules: rules)
    return Score.Term(
      name: "breadth",
      detail: (number == 1 ? "1 family and seed" : "\(number) families and seeds")
        + (variety > number ? ", \(variety) in a week" : ""),
      values: breadthValues(number, later: max(0, variety - number)))
  }

  private func breadthValues(_ number: Int, later: Int) -> HypothesisValues {
    let breadth = parameters.breadth
    // Behind a shared address further families are further customers.
    let others = context.devices > 1 ? infectedPrior : 0
    let more = Double(number - 1)
    let infected =
      NaturalLogarithm.of(breadth.infected)
      + more * NaturalLogarithm.of(max(breadth.infectedFurther, others))
      + Double(later) * NaturalLogarithm.of(max(breadth.infectedLater, others))
    let analyst = breadth.analyst * min(1, breadth.analystMost / Double(number))
    return HypothesisValues(
      infected: infected, analyst: NaturalLogarithm.of(analyst),
      relay: NaturalLogarithm.of(breadth.relay) + more * NaturalLogarithm.of(breadth.relayFurther))
  }

  private func queryTypeTerm() -> Score.Term? {
    guard !counted.isEmpty else { return nil }
    var values = HypothesisValues()
    var weight = 0.0
    var numbers = (address: 0, service: 0, other: 0)
    for entry in counted {
      let kind: ScoringParameters.QueryKind
      if entry.name.kinds.contains(.service) {
        kind = parameters.queryTypes.service
        numbers.service += 1
      } else if entry.name.kinds.contains(.address) {
        kind = parameters.queryTypes.address
        numbers.address += 1
      } else {
        kind = parameters.queryTypes.other
        numbers.other += 1
      }
      let term = HypothesisValues(
        infected: kind.infected, analyst: kind.analyst, relay: kind.relay
      ).map { NaturalLogarithm.of($0 / kind.background) }
      values = values + term * entry.weight
      weight += entry.weight
    }
    // Names of one run are asked for alike: many say no more than some.
    let part = weight > 0 ? min(1, parameters.queryTypes.most / weight) : 1
    return Score.Term(
      name: "query types",
      detail: "\(numbers.address) A/AAAA, \(numbers.service) HTTPS, \(numbers.other) other",
      values: values * part)
  }

  private func rhythmTerm() -> Score.Term? {
    guard let retry = special.retryMinutes, track.bursts >= 2,
      let median = medianGap
    else { return nil }
    let fits = abs(median / (retry * 60) - 1) <= parameters.rhythm.tolerance
    guard fits else { return nil }
    return Score.Term(
      name: "rhythm", detail: "bursts every \(Int(median / 60)) minutes, as the family retries",
      values: HypothesisValues(infected: parameters.rhythm.fitting * trackWeight))
  }

  /// Median of the seconds between bursts.
  private var medianGap: Double? {
    let gaps = track.gaps.sorted()
    guard !gaps.isEmpty else { return nil }
    let middle = gaps.count / 2
    return gaps.count.isMultiple(of: 2)
      ? (Double(gaps[middle - 1]) + Double(gaps[middle])) / 2 : Double(gaps[middle])
  }

  private func nxdomainTerm() -> Score.Term? {
    guard let ratio = context.nxdomainRatio, ratio > 1 else { return nil }
    let value = min(NaturalLogarithm.of(ratio), parameters.rhythm.nxdomainLimit)
    return Score.Term(
      name: "nxdomain", detail: "more names that do not exist than usual",
      values: HypothesisValues(infected: value * trackWeight))
  }

  /// Families with few names cannot show many: further days say what names cannot.
  private func daysTerm() -> Score.Term? {
    guard countsDays, track.days > 1, counted.contains(where: { !isColliding($0) }) else {
      return nil
    }
    let further = Double(min(track.days - 1, 2)) * trackWeight
    return Score.Term(
      name: "days", detail: "\(track.days) days",
      values: HypothesisValues(
        infected: parameters.names.furtherDay, relay: parameters.names.furtherDayRelay) * further)
  }

  private func paceTerm() -> Score.Term? {
    guard context.devices == 1, Double(episode.busiestMinute) > parameters.names.pace else {
      return nil
    }
    return Score.Term(
      name: "pace", detail: "\(episode.busiestMinute) new names in a minute",
      values: HypothesisValues(
        infected: NaturalLogarithm.of(parameters.names.paceInfected) * trackWeight))
  }

  /// More names than its runs can have asked for.
  private func excessTerm() -> Score.Term? {
    guard context.devices == 1, let pool = facts.pool, let tries = facts.triesPerRun, tries < pool,
      Double(episode.distinctNames) > 2 * Double(tries) * Double(max(1, track.bursts))
    else { return nil }
    return Score.Term(
      name: "excess", detail: "\(episode.distinctNames) names, a run has \(tries)",
      values: HypothesisValues(
        infected: NaturalLogarithm.of(parameters.names.excessInfected) * trackWeight))
  }

  /// Who was asked to come back over TCP and did not: rarer for a real client than for a forger.
  private func challengeTerm() -> Score.Term? {
    guard !verifiedOnly, episode.challenged > 0, episode.verified.lookups == 0 else { return nil }
    let value = NaturalLogarithm.of(parameters.forgery.unanswered)
    // What a forger cannot imitate must not count as evidence that it imitates.
    return Score.Term(
      name: "challenge", detail: "\(episode.challenged) not answered",
      values: HypothesisValues(infected: value, analyst: value, relay: value), isPrior: true)
  }
}
