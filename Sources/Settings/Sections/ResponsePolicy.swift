package import Addressing

/// What is done instead of what the rules of a policy zone say.
package enum RPZPolicy: String, CaseIterable, Sendable {
  /// The rules count.
  case given
  /// Matches are counted and recorded only.
  case disabled
  /// Matches are let through.
  case passthru
  /// Matches are not answered.
  case drop
  /// Matches do not exist.
  case nxdomain
  /// Matches have no data.
  case nodata
  /// Matches are answered over TCP only.
  case tcpOnly = "tcp-only"
  /// Matches are aliases of `target`.
  case cname
}

/// The extended DNS error of answers a policy zone made (RFC 8914 §4).
package enum RPZError: String, CaseIterable, Sendable {
  /// 15 for NXDOMAIN and NODATA, 4 for local data.
  case auto
  /// No extended error.
  case none
  /// 4, Forged Answer.
  case forged
  /// 15, Blocked.
  case blocked
  /// 16, Censored.
  case censored
  /// 17, Filtered.
  case filtered
  /// 18, Prohibited.
  case prohibited
}

/// One response policy zone.
package struct RPZSource: Hashable, Sendable {
  /// Name of the zone, without trailing dot, lower case.
  package var name = ""
  /// Path of a master file; nil when the zone comes another way.
  package var file: String?
  /// Address the zone is fetched from; nil when it comes another way.
  package var url: String?
  /// Servers the zone is transferred from; empty when it comes another way.
  package var primaries: [PrimaryAddress] = []
  /// Name of the TSIG key that signs requests for transfers, nil for none.
  package var tsig: String?
  /// Who may notify beside the primaries.
  package var notifyFrom: [IPPrefix] = []
  /// Time between two looks at `url`.
  package var interval = Duration.seconds(3600)
  /// Most octets the zone may have, unpacked.
  package var maximumSize = ByteCount.mebibytes(2048)
  /// What is done instead of what the rules say.
  package var policy = RPZPolicy.given
  /// Target of `policy: cname`.
  package var target: String?
  /// Whether NSDNAME rules are used.
  package var serverNames = true
  /// Whether NSIP rules are used.
  package var serverAddresses = true
  /// The extended error of rewritten answers.
  package var error = RPZError.auto
  /// Whether matches are recorded as hits.
  package var record = false
  /// Whether the zone counts only for what the index does not answer.
  package var afterIndex = false
  /// Whether rules that would take names the Internet depends on are left out.
  package var protect = true
  /// Views the zone is for; empty for all.
  package var views: [String] = []

  /// A zone without a source.
  package init() {}
}

extension RPZSource {
  static let option = Option(
    "rpz", \.rpz, .list(of: .record("rpz zone", blank: RPZSource(), fields), count: 0...64),
    .reload, "Response policy zones, in the order in which they count.",
    details: """
      Each has a name and one of file (a master file, also compressed with gzip), url, or \
      primaries (transferred from there: address, address:port, or with #name for TLS). policy: \
      given | disabled | passthru | drop | nxdomain | nodata | tcp-only | cname (with target). \
      ede: auto | none | forged | blocked | censored | filtered | prohibited. See docs/rpz.md.
      """)

  private static let fields: [RecordField<RPZSource>] = [
    RecordField("name", \.name, .domainName, "the zone's apex"),
    RecordField(
      "file", \.file, .optional(.path, word: "off"), "the master file", isRequired: false),
    RecordField(
      "url", \.url, .optional(.webAddress, word: "off"), "where it is fetched from",
      isRequired: false),
    RecordField(
      "primaries", \.primaries, .list(of: .primary, count: 0...32), "where it is transferred from",
      isRequired: false),
    RecordField(
      "tsig", \.tsig, .optional(.domainName, word: "none"), "key that signs requests",
      isRequired: false),
    RecordField(
      "notify_from", \.notifyFrom, .list(of: .prefix, count: 0...1000),
      "who may notify beside the primaries", isRequired: false),
    RecordField(
      "interval", \.interval, .duration(.seconds(10)...(.seconds(604_800))),
      "time between two looks at the url", isRequired: false),
    RecordField(
      "max_size", \.maximumSize, .size(ByteCount(1024)...(.mebibytes(65_536))),
      "most octets, unpacked", isRequired: false),
    RecordField("policy", \.policy, .choice, "what is done with matches", isRequired: false),
    RecordField(
      "target", \.target, .optional(.domainName, word: "none"), "target of policy: cname",
      isRequired: false),
    RecordField(
      "nsdname", \.serverNames, .flag, "whether NSDNAME rules are used", isRequired: false),
    RecordField("nsip", \.serverAddresses, .flag, "whether NSIP rules are used", isRequired: false),
    RecordField("ede", \.error, .choice, "the extended error", isRequired: false),
    RecordField("record", \.record, .flag, "whether matches are hits", isRequired: false),
    RecordField(
      "after_index", \.afterIndex, .flag, "whether the index counts first", isRequired: false),
    RecordField(
      "protect", \.protect, .flag, "whether rules for protected names are left out",
      isRequired: false),
    RecordField(
      "views", \.views, .list(of: .string(upTo: 64)), "views it is for", isRequired: false),
  ]
}

extension SettingsDecoding {
  /// Reports what no single key of a policy zone can see.
  mutating func checkResponsePolicy() {
    let own = settings.zones.map(\.name)
    for zone in settings.rpz {
      let sources = [zone.file != nil, zone.url != nil, !zone.primaries.isEmpty].filter(\.self)
      if sources.count != 1 {
        report(
          "rpz",
          "'rpz' entry '\(zone.name)' needs one of 'file', 'url' and 'primaries', and only one")
      }
      if !zone.primaries.isEmpty, own.contains(zone.name) {
        report(
          "rpz",
          "'rpz' entry '\(zone.name)' is also in 'zones', and one copy cannot be both; remove one")
      }
      if let key = zone.tsig { checkKey(key, "rpz", zone.name) }
    }
  }
}

extension ValueKind where Value == String {
  /// An address of the web.
  static var webAddress: ValueKind {
    .scalar(
      "http or https address", allowed: "up to 2,000 octets",
      parse: { (text) throws(BadValue) in
        let isWeb = ["http://", "https://"].contains { text.lowercased().hasPrefix($0) }
        guard isWeb, text.utf8.count <= 2000, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { throw BadValue("is no web address; write it like https://feed.example/zone.rpz") }
        return text
      }, encode: { YAMLText.quoted($0) })
  }
}
