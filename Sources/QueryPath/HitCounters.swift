package import Policy
import Synchronization

/// Lookups of listed names by family and action; counts as `QueryCounters` do.
package final class HitCounters: Sendable {
  /// One figure.
  package struct Figure: Sendable, Hashable {
    /// The family, or `other`.
    package let family: String
    /// `sinkhole`, `nxdomain`, `observe` or `colliding`.
    package let action: String
  }

  private static let actions: [Verdict.Action] = [.sinkhole, .nxdomain, .observe, .colliding]

  /// `FamilyNumbers.capacity` × four actions.
  private let cells = InlineArray<1024, Atomic<UInt64>>({ _ in Atomic(0) })

  /// Creates counters at zero.
  package init() {}

  /// Counts one; only the owning thread calls this.
  ///
  /// - Parameter family: a number of `FamilyNumbers`.
  package func count(_ family: UInt8, _ action: Verdict.Action) {
    let cell = Int(family) * Self.actions.count + (Int(action.rawValue) - 1)
    let value = cells[cell].load(ordering: .relaxed)
    cells[cell].store(value &+ 1, ordering: .relaxed)
  }

  /// The figures that are not zero, added to `sums`.
  package func add(to sums: inout [Figure: UInt64]) {
    for (number, family) in FamilyNumbers.names.enumerated() {
      for (place, action) in Self.actions.enumerated() {
        let value = cells[number * Self.actions.count + place].load(ordering: .relaxed)
        guard value > 0 else { continue }
        sums[Figure(family: family, action: "\(action)"), default: 0] += value
      }
    }
  }
}
