public import Addressing

/// Who may ask: a list of prefixes.
public struct AccessList: Sendable, Equatable {
  /// Up to here, comparing one prefix after the other beats searching.
  private static let shortList = 6

  private let prefixes: [IPPrefix]
  private let set: AddressSet

  /// Makes a list.
  public init(_ prefixes: [IPPrefix]) {
    self.prefixes = prefixes
    set = AddressSet(prefixes)
  }

  /// Whether `address` lies in one of the prefixes.
  public func contains(_ address: IPAddress) -> Bool {
    guard prefixes.count <= Self.shortList else { return set.contains(address) }
    for prefix in prefixes where prefix.contains(address) { return true }
    return false
  }

  /// Whether both let in the same clients.
  public static func == (left: AccessList, right: AccessList) -> Bool {
    left.prefixes == right.prefixes
  }
}
