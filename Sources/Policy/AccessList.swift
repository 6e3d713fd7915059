package import Addressing

/// Who may ask: a list of prefixes.
package struct AccessList: Sendable, Equatable {
  private let prefixes: [IPPrefix]

  /// Makes a list.
  package init(_ prefixes: [IPPrefix]) {
    self.prefixes = prefixes
  }

  /// Whether `address` lies in one of the prefixes.
  package func contains(_ address: IPAddress) -> Bool {
    for prefix in prefixes where prefix.contains(address) { return true }
    return false
  }
}
