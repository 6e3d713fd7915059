import CheckedYAML

extension Settings {
  static let zoneSection = Section(
    key: "", summary: "",
    options: [
      Option(
        "zones", \.zones, .list(of: zoneKind), .reload,
        "Local authoritative zones, answered before anything else.",
        details: """
          From a master file, or with `primaries` transferred from there (`file` is then where the \
          copy is kept, by default in data_dir). A zone file with errors is refused and its former \
          version keeps serving. Transfers: docs/zones.md.
          """),
      Option(
        "tsig_keys", \.tsigKeys, .list(of: keyKind, count: 0...10_000), .reload,
        "Keys that sign transfers, notifications and queries (RFC 8945).",
        details: """
          The secret stands in `secret` or, in base64, in the file `secret_file` names. It is never \
          shown.
          """),
    ])

  private static let zoneKind = ValueKind.record(
    "zone", blank: ZoneSource(name: ""),
    [
      RecordField("name", \.name, .domainName, "the zone's apex"),
      RecordField(
        "file", \.file, .optional(.path, word: "none"), "the master file (RFC 1035 §5)",
        isRequired: false),
      RecordField(
        "primaries", \.primaries, .list(of: .primary, count: 0...32), "where it comes from",
        isRequired: false),
      RecordField(
        "tsig", \.tsig, .optional(.domainName, word: "none"), "key that signs requests",
        isRequired: false),
      RecordField(
        "notify_from", \.notifyFrom, .list(of: .prefix, count: 0...1000),
        "who may notify beside the primaries", isRequired: false),
      RecordField(
        "transfer", \.transfer, .zoneTransfer, "who may transfer it", isRequired: false),
    ])

  private static let keyKind = ValueKind.record(
    "key", blank: TSIGKeySource(name: ""),
    [
      RecordField("name", \.name, .domainName, "its name"),
      RecordField("algorithm", \.algorithm, .choice, "the hash", isRequired: false),
      RecordField(
        "secret", \.secret, .optional(.secret, word: "none"), "the secret", isRequired: false),
      RecordField(
        "secret_file", \.secretFile, .optional(.path, word: "none"), "file with the secret",
        isRequired: false),
    ])
}

extension SettingsDecoding {
  /// Reports what no single key of a zone or TSIG key can see.
  mutating func checkTransfers() {
    checkRepeats("tsig_keys", settings.tsigKeys.map(\.name))
    for key in settings.tsigKeys where (key.secret == nil) == (key.secretFile == nil) {
      report(
        "tsig_keys", "'tsig_keys' key '\(key.name)' needs either secret or secret_file")
    }
    for zone in settings.zones {
      if zone.file == nil, zone.primaries.isEmpty {
        report("zones", "'zones' entry lacks 'file' or 'primaries' ('\(zone.name)')")
      }
      if let key = zone.tsig { checkKey(key, "zones", zone.name) }
      checkKeys(of: zone.transfer, "zones", zone.name)
    }
  }

  /// Reports keys of a transfer that do not exist.
  mutating func checkKeys(of transfer: ZoneTransfer, _ option: String, _ zone: String) {
    for key in transfer.keys + transfer.notify.compactMap(\.key) { checkKey(key, option, zone) }
  }

  mutating func checkKey(_ key: String, _ option: String, _ zone: String) {
    guard !settings.tsigKeys.contains(where: { $0.name == key }) else { return }
    report(option, "'\(option)' entry '\(zone)': there is no key '\(key)' in 'tsig_keys'")
  }
}
