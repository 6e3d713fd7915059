/// Why a record of a policy zone was left out; the zone itself always loads.
public enum SkipReason: Int, Sendable, CaseIterable {
  /// Cannot be read as a record.
  case syntax
  /// A record that stands there already, or a second action of a rule that has one.
  case duplicate
  /// Local data beside an action or a CNAME of the same rule.
  case conflict
  /// Its owner is not below the zone's apex.
  case outOfZone
  /// A rule for the root: it would take everything.
  case root
  /// A rule that would take a top-level domain or a name that must stay reachable.
  case protected
  /// The address or prefix length of an IP trigger is written wrongly.
  case badPrefix
  /// A CNAME to an `rpz-` action that is not known.
  case unknownAction
  /// A type that serves DNSSEC (RFC 4034, RFC 5155) and means nothing in a policy zone.
  case dnssec
  /// A type that cannot be local data: DNAME, or NS and SOA below the apex.
  case unsupportedType
  /// A class other than IN.
  case notInternet
  /// A name or label longer than names may be.
  case tooLong
  /// More records for one rule, or more local data in all, than are kept.
  case tooMany

  /// The word used in status and metrics.
  public var word: String {
    switch self {
    case .syntax: "syntax"
    case .duplicate: "duplicate"
    case .conflict: "conflict"
    case .outOfZone: "out-of-zone"
    case .root: "root"
    case .protected: "protected"
    case .badPrefix: "bad-prefix"
    case .unknownAction: "unknown-action"
    case .dnssec: "dnssec"
    case .unsupportedType: "unsupported-type"
    case .notInternet: "not-internet"
    case .tooLong: "too-long"
    case .tooMany: "too-many"
    }
  }
}

/// How many records were left out, by reason.
public struct SkipCounts: Sendable, Equatable {
  private var counts = [Int](repeating: 0, count: SkipReason.allCases.count)

  /// Nothing left out.
  public init() {}

  /// The number for one reason.
  public subscript(reason: SkipReason) -> Int {
    get { counts[reason.rawValue] }
    set { counts[reason.rawValue] = newValue }
  }

  /// The number for all reasons.
  public var total: Int { counts.reduce(0, +) }

  /// Reasons with at least one record, most frequent first.
  public var present: [(reason: SkipReason, count: Int)] {
    SkipReason.allCases.map { ($0, self[$0]) }.filter { $0.1 > 0 }
      .sorted { ($1.1, $0.0.rawValue) < ($0.1, $1.0.rawValue) }
  }
}
