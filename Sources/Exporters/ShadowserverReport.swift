package import Evidence

/// A Shadowserver sinkhole report: one row per client, family, variant, seed and UTC day.
///
/// Repeated lookups are gathered before exporting; a row shows the time, port, transport and
/// resolver of the day's first lookup, which is what an ISP needs to find the subscriber behind a
/// carrier-grade NAT (RFC 6302). Not `event4_sinkhole_dns`: its readers take it for resolvers.
package struct ShadowserverReport: Sendable {
  /// The two reports: the schema keeps IPv4 and IPv6 apart.
  package enum Kind: String, Sendable, CaseIterable {
    /// Clients with an IPv4 address.
    case event4 = "event4_sinkhole"
    /// Clients with an IPv6 address.
    case event6 = "event6_sinkhole"
  }

  /// What an operator can choose.
  package struct Options: Sendable {
    /// Value of the column `public_source`: who reports.
    package var publicSource = ""
    /// Whether to append `query`, `query_type` and `count` to the published columns.
    package var withQuery = false
    /// Whether lookups of families in `observe` (shadow mode) are reported too.
    package var includesObserved = false
    /// Names under which receivers know a family (`conficker` → `downadup`), by family id.
    package var infectionNames: [String: String] = [:]

    /// The defaults: exact published columns.
    package init() {}
  }

  /// Why hits are not in the report.
  package struct Skipped: Equatable, Sendable {
    /// Lookups of names that are legitimate ones too.
    package var colliding: UInt64 = 0
    /// Lookups in shadow mode.
    package var observed: UInt64 = 0
    /// Lookups whose family is not known any more.
    package var unknown: UInt64 = 0
  }

  private struct Key: Hashable {
    let day: Int64
    let client: ClientAddress
    let family: String
    let variant: String
    let seed: String
  }

  private struct Row {
    var first: HitRow
    var count: UInt64
    var isVerified: Bool
  }

  /// Lookups that were left out.
  package private(set) var skipped = Skipped()
  private let options: Options
  private var gathered: [Key: Row] = [:]

  /// An empty report.
  package init(options: Options = Options()) { self.options = options }

  /// Adds a stored hit, in any order; hits that are no sign of infection are counted as skipped.
  package mutating func add(_ hit: HitRow) {
    let provenance = hit.primary.provenance
    if hit.action == .colliding {
      skipped.colliding += hit.count
      return
    }
    if hit.action == .observe, !options.includesObserved {
      skipped.observed += hit.count
      return
    }
    if provenance.kind == .unknown {
      skipped.unknown += hit.count
      return
    }
    let key = Key(
      day: UTCTime.dayNumber(microseconds: hit.firstMicroseconds), client: hit.client,
      family: provenance.family, variant: provenance.variant, seed: provenance.seed)
    guard var row = gathered[key] else {
      gathered[key] = Row(first: hit, count: hit.count, isVerified: hit.isVerified)
      return
    }
    if Self.isEarlier(hit, row.first) { row.first = hit }
    row.count += hit.count
    row.isVerified = row.isVerified || hit.isVerified
    gathered[key] = row
  }

  /// Orders by time, then by storing order, so that a report does not depend on the adding order.
  private static func isEarlier(_ left: HitRow, _ right: HitRow) -> Bool {
    (left.firstMicroseconds, left.id) < (right.firstMicroseconds, right.id)
  }

  // MARK: - Output

  /// The report's columns.
  package var columns: [String] {
    ShadowserverColumns.sinkhole + (options.withQuery ? ShadowserverColumns.query : [])
  }

  /// Days that have rows of a kind, as midnight in microseconds since 1970, ascending.
  package func days(kind: Kind) -> [Int64] {
    let day = UTCTime.secondsPerDay * UTCTime.microsecondsPerSecond
    return Set(gathered.keys.filter { Self.kind(of: $0.client) == kind }.map { $0.day * day })
      .sorted()
  }

  /// The rows of a kind, ordered by time; fields in the order of `columns`, unquoted.
  ///
  /// - Parameter day: any instant of the UTC day wanted, microseconds since 1970; nil = all days.
  package func rows(kind: Kind, day: Int64? = nil) -> [[String]] {
    let dayNumber = day.map { UTCTime.dayNumber(microseconds: $0) }
    return gathered.filter { key, _ in
      Self.kind(of: key.client) == kind && (dayNumber ?? key.day) == key.day
    }
    .sorted { left, right in
      Self.isEarlier(left.value.first, right.value.first)
    }
    .map { fields($0.key, $0.value, kind: kind) }
  }

  /// The report as text: header and rows, every field quoted, line end LF (Python's csv `unix`).
  package func csv(kind: Kind, day: Int64? = nil) -> String {
    ([columns] + rows(kind: kind, day: day))
      .map { $0.map { SafeText.csv($0) }.joined(separator: ",") + "\n" }.joined()
  }

  /// The name of a day's file: `2026-11-22-event4_sinkhole-<name>-<part>.csv`.
  ///
  /// Receivers take the type from between the hyphens and want exactly two parts after it, so
  /// everything but letters and digits in `name` and `part` becomes `_`.
  package static func fileName(kind: Kind, day: Int64, name: String, part: String) -> String {
    let day = UTCTime.day(microseconds: day)
    return "\(day)-\(kind.rawValue)-\(word(name))-\(word(part)).csv"
  }

  private static func word(_ text: String) -> String {
    let word = text.unicodeScalars.map { scalar in
      scalar.properties.isAlphabetic && scalar.isASCII || ("0"..."9").contains(scalar)
        ? Character(scalar) : "_"
    }
    return word.isEmpty ? "_" : String(word)
  }

  // MARK: - One row

  private static func kind(of client: ClientAddress) -> Kind { client.isIPv4 ? .event4 : .event6 }

  private func fields(_ key: Key, _ row: Row, kind: Kind) -> [String] {
    let hit = row.first
    let hasServer = hit.server != ClientAddress(high: 0, low: 0)
    let family = Self.name(key.family)
    let values = [
      "timestamp": UTCTime.spaced(microseconds: hit.firstMicroseconds),
      "protocol": hit.transport == .udp ? "udp" : "tcp",
      "src_ip": key.client.description,
      "src_port": "\(hit.clientPort)",
      "severity": "critical",
      "dst_ip": hasServer ? hit.server.description : "",
      "dst_port": hasServer ? "\(hit.serverPort)" : "",
      "public_source": options.publicSource,
      "infection": options.infectionNames[key.family].map { Self.name($0) } ?? family,
      "family": family,
      "tag": tag(key, row),
      "application": "dns",
      "event_id": eventID(key, kind: kind),
      "query": hit.qname,
      "query_type": NameText.type(hit.qtype),
      "count": "\(row.count)",
    ]
    return columns.map { values[$0] ?? "" }
  }

  /// Lower case: IntelMQ's `malware.name` refuses capitals.
  private static func name(_ text: String) -> String { text.lowercased() }

  private func tag(_ key: Key, _ row: Row) -> String {
    var tags = [row.first.primary.provenance.kind == .model ? "dga" : "feed", "dns-sinkhole"]
    if !key.variant.isEmpty { tags.append(key.variant) }
    // UDP sources can be forged: a receiver must be able to tell (DESIGN.md §6).
    if !row.isVerified { tags.append("source-unverified") }
    // Receivers split at `;` and at `,`.
    return tags.map { String($0.map { ";,".contains($0) ? "_" : $0 }) }.joined(separator: ";")
  }

  /// An identifier that is the same in every export of the same row.
  ///
  /// FNV-1a, 128 bits, over what makes the row distinct. The first lookup's time is no part of it,
  /// because a recovered ring may bring an earlier one later.
  private func eventID(_ key: Key, kind: Kind) -> String {
    var hash: UInt128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d
    func add(_ octets: some Sequence<UInt8>) {
      // A length-like end mark keeps neighbouring parts apart.
      for octet in Array(octets) + [0] {
        hash = (hash ^ UInt128(octet)) &* 0x0000_0000_0100_0000_0000_0000_0000_013b
      }
    }
    add("ponor/\(kind.rawValue)/\(key.day)".utf8)
    add(key.client.description.utf8)
    for text in [key.family, key.variant, key.seed] { add(text.utf8) }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 32 - digits.count) + digits
  }
}
