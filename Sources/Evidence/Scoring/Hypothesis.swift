/// What may explain a suspect's lookups of one family.
package enum Hypothesis: String, Sendable, CaseIterable {
  /// Coincidence: names that somebody uses for another reason.
  case benign
  /// A device behind the suspect runs the family.
  case infected
  /// An analyst, scanner or sandbox works through names.
  case analyst
  /// A mail server, security gateway or similar asks for names it met.
  case relay
  /// Somebody else forged the suspect's address.
  case spoofed
}

/// One number for each hypothesis; natural logarithms of odds against `benign`, whose own is 0.
package struct HypothesisValues: Equatable, Sendable {
  /// For `infected`.
  package var infected: Double
  /// For `analyst`.
  package var analyst: Double
  /// For `relay`.
  package var relay: Double

  /// Makes values; what is not given is 0.
  package init(infected: Double = 0, analyst: Double = 0, relay: Double = 0) {
    self.infected = infected
    self.analyst = analyst
    self.relay = relay
  }

  /// The sum, number by number.
  package static func + (left: HypothesisValues, right: HypothesisValues) -> HypothesisValues {
    HypothesisValues(
      infected: left.infected + right.infected, analyst: left.analyst + right.analyst,
      relay: left.relay + right.relay)
  }

  /// Every number times a factor.
  package static func * (left: HypothesisValues, factor: Double) -> HypothesisValues {
    left.map { $0 * factor }
  }

  /// Every number, changed.
  package func map(_ change: (Double) -> Double) -> HypothesisValues {
    HypothesisValues(
      infected: change(infected), analyst: change(analyst), relay: change(relay))
  }

  /// The largest.
  var most: Double { max(infected, analyst, relay) }
}
