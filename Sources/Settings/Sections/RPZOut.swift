import CheckedYAML

/// One response policy zone made of the index.
package struct RPZOutZone: Hashable, Sendable {
  /// Name of the zone, without trailing dot, lower case.
  package var name: String
  /// Families it holds.
  package var families = FamilySelection.all
  /// What it tells resolvers to do with a listed name.
  package var action = RPZOutAction.policy
  /// Where `cname` leads.
  package var target: String?
  /// What becomes of names that are only observed.
  package var observed = RPZOutObserved.omit
  /// Which names it holds.
  package var names = RPZOutNames.window
  /// Whether names below a listed one are listed too.
  package var wildcard = true
  /// TTL of all records, seconds.
  package var ttl: UInt32 = 60
  /// Name server in its SOA and NS records.
  package var nameserver = "localhost"
  /// Mail address in its SOA record; nil means that of `sinkhole.contact`.
  package var contact: String?
  /// How often a secondary looks for a new version when it is not told of one.
  package var refresh = Duration.seconds(60)
  /// Versions kept that differences can start from.
  package var history = 5
  /// Path of a master file that is written for each version.
  package var file: String?
  /// Whether the HTTP interface hands the zone out.
  package var http = false
  /// Who may transfer it and who is told of it.
  package var transfer = ZoneTransfer()

  /// A zone with the defaults.
  package init(name: String) { self.name = name }
}

/// What a policy zone tells resolvers to do with a listed name.
package enum RPZOutAction: String, CaseIterable, Sendable {
  /// What Ponor's own policy does: the sinkhole's addresses, or NXDOMAIN.
  case policy
  /// Answer the sinkhole's addresses.
  case sinkhole
  /// Answer that the name does not exist.
  case nxdomain
  /// Answer that the name has no data.
  case nodata
  /// Answer an alias of `target`.
  case cname
  /// Do not answer.
  case drop
  /// Have the client ask over TCP.
  case tcpOnly = "tcp-only"
  /// Resolve it; many resolvers log that.
  case passthru
}

/// What becomes, in a policy zone, of names that are only observed.
package enum RPZOutObserved: String, CaseIterable, Sendable {
  /// They are not in it.
  case omit
  /// They are in it with PASSTHRU, so that the resolver can log them.
  case passthru
}

/// Which names a policy zone holds.
package enum RPZOutNames: String, CaseIterable, Sendable {
  /// All names of the index's window of days.
  case window
  /// Those that some host may ask for now or within two hours, renewed every hour.
  case current
}

extension RPZOutZone {
  static let section = Section(
    key: "", summary: "",
    options: [
      Option(
        "rpz_out", \.rpzOut, .list(of: kind, count: 0...64), .reload,
        "Response policy zones made of the index, for other resolvers to transfer.",
        details: "Every key but name may be left out. Meaning and examples: docs/rpz-out.md.")
    ])

  private static let kind = ValueKind.record(
    "policy zone", blank: RPZOutZone(name: ""), selectionFields + formFields + deliveryFields)

  private static let selectionFields: [RecordField<RPZOutZone>] = [
    RecordField("name", \.name, .domainName, "name of the zone"),
    RecordField("families", \.families, .families, "families it holds", isRequired: false),
    RecordField(
      "action", \.action, .choice, "what is done with a listed name", isRequired: false),
    RecordField(
      "target", \.target, .optional(.domainName, word: "none"), "where cname leads",
      isRequired: false),
    RecordField(
      "observed", \.observed, .choice, "what becomes of names only observed", isRequired: false),
    RecordField(
      "names", \.names, .choice, "all names of the window or those valid now",
      isRequired: false),
    RecordField(
      "wildcard", \.wildcard, .flag, "whether names below are listed too", isRequired: false),
  ]

  private static let formFields: [RecordField<RPZOutZone>] = [
    RecordField("ttl", \.ttl, .ttl(0...86_400), "TTL of all records", isRequired: false),
    RecordField(
      "nameserver", \.nameserver, .domainName, "name server in SOA and NS", isRequired: false),
    RecordField(
      "contact", \.contact, .optional(.mailAddress, word: "none"), "mail address in the SOA",
      isRequired: false),
    RecordField(
      "refresh", \.refresh, .duration(.seconds(1)...(.seconds(86_400))),
      "how often secondaries look", isRequired: false),
  ]

  private static let deliveryFields: [RecordField<RPZOutZone>] = [
    RecordField(
      "history", \.history, .integer(0...100), "versions differences can start from",
      isRequired: false),
    RecordField(
      "file", \.file, .optional(.path, word: "none"), "master file to write", isRequired: false),
    RecordField("http", \.http, .flag, "offered over HTTP", isRequired: false),
    RecordField(
      "transfer", \.transfer, .zoneTransfer, "who may transfer it", isRequired: false),
  ]
}

extension SettingsDecoding {
  /// Reports what no single key of a policy zone can see.
  mutating func checkPolicyZones() {
    checkRepeats("rpz_out", settings.rpzOut.map(\.name))
    let own = settings.zones.map(\.name)
    for zone in settings.rpzOut {
      if zone.action == .cname, zone.target == nil {
        report("rpz_out", "'rpz_out' zone '\(zone.name)' has action cname but no target; name one")
      }
      checkKeys(of: zone.transfer, "rpz_out", zone.name)
      if own.contains(zone.name) {
        report(
          "rpz_out", "'rpz_out' zone '\(zone.name)' is also in 'zones'; give it another name")
      }
    }
  }
}
