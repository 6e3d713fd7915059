/// What is done with a lookup of a listed name.
public enum PolicyAction: UInt8, Sendable, Hashable, CaseIterable {
  /// Nothing: the family is switched off.
  case off = 0
  /// Record the lookup, resolve the name normally.
  case observe = 1
  /// Answer that the name does not exist.
  case nxdomain = 2
  /// Deny the first few names a client asks for, then answer with the sinkhole's addresses.
  case observeThenSinkhole = 3
  /// Answer with the sinkhole's addresses.
  case sinkhole = 4

  /// Reads the name used in the configuration.
  public init?(name: String) {
    guard let action = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = action
  }

  /// The name used in the configuration.
  public var name: String {
    switch self {
    case .off: "off"
    case .observe: "observe"
    case .nxdomain: "nxdomain"
    case .observeThenSinkhole: "observe-then-sinkhole"
    case .sinkhole: "sinkhole"
    }
  }
}

/// The actions an operator chose: for a variant, else for its family, else for all.
public struct ActionTable: Sendable, Equatable {
  /// The action of everything not named.
  public var standard: PolicyAction
  /// Actions by `family` or `family/variant`.
  public var byName: [String: PolicyAction]

  /// Makes a table.
  public init(standard: PolicyAction = .sinkhole, byName: [String: PolicyAction] = [:]) {
    self.standard = standard
    self.byName = byName
  }

  /// The variant of names delegated to the sinkhole, whatever their family.
  public static let delegated = "delegated"

  /// The action for a variant of a family.
  ///
  /// Delegated names are sinkholed even where their family is only observed, for nobody else
  /// answers for them; `FAMILY/delegated` or `delegated` says otherwise.
  public func action(family: String, variant: String) -> PolicyAction {
    guard variant != Self.delegated else {
      return byName["\(family)/\(variant)"] ?? byName[Self.delegated] ?? .sinkhole
    }
    return byName["\(family)/\(variant)"] ?? byName[family] ?? standard
  }
}
