package import Evidence

/// STIX 2.1 objects of records and names: for bundles, and for a TAXII server.
///
/// No `infrastructure` objects: misp-stix cannot load a bundle that has one. What is left says
/// all: malware, indicators of its names, observables, observed data, a sighting of the malware.
package enum STIXObjects {
  /// The objects of a record, those that others refer to first.
  ///
  /// The same record gives the same objects; a later revision gives later versions of its
  /// `observed-data` and `sighting`, `revoked` once the record is withdrawn. Names that are no host
  /// names have no indicator. Empty when the client's address is none.
  package static func objects(
    for record: InfectionRecord, options: ExportOptions
  ) -> [STIXObject] {
    guard let facts = RecordFacts(record, options) else { return [] }
    let observation = STIXObservation(facts)
    let knowledge = observation.knowledge
    let observables = observation.observables
    let observed = observation.observedData(observables)
    let malware = knowledge.malware(record.family)
    return STIXMarking.definitions(facts.tlp) + [knowledge.identity, malware]
      + names(record).flatMap { knowledge.indicator($0) } + observables
      + [observed, observation.sighting(of: malware.id, observed.id)]
  }

  /// The objects of a listed name: identity, malware, indicator and their relationship.
  ///
  /// Empty when the name is no host name. Marked green: names of malware are no personal data.
  package static func objects(for name: DomainRecord, options: ExportOptions) -> [STIXObject] {
    let knowledge = STIXKnowledge(options, .green)
    let indicator = knowledge.indicator(name)
    guard !indicator.isEmpty else { return [] }
    return STIXMarking.definitions(.green) + [knowledge.identity, knowledge.malware(name.family)]
      + indicator
  }

  /// The listed names of a record's lookups, each once.
  private static func names(_ record: InfectionRecord) -> [DomainRecord] {
    var seen: Set<String> = []
    return record.lookups.filter { seen.insert($0.listedName).inserted }.map { lookup in
      DomainRecord(
        name: lookup.listedName, family: record.family, variant: record.variant,
        seed: record.seed, kind: record.kind, validFrom: lookup.validFrom,
        validTo: lookup.validTo)
    }
  }
}
