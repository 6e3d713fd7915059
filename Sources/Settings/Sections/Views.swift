package import Addressing

extension Settings {
  /// How one group of clients is treated where it differs from all others.
  package struct View: Equatable, Sendable {
    /// What the operator calls it.
    package var name = ""
    /// Clients it takes; none = all.
    package var clients: [IPPrefix] = []
    /// Addresses of `server.listen` it takes; none = all.
    package var listeners: [SocketEndpoint] = []
    /// Whether names are resolved; false takes away what `access.recursion` allows.
    package var recursion = true
    /// Whether listed names are swallowed; nil = for the clients of `access.sinkhole`.
    package var sinkhole: Bool?
    /// Whether hits are recorded.
    package var recordHits: Bool?
    /// Whether a hit over UDP is answered TC=1 first.
    package var challenge = false
    /// Actions that differ from `policy.actions`.
    package var actions: [String: FamilyAction] = [:]
    /// Action of families that neither names.
    package var defaultAction: FamilyAction?
    /// Names never swallowed, besides `policy.allowlist`.
    package var allowlist: [String] = []
    /// Files of such names.
    package var allowlistFiles: [String] = []
    /// Files of clients for whom nothing is swallowed or recorded.
    package var optOutFiles: [String] = []
    /// Addresses in A answers.
    package var sinkholeIPv4: [IPAddress]?
    /// Addresses in AAAA answers.
    package var sinkholeIPv6: [IPAddress]?
    /// TTL of sinkhole answers, seconds.
    package var sinkholeTTL: UInt32?
    /// Mail address of the operator.
    package var contact: String?
    /// Text of the Extended DNS Error.
    package var edeText: String?
    /// Limits that differ from `rate_limit`.
    package var responsesPerSecond: Int?
    /// Limit on answers without such data.
    package var nodataPerSecond: Int?
    /// Limit on denials.
    package var nxdomainsPerSecond: Int?
    /// Limit on errors.
    package var errorsPerSecond: Int?
    /// Limit on all responses.
    package var allPerSecond: Int?
    /// Every n-th response over its limit is sent with TC=1.
    package var slip: Int?
    /// Limit that differs from `query_limit.queries_per_second`.
    package var queriesPerSecond: Int?

    /// A view that changes nothing.
    package init() {}
  }
}

extension Settings.View {
  private static let perSecond = ValueKind<Int>.integer(0...10_000, unit: "per second")

  static let fields: [OpenField<Settings.View>] = [
    .init(
      "name", \.name, .string(upTo: 63), required: true,
      "What you call it, in messages and in the status."),
    .init(
      "clients", \.clients, .list(of: .prefix), "Clients it takes, by prefix; left out: all."),
    .init(
      "listeners", \.listeners, .list(of: .endpoint, count: 0...256),
      "Addresses of server.listen it takes, written as there; left out: all."),
    .init(
      "recursion", \.recursion, .flag,
      "false: ordinary names are answered REFUSED. true: access.recursion decides."),
    .init(
      inherited: "sinkhole", \.sinkhole, .flag,
      "true: listed names are swallowed for all its clients, false: for none; left out: for those "
        + "of access.sinkhole."),
    .init(
      inherited: "record_hits", \.recordHits, .flag,
      "Record lookups of listed names; left out: hits.enabled."),
    .init(
      "challenge", \.challenge, .flag,
      "Answer a listed name over UDP with TC=1 until the client's address is verified."),
    .init(
      "actions", \.actions, .map(from: .familyName, to: .choice),
      "Actions by family or family/variant, laid over policy.actions."),
    .init(
      inherited: "default_action", \.defaultAction, .choice,
      "Action of families that neither map names; left out: policy.default_action."),
    .init(
      "allowlist", \.allowlist, .list(of: .domainName),
      "Names never swallowed here, nor are names below them; besides policy.allowlist."),
    .init(
      "allowlist_files", \.allowlistFiles, .list(of: .path),
      "Files of such names, one per line, read again when they change."),
    .init(
      "opt_out", \.optOutFiles, .list(of: .path),
      "Files of addresses and prefixes, one per line, for whom nothing is swallowed or recorded; "
        + "read again when they change."),
    .init(
      inherited: "sinkhole_ipv4", \.sinkholeIPv4, .list(of: .ipv4, count: 0...16),
      "Addresses in A answers; left out: sinkhole.ipv4."),
    .init(
      inherited: "sinkhole_ipv6", \.sinkholeIPv6, .list(of: .ipv6, count: 0...16),
      "Addresses in AAAA answers; left out: sinkhole.ipv6."),
    .init(
      inherited: "sinkhole_ttl", \.sinkholeTTL, .ttl(0...86_400),
      "TTL of sinkhole answers; left out: sinkhole.ttl."),
    .init(
      inherited: "contact", \.contact, .mailAddress,
      "Mail address of your abuse desk; left out: sinkhole.contact."),
    .init(
      inherited: "ede_text", \.edeText, .string(upTo: 200),
      "Text of the Extended DNS Error; left out: sinkhole.ede_text."),
    .init(
      inherited: "responses_per_second", \.responsesPerSecond, perSecond,
      "As in rate_limit, which it replaces here; so for the next five."),
    .init(inherited: "nodata_per_second", \.nodataPerSecond, perSecond, "Limit on NODATA."),
    .init(inherited: "nxdomains_per_second", \.nxdomainsPerSecond, perSecond, "Limit on NXDOMAIN."),
    .init(inherited: "errors_per_second", \.errorsPerSecond, perSecond, "Limit on errors."),
    .init(inherited: "all_per_second", \.allPerSecond, perSecond, "Limit on all together."),
    .init(inherited: "slip", \.slip, .integer(0...10), "Every n-th over the limit gets TC=1."),
    .init(
      inherited: "queries_per_second", \.queriesPerSecond, perSecond,
      "As in query_limit, which it replaces here."),
  ]

  static let section = Section(
    key: "", summary: "",
    options: [
      Option(
        "views", \.views,
        .list(of: .openRecord("view", blank: Settings.View(), fields), count: 0...1_000), .reload,
        "Groups of clients that are treated differently; the first view that takes a client decides.",
        details: "What a view leaves out is as for all others. All its options: docs/views.md.")
    ])
}

/// The options of a view as a Markdown table, for `docs/views.md`.
package enum ViewOptionsTable {
  /// Line that begins the generated part of the page.
  package static let begin = "<!-- view options: written from the table in code; do not edit -->"
  /// Line that ends it.
  package static let end = "<!-- end of view options -->"

  /// The generated part, from `begin` to `end`.
  package static func render() -> String {
    let rows = Settings.View.fields.map { field in
      let type = field.type.split(separator: "|", omittingEmptySubsequences: false)
        .joined(separator: "\\|")
      return "| `\(field.key)` | \(type) | \(field.doc) |"
    }
    return ([begin, "", "| option | type | what it does |", "|---|---|---|"] + rows + ["", end])
      .joined(separator: "\n") + "\n"
  }
}
