internal import Evidence

/// One number of the file: where it stands, where it goes and what it may be.
struct ParameterRow {
  /// Path of keys, with dots.
  let path: String
  /// Where it goes.
  let target: WritableKeyPath<ScoringParameters, Double>
  /// What it may be.
  let range: ClosedRange<Double>

  /// Probabilities: 0 and 1 would be certainty, which no lookup can change.
  static let probability = 1e-12...0.999_999
  /// Shares and factors that may be 1.
  static let share = 1e-12...1.0
  /// Natural logarithms of odds.
  static let logarithm = 0.0...100.0
  /// Counts and sizes.
  static let count = 0.0...1e12

  init(
    _ path: String, _ target: WritableKeyPath<ScoringParameters, Double>,
    _ range: ClosedRange<Double>
  ) {
    self.path = path
    self.target = target
    self.range = range
  }

  /// Every number of the file but the tables by suffix and by family.
  static var all: [ParameterRow] {
    priors + names + clock + behaviour + queryTypes + benign + gates
  }

  private static var priors: [ParameterRow] {
    [
      ParameterRow("prior.infected", \.prior.infected, probability),
      ParameterRow("prior.analyst", \.prior.analyst, probability),
      ParameterRow("prior.relay", \.prior.relay, probability),
      ParameterRow("prior.known_analyst", \.prior.knownAnalyst, probability),
      ParameterRow("prior.known_relay", \.prior.knownRelay, probability),
      ParameterRow("prior.false_positive", \.prior.falsePositive, share),
      ParameterRow("forgery.attested", \.forgery.attested, probability),
      ParameterRow("forgery.listed", \.forgery.listed, probability),
      ParameterRow("forgery.open", \.forgery.open, probability),
      ParameterRow("forgery.unanswered", \.forgery.unanswered, share),
    ]
  }

  private static var names: [ParameterRow] {
    [
      ParameterRow("names.clamp", \.names.clamp, logarithm),
      ParameterRow("names.walked", \.names.walked, share),
      ParameterRow("names.analyst", \.names.analyst, share),
      ParameterRow("names.relay", \.names.relay, share),
      ParameterRow("names.few_names", \.names.fewNames, count),
      ParameterRow("names.further_day", \.names.furtherDay, logarithm),
      ParameterRow("names.further_day_relay", \.names.furtherDayRelay, logarithm),
      ParameterRow("names.pace", \.names.pace, 1...1e12),
      ParameterRow("names.pace_infected", \.names.paceInfected, share),
      ParameterRow("names.excess_infected", \.names.excessInfected, share),
    ]
  }

  private static var clock: [ParameterRow] {
    [
      ParameterRow("clock.grace_hours", \.clock.graceHours, 0...8760),
      ParameterRow("clock.constant", \.clock.constant, share),
    ] + timing("clock.inside", \.clock.inside) + timing("clock.stale", \.clock.stale)
      + timing("clock.future", \.clock.future) + timing("clock.scattered", \.clock.scattered)
  }

  private static func timing(
    _ path: String,
    _ target: WritableKeyPath<ScoringParameters, ScoringParameters.Timing>
  ) -> [ParameterRow] {
    [
      ParameterRow(path + ".infected", target.appending(path: \.infected), share),
      ParameterRow(path + ".analyst", target.appending(path: \.analyst), share),
      ParameterRow(path + ".relay", target.appending(path: \.relay), share),
    ]
  }

  private static var behaviour: [ParameterRow] {
    [
      ParameterRow("order.ascending", \.order.ascending, probability),
      ParameterRow("order.analyst", \.order.analyst, probability),
      ParameterRow("order.chance", \.order.chance, probability),
      ParameterRow("order.limit", \.order.limit, logarithm),
      ParameterRow("breadth.window_hours", \.breadth.windowHours, 1...8760),
      ParameterRow("breadth.infected", \.breadth.infected, share),
      ParameterRow("breadth.infected_further", \.breadth.infectedFurther, share),
      ParameterRow("breadth.infected_later", \.breadth.infectedLater, share),
      ParameterRow("breadth.analyst", \.breadth.analyst, share),
      ParameterRow("breadth.analyst_most", \.breadth.analystMost, 1...1e6),
      ParameterRow("breadth.relay", \.breadth.relay, share),
      ParameterRow("breadth.relay_further", \.breadth.relayFurther, share),
      ParameterRow("rhythm.burst_minutes", \.rhythm.burstMinutes, 1...525_600),
      ParameterRow("rhythm.tolerance", \.rhythm.tolerance, share),
      ParameterRow("rhythm.fitting", \.rhythm.fitting, logarithm),
      ParameterRow("rhythm.nxdomain_limit", \.rhythm.nxdomainLimit, logarithm),
    ]
  }

  private static var queryTypes: [ParameterRow] {
    kind("query_types.address", \.queryTypes.address)
      + kind("query_types.service", \.queryTypes.service)
      + kind("query_types.other", \.queryTypes.other)
      + [ParameterRow("query_types.most", \.queryTypes.most, 1...64)]
  }

  private static func kind(
    _ path: String,
    _ target: WritableKeyPath<ScoringParameters, ScoringParameters.QueryKind>
  ) -> [ParameterRow] {
    [
      ParameterRow(path + ".background", target.appending(path: \.background), share),
      ParameterRow(path + ".infected", target.appending(path: \.infected), share),
      ParameterRow(path + ".analyst", target.appending(path: \.analyst), share),
      ParameterRow(path + ".relay", target.appending(path: \.relay), share),
    ]
  }

  private static var benign: [ParameterRow] {
    [
      ParameterRow("benign.floor", \.benign.floor, probability),
      ParameterRow("benign.registered", \.benign.registered, probability),
      ParameterRow("benign.top_rank", \.benign.topRank, share),
      ParameterRow("benign.ranked", \.benign.ranked, probability),
      ParameterRow("benign.word_list", \.benign.wordList, probability),
      ParameterRow("benign.weight_client_days", \.benign.weightClientDays, 1...1e15),
      ParameterRow("benign.colliding", \.benign.colliding, probability),
      ParameterRow("benign.false_positive", \.benign.falsePositive, 1...1e9),
      ParameterRow("benign.other_registrations", \.benign.otherRegistrations, count),
    ]
  }

  private static var gates: [ParameterRow] {
    [
      ParameterRow("gates.suspected", \.gates.suspected, share),
      ParameterRow("gates.benign_margin", \.gates.benignMargin, 1...1e6),
      ParameterRow("gates.likely", \.gates.likely, share),
      ParameterRow("gates.likely_names", \.gates.likelyNames, 1...64),
      ParameterRow("gates.confirmed", \.gates.confirmed, share),
      ParameterRow("gates.confirmed_names", \.gates.confirmedNames, 1...64),
      ParameterRow("gates.confirmed_bursts", \.gates.confirmedBursts, 1...1000),
      ParameterRow("gates.confirmed_breadth", \.gates.confirmedBreadth, 1...1000),
      ParameterRow("ageing.half_life_days", \.ageing.halfLifeDays, 0.01...3650),
      ParameterRow("ageing.closing_days", \.ageing.closingDays, 0.05...3650),
      ParameterRow("quarantine.clients", \.quarantine.clients, 1...1e12),
      ParameterRow("quarantine.factor", \.quarantine.factor, 1...1e12),
      ParameterRow("quarantine.first_names", \.quarantine.firstNames, count),
    ]
  }
}
