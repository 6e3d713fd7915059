/// Maxima of every 16, 256, 4,096 … ends, to find the last end beyond a value among the first n.
///
/// The levels stand one behind another, the finest first; the last has one entry.
enum RangeMaxima {
  /// The levels for `ends`.
  static func levels<Number: FixedWidthInteger>(of ends: [Number]) -> [Number] {
    var all: [Number] = []
    var level = ends
    while level.count > 1 {
      level = stride(from: 0, to: level.count, by: SubscriberIndexFormat.fanOut).map { start in
        let end = min(start + SubscriberIndexFormat.fanOut, level.count)
        return level[start..<end].reduce(Number.min, max)
      }
      all += level
    }
    return all
  }

  /// Entries of each level for `count` ends.
  static func levelCounts(_ count: Int) -> [Int] {
    var counts: [Int] = []
    var rest = count
    while rest > 1 {
      rest = (rest + SubscriberIndexFormat.fanOut - 1) / SubscriberIndexFormat.fanOut
      counts.append(rest)
    }
    return counts
  }
}

/// Ends with their maxima.
struct SearchableEnds<Number: FixedWidthInteger & BitwiseCopyable & Sendable>: Sendable {
  private let ends: MappedColumn<Number>
  private let maxima: MappedColumn<Number>
  /// Where each level begins in `maxima`.
  private let levelStarts: [Int]

  /// Nil when the two columns do not belong together.
  init?(_ ends: MappedColumn<Number>, maxima: MappedColumn<Number>) {
    let counts = RangeMaxima.levelCounts(ends.count)
    guard counts.reduce(0, +) == maxima.count else { return nil }
    self.ends = ends
    self.maxima = maxima
    levelStarts = counts.indices.map { counts[..<$0].reduce(0, +) }
  }

  var count: Int { ends.count }

  subscript(index: Int) -> Number { ends[index] }

  /// The last index in `range` whose end is at least `value`; nil when there is none.
  ///
  /// At most 16 steps up and 16 down on each of log16(count) levels.
  func lastIndex(in range: Range<Int>, endingAtLeast value: Number) -> Int? {
    var level = 0
    var index = range.upperBound - 1
    // Highest end below `index`'s subtree; `index` counts entries of `level`.
    while index >= 0, ((index + 1) << (4 * level)) > range.lowerBound {
      let end = level == 0 ? ends[index] : maxima[levelStarts[level - 1] + index]
      if end >= value {
        if level == 0 { return index >= range.lowerBound ? index : nil }
        level -= 1
        index = index << 4 | 15
      } else {
        while index & 15 == 0, level < levelStarts.count, index > 0 {
          index >>= 4
          level += 1
        }
        index -= 1
      }
    }
    return nil
  }
}
