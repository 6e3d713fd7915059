import Evidence

/// The objects that say what is known: who reports, which malware, which names point to it.
///
/// Their identifiers come from everything that is in them, so they never need a second version.
struct STIXKnowledge {
  let options: ExportOptions
  /// Traffic light of the objects, as references.
  let markings: [String]

  init(_ options: ExportOptions, _ tlp: TrafficLight) {
    self.options = options
    markings = STIXMarking.references(tlp)
  }

  // MARK: - Who reports

  /// Identifier of the reporting organisation.
  var identityID: String {
    STIXNames.id("identity", [options.organisation, options.domain, options.contact])
  }

  /// The reporting organisation; not marked, since it is no secret of its own reports.
  var identity: STIXObject {
    STIXObject(
      type: "identity", id: identityID, version: STIXNames.formVersion,
      [
        "type": "identity", "spec_version": "2.1", "id": .text(identityID),
        "created": .text(STIXNames.formVersion), "modified": .text(STIXNames.formVersion),
        "name": .text(options.organisation), "identity_class": "organization",
        "contact_information": .text(optional: options.contact),
      ])
  }

  // MARK: - Malware

  /// Identifier of a family as this organisation describes it.
  func malwareID(_ family: String) -> String {
    let alias = options.aliases[family]
    return STIXNames.id(
      "malware",
      [
        identityID, family, alias?.shadowserver ?? "", alias?.malpedia ?? "", alias?.mitre ?? "",
      ])
  }

  /// A family of malware; not marked, so that there is one object of it whatever record names it.
  func malware(_ family: String) -> STIXObject {
    let alias = options.aliases[family]
    let aliases = [alias?.shadowserver].compactMap { $0 }.filter { $0 != family }
    return object(
      "malware", malwareID(family),
      [
        ("name", .text(family.lowercased())), ("is_family", true), ("malware_types", ["bot"]),
        ("aliases", .texts(aliases)), ("external_references", references(alias)),
      ], isMarked: false)
  }

  private func references(_ alias: FamilyAlias?) -> JSONTree {
    var references: [JSONTree] = []
    if let id = alias?.mitre {
      references.append(["source_name": "mitre-attack", "external_id": .text(id)])
    }
    if let id = alias?.malpedia {
      references.append(["source_name": "malpedia", "external_id": .text(id)])
    }
    return references.isEmpty ? .absent : .list(references)
  }

  // MARK: - Names

  /// Identifier of the indicator of a name; nil when STIX has no pattern for it.
  func indicatorID(_ name: DomainRecord) -> String? {
    guard HostName.isValid(name.name) else { return nil }
    return STIXNames.id(
      "indicator",
      [
        identityID, name.name, name.family, name.variant, name.seed,
        name.validFrom.map { "\($0)" } ?? "", name.validTo.map { "\($0)" } ?? "",
        markings.joined(),
      ])
  }

  /// A name that points to a family while it is valid, and the relationship that says so.
  func indicator(_ name: DomainRecord) -> [STIXObject] {
    guard let id = indicatorID(name) else { return [] }
    let generated = name.kind == "feed" ? "listed" : "generated"
    let source = [name.family, name.variant, name.seed].filter { !$0.isEmpty }
    // `valid_until` must be later than `valid_from`, which must be there: 1970 for "always".
    let from = max(name.validFrom ?? 0, 0)
    let until = name.validTo.flatMap { $0 > from && $0 < Self.lastSecond ? $0 : nil }
    let indicator = object(
      "indicator", id,
      [
        ("name", .text(name.name)),
        ("description", .text("Domain \(generated) by \(source.joined(separator: "/"))")),
        ("indicator_types", ["malicious-activity"]),
        ("pattern", .text("[domain-name:value = '\(name.name)']")), ("pattern_type", "stix"),
        ("valid_from", .text(UTCTime.rfc3339(seconds: min(from, Self.lastSecond)))),
        ("valid_until", .text(optional: until.map { UTCTime.rfc3339(seconds: $0) })),
      ])
    return [indicator, relationship(id, "indicates", malwareID(name.family))]
  }

  /// The end of the years RFC 3339 can write, 9999-12-31T23:59:59Z.
  private static let lastSecond: Int64 = 253_402_300_799

  private func relationship(_ source: String, _ kind: String, _ target: String) -> STIXObject {
    object(
      "relationship", STIXNames.id("relationship", [source, kind, target]),
      [
        ("relationship_type", .text(kind)), ("source_ref", .text(source)),
        ("target_ref", .text(target)),
      ])
  }

  private func object(
    _ type: String, _ id: String, _ properties: [(String, JSONTree)], isMarked: Bool = true
  ) -> STIXObject {
    let common: [(String, JSONTree)] = [
      ("type", .text(type)), ("spec_version", "2.1"), ("id", .text(id)),
      ("created_by_ref", .text(identityID)), ("created", .text(STIXNames.formVersion)),
      ("modified", .text(STIXNames.formVersion)),
    ]
    let marking: [(String, JSONTree)] = [
      ("object_marking_refs", isMarked ? .texts(markings) : .absent)
    ]
    return STIXObject(
      type: type, id: id, version: STIXNames.formVersion,
      .object((common + properties + marking).map { JSONTree.Member(key: $0.0, value: $0.1) }))
  }
}
