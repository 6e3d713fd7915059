/// What a rule says is to be done, in one number: an action, or the number of its local data.
public struct PolicyRule: Sendable, Hashable, RawRepresentable {
  /// 0 = no rule, then the actions, then local data.
  public let rawValue: UInt32

  /// Takes the number.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// There is no rule.
  public static let none = PolicyRule(rawValue: 0)
  /// The name does not exist (`CNAME .`).
  public static let nxdomain = PolicyRule(rawValue: 1)
  /// The name has no data of the type asked for (`CNAME *.`).
  public static let nodata = PolicyRule(rawValue: 2)
  /// Answer as if there were no policy (`CNAME rpz-passthru.`).
  public static let passthru = PolicyRule(rawValue: 3)
  /// Do not answer (`CNAME rpz-drop.`).
  public static let drop = PolicyRule(rawValue: 4)
  /// Answer over TCP only (`CNAME rpz-tcp-only.`).
  public static let tcpOnly = PolicyRule(rawValue: 5)

  /// The first number that stands for local data.
  static let firstData: UInt32 = 6

  /// The rule that answers with local data number `index`.
  static func data(_ index: Int) -> PolicyRule {
    PolicyRule(rawValue: firstData + UInt32(truncatingIfNeeded: index))
  }

  /// The number of the local data, nil for an action.
  public var dataIndex: Int? {
    rawValue >= Self.firstData ? Int(rawValue - Self.firstData) : nil
  }
}

/// What is done with a query that a rule matches; the kinds that hits are counted by.
public enum PolicyOutcome: Int, Sendable, CaseIterable {
  /// Answered NXDOMAIN.
  case nxdomain
  /// Answered NODATA.
  case nodata
  /// Answered with local data.
  case data
  /// Let through.
  case passthru
  /// Not answered.
  case drop
  /// Told to come back over TCP.
  case tcpOnly
  /// Only noted: the zone is disabled.
  case logged

  /// The word used in status and metrics.
  public var word: String {
    switch self {
    case .nxdomain: "nxdomain"
    case .nodata: "nodata"
    case .data: "data"
    case .passthru: "passthru"
    case .drop: "drop"
    case .tcpOnly: "tcp-only"
    case .logged: "logged"
    }
  }
}
