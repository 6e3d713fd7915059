/// What is known of one client and one generator (family, variant, seed): a plain aggregate of
/// its hits, no judgement.
package struct Infection: Equatable, Sendable {
  /// Row number in the store.
  package let id: Int64
  /// Client address.
  package let client: ClientAddress
  /// Family id.
  package let family: String
  /// Variant within the family; may be empty.
  package let variant: String
  /// Seed label; may be empty.
  package let seed: String
  /// Model, feed or unknown.
  package let kind: Provenance.Kind
  /// Distinct listed names looked up.
  package let distinctNames: UInt64
  /// Lookups, repeats included.
  package let hits: UInt64
  /// First lookup, microseconds since 1970.
  package let firstMicroseconds: Int64
  /// Last lookup, microseconds since 1970.
  package let lastMicroseconds: Int64
  /// Query types seen, ascending.
  package let qtypes: [UInt16]
  /// Transports seen, in the order of their raw values.
  package let transports: [HitTransport]
  /// Source port of the last stored lookup.
  package let lastPort: UInt16
  /// Local address of the last stored lookup.
  package let lastServer: ClientAddress
  /// Local port of the last stored lookup.
  package let lastServerPort: UInt16
  /// Lookups whose transport verified the client's address.
  package let verifiedHits: UInt64

  /// Makes an infection from its parts; every field is described at its property.
  package init(
    id: Int64, client: ClientAddress, family: String, variant: String, seed: String,
    kind: Provenance.Kind, distinctNames: UInt64, hits: UInt64, firstMicroseconds: Int64,
    lastMicroseconds: Int64, qtypes: [UInt16], transports: [HitTransport], lastPort: UInt16,
    lastServer: ClientAddress, lastServerPort: UInt16, verifiedHits: UInt64
  ) {
    self.id = id
    self.client = client
    self.family = family
    self.variant = variant
    self.seed = seed
    self.kind = kind
    self.distinctNames = distinctNames
    self.hits = hits
    self.firstMicroseconds = firstMicroseconds
    self.lastMicroseconds = lastMicroseconds
    self.qtypes = qtypes
    self.transports = transports
    self.lastPort = lastPort
    self.lastServer = lastServer
    self.lastServerPort = lastServerPort
    self.verifiedHits = verifiedHits
  }
}

/// What an evaluator concluded about an infection.
package struct InfectionAssessment: Equatable, Sendable {
  /// How sure the evaluator is, from 0 to 1.
  package let confidence: Double
  /// The terms of the conclusion, in the order an operator should read them.
  package let reasons: [String]

  /// Makes an assessment; `confidence` is clamped to 0…1.
  package init(confidence: Double, reasons: [String]) {
    self.confidence = min(1, max(0, confidence))
    self.reasons = reasons
  }
}

/// The seam for the scoring model: attaches a confidence and its reasons to an infection.
package protocol InfectionEvaluator: Sendable {
  /// The evaluator's conclusion; nil when it has none.
  ///
  /// - Parameter now: the instant of judging, microseconds since 1970.
  func assess(_ infection: Infection, now: Int64) -> InfectionAssessment?
}

/// The evaluator used until there is a scoring model: it never concludes anything.
package struct NoEvaluation: InfectionEvaluator {
  /// Makes the evaluator.
  package init() {}

  /// Always nil.
  package func assess(_ infection: Infection, now: Int64) -> InfectionAssessment? { nil }
}
