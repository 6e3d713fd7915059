package import Evidence

/// One episode with its case and score, as commands show it.
package struct EpisodeReport: Sendable {
  /// Identifier of the episode.
  package var id: String
  /// Number of the case.
  package var caseNumber: CaseNumber
  /// Where the work stands.
  package var facts: CaseFacts
  /// Text of the suspect.
  package var suspect: String
  /// Family id.
  package var family: String
  /// First lookup ever, microseconds since 1970.
  package var first: Int64
  /// Last lookup, microseconds since 1970.
  package var last: Int64
  /// Whether it has not been closed.
  package var isOpen: Bool
  /// How the client relates to the devices behind it.
  package var scope: InfectionRecord.Scope
  /// Devices behind it, about.
  package var devices: Int
  /// Lookups whose transport verified the address.
  package var verifiedLookups: UInt64
  /// The folded evidence.
  package var state: EpisodeState
  /// What is concluded.
  package var score: Score
  /// The steps of the work, oldest first.
  package var steps: [Step] = []

  /// One step of the work on the case.
  package struct Step: Sendable {
    /// When, microseconds since 1970.
    package var time: Int64
    /// The state after it.
    package var state: CaseState
    /// Who did it.
    package var who: String
    /// What they wrote.
    package var note: String

    /// Makes a step.
    package init(time: Int64, state: CaseState, who: String, note: String) {
      self.time = time
      self.state = state
      self.who = who
      self.note = note
    }
  }

  /// Makes a report; every field is described at its property.
  package init(
    id: String, caseNumber: CaseNumber, facts: CaseFacts, suspect: String, family: String,
    first: Int64, last: Int64, isOpen: Bool, scope: InfectionRecord.Scope, devices: Int,
    verifiedLookups: UInt64, state: EpisodeState, score: Score
  ) {
    self.id = id
    self.caseNumber = caseNumber
    self.facts = facts
    self.suspect = suspect
    self.family = family
    self.first = first
    self.last = last
    self.isOpen = isOpen
    self.scope = scope
    self.devices = devices
    self.verifiedLookups = verifiedLookups
    self.state = state
    self.score = score
  }
}

// MARK: - JSON

extension EpisodeReport {
  /// What `ponor infections list --json` adds to the aggregate of a client and generator.
  func addSummary(to object: inout JSONObject) {
    object.add("id", id)
    object.add("case", caseNumber.description)
    object.add("state", facts.state.name)
    object.add("open", isOpen)
    object.add("suspect", suspect)
    object.add("scope", scope.rawValue)
    object.add("devices", devices)
    object.add("gate", score.gate.rawValue)
    object.add("confidence", number: score.confidence)
    object.add("address_verified", verifiedLookups > 0)
    object.add("infected_devices_at_least", score.devicesAtLeast)
    object.add("clock_skew_days", present: score.clockSkewDays)
    object.add("stopped_early", score.earlyStop == .server)
    object.add("reasons", raw: Self.array(score.reasons))
  }

  /// Everything, as one JSON object without line ends.
  package var json: String {
    var object = JSONObject()
    addSummary(to: &object)
    object.add("family", family)
    object.add("first_time", UTCTime.rfc3339(microseconds: first))
    object.add("last_time", UTCTime.rfc3339(microseconds: last))
    object.add("scored_time", UTCTime.rfc3339(microseconds: score.instant))
    object.add("lookups", state.all.lookups)
    object.add("distinct_names", state.distinctNames)
    object.add("counted_names", score.distinctNames)
    object.add("colliding_names", score.collidingNames)
    object.add("days", score.days)
    object.add("bursts", score.bursts)
    object.add("parameters", score.version)
    object.add("notices", facts.notices)
    object.add("verified_only", score.countsVerifiedOnly)
    object.add("probabilities", raw: probabilities)
    object.add("names", raw: JSONObject.array(state.names.map(Self.name)))
    object.add("terms", raw: JSONObject.array(score.terms.map(Self.term)))
    object.add("sum", raw: sum)
    object.add("raises", raw: Self.array(score.raises))
    object.add("lowers", raw: Self.array(score.lowers))
    object.add("steps", raw: JSONObject.array(steps.map(Self.step)))
    return object.line
  }

  private var probabilities: String {
    var object = JSONObject()
    for hypothesis in Hypothesis.allCases {
      object.add(hypothesis.rawValue, number: score.probabilities[hypothesis])
    }
    return object.line
  }

  private var sum: String {
    var object = JSONObject()
    Self.add(score.sum, to: &object)
    if let spoofed = score.spoofed { object.add("spoofed", number: spoofed) }
    return object.line
  }

  private static func add(_ values: HypothesisValues, to object: inout JSONObject) {
    object.add("infected", number: values.infected)
    object.add("analyst", number: values.analyst)
    object.add("relay", number: values.relay)
  }

  private static func term(_ term: Score.Term) -> String {
    var object = JSONObject()
    object.add("name", term.name)
    object.add("detail", term.detail)
    add(term.values, to: &object)
    return object.line
  }

  private static func name(_ name: NameEvidence) -> String {
    var object = JSONObject()
    object.add("name", NameText.presentation(name.name, lowercased: true))
    object.add("first_time", UTCTime.rfc3339(microseconds: name.first))
    object.add("last_time", UTCTime.rfc3339(microseconds: name.last))
    object.add("verified", name.lastVerified != nil)
    return object.line
  }

  private static func step(_ step: Step) -> String {
    var object = JSONObject()
    object.add("time", UTCTime.rfc3339(microseconds: step.time))
    object.add("state", step.state.name)
    object.add("who", step.who)
    object.add("note", step.note)
    return object.line
  }

  static func array(_ texts: [String]) -> String {
    JSONObject.array(texts.map { SafeText.json($0) })
  }
}
