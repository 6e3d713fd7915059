import Synchronization

/// How long questions took in recursion; written on the recursion's threads, read by all.
package final class LatencyHistogram: Sendable {
  /// Upper bounds of the buckets in microseconds: from a cache next door to a server that times out.
  package static let bounds: [Int64] = [
    1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000,
    5_000_000, 10_000_000,
  ]

  /// What was noted so far.
  package struct Snapshot: Sendable, Equatable {
    /// Upper bound in seconds, and how many took at most that long.
    package var buckets: [(bound: Double, count: UInt64)]
    /// How many there were.
    package var count: UInt64
    /// Seconds they took together.
    package var sum: Double

    package static func == (left: Snapshot, right: Snapshot) -> Bool {
      left.count == right.count && left.sum == right.sum
        && left.buckets.elementsEqual(right.buckets) { $0 == $1 }
    }
  }

  private let cells = InlineArray<14, Atomic<UInt64>>({ _ in Atomic(0) })
  private let sum = Atomic<UInt64>(0)

  /// Creates a histogram without observations.
  package init() {}

  /// Notes one; a clock that was set back counts as no time.
  package func note(microseconds: Int64) {
    let time = max(0, microseconds)
    var bucket = 0
    while bucket < Self.bounds.count, time > Self.bounds[bucket] { bucket += 1 }
    cells[bucket].wrappingAdd(1, ordering: .relaxed)
    sum.wrappingAdd(UInt64(time), ordering: .relaxed)
  }

  /// What was noted so far; buckets are cumulative, the last one is `count`.
  package var snapshot: Snapshot {
    var total: UInt64 = 0
    let buckets = Self.bounds.enumerated().map { place, bound in
      total += cells[place].load(ordering: .relaxed)
      return (bound: Double(bound) / 1_000_000, count: total)
    }
    total += cells[Self.bounds.count].load(ordering: .relaxed)
    return Snapshot(
      buckets: buckets, count: total, sum: Double(sum.load(ordering: .relaxed)) / 1_000_000)
  }
}
