public import DNSWire

/// A set of names that is asked whether a query stands at or below one of its members.
public struct NameSet: Sendable {
  private let key: SipHash.Key
  private let members: Set<SipHash.Value>

  /// Makes a set; the hash is keyed so that nobody can aim at its buckets.
  public init(_ names: [Name], key: SipHash.Key = .random()) {
    self.key = key
    members = Set(names.map { SipHash.hash($0.canonical.span, key: key) })
  }

  /// Whether the set has no members.
  public var isEmpty: Bool { members.isEmpty }

  /// How many members it has.
  public var count: Int { members.count }

  /// Whether `name` or an ancestor of it is a member.
  public func covers(_ name: borrowing NameBuffer) -> Bool {
    guard !members.isEmpty else { return false }
    for label in 0...name.labelCount {
      let hash = SipHash.hash(name.canonicalBytes, from: name.labelOffset(label), key: key)
      if members.contains(hash) { return true }
    }
    return false
  }
}
