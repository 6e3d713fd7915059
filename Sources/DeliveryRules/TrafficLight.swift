/// Who may be told: the Traffic Light Protocol 2.0 (FIRST), from the widest to the narrowest.
package enum TrafficLight: Int, CaseIterable, Comparable, Sendable {
  /// Everybody.
  case clear
  /// The community.
  case green
  /// The organisation and its clients.
  case amber
  /// The organisation alone.
  case amberStrict
  /// The persons told and nobody else.
  case red

  /// The words records and settings use, `amber+strict`.
  package init?(_ text: String) {
    switch text {
    case "clear": self = .clear
    case "green": self = .green
    case "amber": self = .amber
    case "amber+strict": self = .amberStrict
    case "red": self = .red
    default: return nil
    }
  }

  /// Orders by how few may be told.
  package static func < (left: TrafficLight, right: TrafficLight) -> Bool {
    left.rawValue < right.rawValue
  }
}
