package import Addressing

extension Settings {
  /// How lookups become infections.
  package struct Evidence: Equatable, Sendable {
    /// File with the numbers of the scoring model; nil = the built-in ones.
    package var parameters: String?
    /// How sure it is that sources are not forged.
    package var sources = SourceAssurance.listed
    /// Bits of an IPv6 address that are one customer.
    package var ipv6Prefix = 64
    /// Addresses behind a carrier-grade NAT.
    package var shared: [SharedAddresses] = []
    /// Resolvers and relays that ask for others.
    package var forwarders: [SharedAddresses] = []
    /// Networks of hosting and known scanners.
    package var hosting: [IPPrefix] = []
    /// Known mail hosts.
    package var mail: [IPPrefix] = []
    /// Clients that use the resolver on a day, about.
    package var clients = 10_000
    /// Identity of this resolver in records.
    package var resolver: String?
    /// How far records may be passed on.
    package var tlp = TrafficLight.amber
    /// Whether records say that they are a rehearsal.
    package var test = false
    /// How sure the score must be for a notice.
    package var noticeGate = GateChoice.likely
    /// Shortest time between two notices of a case.
    package var noticeRepeat = Duration.seconds(7 * 86_400)
  }

  /// How long it is remembered who did what.
  package struct Privacy: Equatable, Sendable {
    /// Days episodes, cases and records are kept.
    package var episodeDays = 90
    /// Days it is kept which subscriber it was.
    package var joinDays = 30
    /// Days it is kept who read what.
    package var auditDays = 365
    /// Whether nobody reads what cannot be noted.
    package var auditRequired = true
  }
}

extension Settings.Evidence {
  private static let shareFields: [OpenField<SharedAddresses>] = [
    OpenField("prefix", \.prefix, .prefix, required: true, "the addresses"),
    OpenField(
      "devices", \.devices, .integer(1...1_000_000), "devices behind one address, about"),
  ]

  static let section = Section(
    key: "evidence", summary: "How lookups of listed names become infections (docs/evidence.md).",
    options: [
      Option(
        "evidence.parameters", \.evidence.parameters, .optional(.path, word: "built-in"),
        .restart, "File with the numbers of the scoring model.",
        details: "`ponor evidence parameters` prints the built-in one, to be copied and changed."),
      Option(
        "evidence.sources", \.evidence.sources, .choice, .restart,
        "How sure it is that the source address of a UDP query is not forged.",
        details: """
          attested: access networks drop forged sources (BCP 38); listed: only access.recursion \
          protects; open: anyone may ask. It bounds what UDP alone can prove.
          """),
      Option(
        "evidence.ipv6_prefix", \.evidence.ipv6Prefix, .integer(32...128, unit: "bits"), .restart,
        "Bits of an IPv6 address that are one customer.",
        details: """
          The length of delegated prefixes, or 64. After a change, `ponor evidence rebuild`.
          """),
      Option(
        "evidence.shared", \.evidence.shared,
        .list(of: .openRecord("shared address", blank: SharedAddresses(), shareFields)), .restart,
        "Addresses behind a carrier-grade NAT: { prefix, devices }.",
        details: "Nobody behind them can be told apart: their score ends below `confirmed`."),
      Option(
        "evidence.forwarders", \.evidence.forwarders,
        .list(of: .openRecord("forwarder", blank: SharedAddresses(), shareFields)), .restart,
        "Resolvers and relays that ask for others: { prefix, devices }."),
      Option(
        "evidence.hosting", \.evidence.hosting, .list(of: .prefix), .restart,
        "Networks of hosting, and known scanners: analysts are usual there."),
      Option(
        "evidence.mail", \.evidence.mail, .list(of: .prefix), .restart,
        "Known mail hosts and security gateways: they ask for names they met."),
      Option(
        "evidence.clients", \.evidence.clients, .integer(1...1_000_000_000), .restart,
        "Clients that use the resolver on a day, about.",
        details: "Tells how rare a name is that a few of them ask for by chance."),
      Option(
        "evidence.resolver", \.evidence.resolver, .optional(.string(upTo: 64), word: "none"),
        .restart, "Identity of this resolver in records."),
      Option(
        "evidence.tlp", \.evidence.tlp, .choice, .restart,
        "How far records may be passed on (Traffic Light Protocol 2.0)."),
      Option(
        "evidence.test", \.evidence.test, .flag, .restart,
        "Mark every record as a rehearsal: receivers must not act on it."),
      Option(
        "evidence.notice_gate", \.evidence.noticeGate, .choice, .reload,
        "How sure the score must be for `ponor infections due`."),
      Option(
        "evidence.notice_repeat", \.evidence.noticeRepeat,
        .duration(.seconds(3600)...(.seconds(366 * 86_400))), .reload,
        "Shortest time between two notices of one case."),
    ])
}

extension Settings.Privacy {
  /// Ten years: what has to be kept longer belongs elsewhere.
  private static let days = 1...3660

  static let section = Section(
    key: "privacy",
    summary:
      "How long it is remembered who did what (docs/privacy.md); raw hits: hits.retention_days.",
    options: [
      Option(
        "privacy.episode_days", \.privacy.episodeDays, .integer(days, unit: "days"), .restart,
        "Days after the last lookup that episodes, cases and records are kept.",
        details: "Counts by family and month stay: they say nothing of anybody."),
      Option(
        "privacy.join_days", \.privacy.joinDays, .integer(days, unit: "days"), .restart,
        "Days it is kept which subscriber it was."),
      Option(
        "privacy.audit_days", \.privacy.auditDays, .integer(days, unit: "days"), .restart,
        "Days it is kept who read personal data."),
      Option(
        "privacy.audit_required", \.privacy.auditRequired, .flag, .reload,
        "Refuse to show personal data when that cannot be noted.",
        details: "Without it a line on standard error says that it was not."),
    ])
}
