/// What the score takes into account beside the states.
package struct ScoringContext: Sendable {
  /// What kind of network the suspect is in.
  package enum Network: String, Sendable, CaseIterable {
    /// Ordinary customers.
    case customers
    /// Hosting, or a known scanner.
    case hosting
    /// A known mail host.
    case mail
  }

  /// How sure the operator is that sources are not forged.
  package enum SourceAssurance: String, Sendable, CaseIterable {
    /// Access networks drop forged sources (BCP 38, uRPF).
    case attested
    /// Only an access list protects.
    case listed
    /// Anyone may ask.
    case open
  }

  /// How the address relates to the devices behind it.
  package var scope: InfectionRecord.Scope
  /// Devices behind it, about.
  package var devices: Int
  /// What kind of network it is in.
  package var network: Network
  /// How sure it is that its sources are not forged.
  package var assurance: SourceAssurance
  /// NXDOMAIN names around the hits over what is usual for the suspect; nil = not measured.
  package var nxdomainRatio: Double?
  /// Findings that this suspect and family was a false positive.
  package var falsePositives: Int
  /// Learned probability that a line runs the family; nil = the parameters'.
  package var learnedPrior: Double?
  /// How the family's bots walk, by variant.
  package var facts: FamilyFactsTable
  /// How often people ask for names for other reasons.
  package var benign: BenignRates

  /// Makes a context; by default an ordinary line behind an access list, and nothing learned.
  package init(
    scope: InfectionRecord.Scope = .line, devices: Int = 1, network: Network = .customers,
    assurance: SourceAssurance = .listed, nxdomainRatio: Double? = nil, falsePositives: Int = 0,
    facts: FamilyFactsTable = FamilyFactsTable(), benign: BenignRates = BenignRates()
  ) {
    self.scope = scope
    self.devices = max(1, devices)
    self.network = network
    self.assurance = assurance
    self.nxdomainRatio = nxdomainRatio
    self.falsePositives = max(0, falsePositives)
    self.facts = facts
    self.benign = benign
  }
}
