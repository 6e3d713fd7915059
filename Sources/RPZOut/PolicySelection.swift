import DomainIndex
package import Policy

/// Which families a policy zone holds, and what Ponor does with them.
package struct PolicySelection: Sendable, Equatable {
  /// Families, as `family` or `family/variant`; nil for all.
  package var families: Set<String>?
  /// Ponor's own actions.
  package var actions: ActionTable

  /// Selects families.
  package init(families: Set<String>? = nil, actions: ActionTable = ActionTable()) {
    self.families = families
    self.actions = actions
  }

  /// What is done with each of an index's generators.
  func treatments(of generators: [IndexGenerator]) -> [Treatment] {
    generators.map { generator in
      let names = [generator.family, "\(generator.family)/\(generator.variant)"]
      if let families, !names.contains(where: families.contains) { return .absent }
      let action = actions.action(family: generator.family, variant: generator.variant)
      return Treatment(action)
    }
  }
}

/// What is done with the names of a row, in ascending strictness: a name of several rows is treated
/// as the strictest of them says, as by `Policy`.
enum Treatment: UInt8, Sendable, Comparable {
  /// Not selected, or not valid at the time in question.
  case absent = 0
  /// Selected, but switched off: resolved as usual, also below a listed name.
  case off = 1
  /// Selected, and resolved as usual.
  case observe = 2
  case nxdomain = 3
  case sinkhole = 4

  /// A zone has one answer for all clients and hours: who denies first names sinkholes in the end.
  init(_ action: PolicyAction) {
    switch action {
    case .off: self = .off
    case .observe: self = .observe
    case .nxdomain: self = .nxdomain
    case .observeThenSinkhole, .sinkhole: self = .sinkhole
    }
  }

  static func < (left: Treatment, right: Treatment) -> Bool { left.rawValue < right.rawValue }
}
