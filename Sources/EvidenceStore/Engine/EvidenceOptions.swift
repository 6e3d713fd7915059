package import Evidence

/// What the evidence engine is told: the model, the network, and how long what is kept.
package struct EvidenceOptions: Sendable {
  /// The numbers of the scoring model.
  package var parameters: ScoringParameters
  /// How the families' bots walk their lists.
  package var facts = FamilyFactsTable()
  /// Which addresses stand for many.
  package var suspects = SuspectOptions()
  /// How sure the operator is that sources are not forged.
  package var assurance = ScoringContext.SourceAssurance.listed
  /// Networks of hosting and of known scanners.
  package var hosting: [ClientPrefix] = []
  /// Known mail hosts.
  package var mail: [ClientPrefix] = []
  /// Clients that use the resolver on a day, about: tells how rare chance lookups are.
  package var clientsPerDay = 10_000
  /// Identity of this resolver in records.
  package var resolver = ""
  /// Traffic light of records: `clear`, `green`, `amber`, `amber+strict` or `red`.
  package var tlp = "amber"
  /// Whether every record says that it is a rehearsal.
  package var isTest = false
  /// How long things are kept.
  package var retention = RetentionRules()
  /// How long a hit waits for attribution to know of its instant, microseconds.
  package var attributionWait: Int64 = 900_000_000

  /// Options with plain defaults for a set of parameters.
  package init(parameters: ScoringParameters) { self.parameters = parameters }

  /// What kind of network a client is in.
  func network(of client: ClientAddress) -> ScoringContext.Network {
    if mail.contains(where: { $0.contains(client) }) { return .mail }
    return hosting.contains { $0.contains(client) } ? .hosting : .customers
  }
}

/// How long things are kept, days.
package struct RetentionRules: Equatable, Sendable {
  /// Episodes, their cases and records, after the last lookup.
  package var episodes = 90
  /// Which subscriber it was, after the record was made.
  package var joins = 30
  /// Records that a later one replaced.
  package var replacedRecords = 7
  /// Notes of who read what.
  package var audit = 365

  /// The defaults.
  package init() {}
}

/// Reads the wall clock: microseconds since 1970-01-01T00:00:00Z.
package typealias EvidenceClock = @Sendable () -> Int64
