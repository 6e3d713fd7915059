package import Policy

/// What a query would meet on its way, stage by stage.
package struct QueryInspection: Sendable {
  /// One stage and what it found.
  package struct Step: Sendable {
    /// The stage.
    package var stage: String
    /// One line each.
    package var found: [String]
  }

  /// The stages, in order.
  package var steps: [Step] = []
  /// The answer; nil when none is sent.
  package var answer: [UInt8]?
  /// Whether recursion would be asked: the answer is then not known.
  package var needsRecursion = false

  mutating func add(_ stage: String, _ found: String...) {
    steps.append(Step(stage: stage, found: found))
  }

  mutating func add(_ stage: String, _ found: [String]) {
    if !found.isEmpty { steps.append(Step(stage: stage, found: found)) }
  }
}

extension Verdict.Action {
  /// What is done, for people.
  package var sentence: String {
    switch self {
    case .sinkhole: "sinkhole: answered with the sinkhole's addresses"
    case .nxdomain: "nxdomain: answered that the name does not exist"
    case .observe: "observe: recorded and resolved normally"
    case .colliding: "colliding: recorded and resolved normally"
    }
  }
}
