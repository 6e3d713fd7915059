/// Counts distinct names by their keys: exactly up to `exactLimit`, beyond it within about 3 %.
///
/// The smallest keys are kept (k minimum values; Bar-Yossef and others, 2002): keys are spread
/// evenly, so the k-th smallest tells how many there are. The standard error is 1 / √k. The order of
/// adding does not matter.
package struct DistinctNames: Equatable, Sendable {
  /// Keys that are kept, and the largest number that is counted exactly.
  package static let exactLimit = 1024

  /// The smallest keys, ascending, each once.
  package private(set) var keys: [UInt64] = []
  /// Whether a key was left out.
  private var isFull = false

  /// No names.
  package init() {}

  /// Takes stored keys; nil when they cannot be what `keys` was.
  init?(keys: [UInt64], isFull: Bool) {
    guard keys.count <= Self.exactLimit, !isFull || keys.count == Self.exactLimit,
      zip(keys, keys.dropFirst()).allSatisfy({ $0 < $1 })
    else { return nil }
    self.keys = keys
    self.isFull = isFull
  }

  /// Whether more names were added than are counted exactly.
  package var isEstimate: Bool { isFull }

  /// Adds a name by its key (`ListedName.key`); true when it had not been seen, as far as is known.
  @discardableResult
  package mutating func add(_ key: UInt64) -> Bool {
    let place = lowerBound(key)
    if place < keys.count, keys[place] == key { return false }
    if keys.count == Self.exactLimit {
      isFull = true
      guard place < keys.count else { return false }
      keys.removeLast()
    }
    keys.insert(key, at: place)
    return true
  }

  /// How many distinct names were added.
  package var count: UInt64 {
    guard isFull, let largest = keys.last, largest > 0 else { return UInt64(keys.count) }
    let share = Double(largest) / Double(UInt64.max)
    return UInt64((Double(Self.exactLimit - 1) / share).rounded())
  }

  private func lowerBound(_ key: UInt64) -> Int {
    var (low, high) = (0, keys.count)
    while low < high {
      let middle = (low + high) / 2
      if keys[middle] < key { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
