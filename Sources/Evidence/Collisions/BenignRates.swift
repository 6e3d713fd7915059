/// How often uninfected clients ask for a name on one day: what is assumed and what was counted.
package struct BenignRates: Equatable, Sendable {
  /// What was counted of one name on days on which it was not valid, and what people said of it.
  package struct Counts: Equatable, Sendable {
    /// Clients with no other listed name that asked for it, summed over days.
    package var clients: UInt64 = 0
    /// Clients that could have asked, summed over the same days.
    package var clientDays: UInt64 = 0
    /// Its place in the popularity list, from 1; nil = not in it.
    package var rank: UInt32?
    /// Findings that a suspect who asked for it was not infected.
    package var falsePositives: UInt32 = 0
    /// Whether it is quarantined: it says nothing until somebody looks.
    package var isQuarantined = false

    /// Nothing counted.
    package init() {}
  }

  /// Counts by `ListedName.key`; only names with any.
  package var counts: [UInt64: Counts] = [:]

  /// Nothing learned.
  package init() {}

  /// Whether a name is quarantined.
  package func isQuarantined(_ key: UInt64) -> Bool {
    !counts.isEmpty && counts[key]?.isQuarantined ?? false
  }

  /// b: the probability that an uninfected client asks for a name on one day.
  ///
  /// What is assumed weighs less the more client-days were counted (science report, 2.2).
  package func rate(
    of name: NameEvidence, isWordList: Bool, parameters: ScoringParameters.Benign
  ) -> Double {
    let counted = counts.isEmpty ? nil : counts[name.key]
    let assumed = Self.assumed(
      NameShape(name.name), rank: counted?.rank, isWordList: isWordList, parameters: parameters)
    guard let counted else { return assumed }
    let days = Double(counted.clientDays)
    let seen = (Double(counted.clients) + 0.5) / (days + 1)
    let weight = days / (days + parameters.weightClientDays)
    let rate = (1 - weight) * assumed + weight * seen
    // Each finding of a false positive is worth a factor, whatever was counted.
    let factor = NaturalLogarithm.inverse(
      Double(counted.falsePositives) * NaturalLogarithm.of(max(1, parameters.falsePositive)))
    return min(1, max(parameters.floor, rate) * factor)
  }

  /// b before anything was counted: P(registered) × how often people ask for such a name.
  package static func assumed(
    _ shape: NameShape, rank: UInt32?, isWordList: Bool, parameters: ScoringParameters.Benign
  ) -> Double {
    if let rank {
      return min(1, max(parameters.ranked, parameters.topRank / Double(max(1, rank))))
    }
    if isWordList { return max(parameters.floor, parameters.wordList) }
    let registrations = parameters.registrations[shape.suffix] ?? parameters.otherRegistrations
    let share = min(1, registrations * NaturalLogarithm.inverse(-shape.entropy))
    return max(parameters.floor, share * parameters.registered)
  }
}
