/// What was concluded of one suspect and family at one instant, with everything it was made of.
package struct Score: Equatable, Sendable {
  /// One term of the sum.
  package struct Term: Equatable, Sendable {
    /// What it is about: `prior`, `name`, `clock`, `order`, `breadth`, `query types`, `rhythm`,
    /// `nxdomain`, `days`, `pace`, `excess`, `challenge`, `forgery`.
    package var name: String
    /// What of it: the listed name, counts, distances.
    package var detail: String
    /// What it adds to the logarithm of the odds.
    package var values: HypothesisValues
    /// Whether it belongs to what is known before any lookup.
    package var isPrior: Bool

    /// Makes a term.
    package init(
      name: String, detail: String, values: HypothesisValues, isPrior: Bool = false
    ) {
      self.name = name
      self.detail = detail
      self.values = values
      self.isPrior = isPrior
    }
  }

  /// Probabilities of the hypotheses; they add up to 1.
  package struct Probabilities: Equatable, Sendable {
    /// Of `benign`.
    package var benign = 1.0
    /// Of `infected`.
    package var infected = 0.0
    /// Of `analyst`.
    package var analyst = 0.0
    /// Of `relay`.
    package var relay = 0.0
    /// Of `spoofed`.
    package var spoofed = 0.0

    /// The probability of one of them.
    package subscript(hypothesis: Hypothesis) -> Double {
      switch hypothesis {
      case .benign: benign
      case .infected: infected
      case .analyst: analyst
      case .relay: relay
      case .spoofed: spoofed
      }
    }

    /// The most probable.
    package var leading: Hypothesis {
      Hypothesis.allCases.max { self[$0] < self[$1] } ?? .benign
    }
  }

  /// Why a bot stopped its walk before the list's end.
  package enum EarlyStop: String, Sendable {
    /// After our answer: the sinkhole was what it looked for.
    case sinkhole
    /// After an answer that was not ours: its server probably lives.
    case server
  }

  /// Version of the parameters.
  package var version = ""
  /// The instant it is true for, microseconds since 1970.
  package var instant: Int64 = 0
  /// Probabilities of the hypotheses.
  package var probabilities = Probabilities()
  /// The terms; their sums are the logarithms of the odds.
  package var terms: [Term] = []
  /// ln of the odds of `spoofed`; nil where the address is verified.
  package var spoofed: Double?
  /// P(infected) if people asked for the names much oftener than assumed: what the gates from
  /// `likely` on look at too; 0 where P(infected) does not reach that far.
  package var cautiousConfidence = 0.0
  /// How sure it is.
  package var gate = InfectionRecord.Gate.recorded
  /// Why, and what limits it, for people.
  package var reasons: [String] = []
  /// What would make it surer.
  package var raises: [String] = []
  /// What would make it less sure.
  package var lowers: [String] = []
  /// Whether only verified lookups were counted.
  package var countsVerifiedOnly = false
  /// Distinct names of the generator with most, that still count and collide with nothing.
  package var distinctNames = 0
  /// Names that count but collide with names people use.
  package var collidingNames = 0
  /// Days with a lookup.
  package var days = 0
  /// Bursts of lookups.
  package var bursts = 0
  /// Constant error of the bot's clock, days; nil = none seen.
  package var clockSkewDays: Int?
  /// Infected devices behind the suspect, at least.
  package var devicesAtLeast = 1
  /// Why the bot stopped its walk early; nil = it did not, or nothing says so.
  package var earlyStop: EarlyStop?

  /// P(infected).
  package var confidence: Double { probabilities.infected }

  /// The sum of all terms.
  package var sum: HypothesisValues { sum(ofPrior: true) + sum(ofPrior: false) }

  /// The sum of what is known before any lookup, or of what the lookups say.
  func sum(ofPrior: Bool) -> HypothesisValues {
    terms.reduce(HypothesisValues()) { $1.isPrior == ofPrior ? $0 + $1.values : $0 }
  }

  /// An empty score: nothing was looked up.
  package init() {}
}
