/// Counts what is under way per client and per zone, in fixed memory, on all threads at once.
///
/// A word holds 40 bits of the key's hash and a 24-bit count; a count of 0 is a free place. When a
/// set of eight is full of others, a key goes uncounted: with more places than questions that can be
/// under way at all, that needs an unlucky or aimed collision, and the cap on all questions holds.
public final class OutstandingTable: Sendable {
  private static let countMask: UInt64 = (1 << 24) - 1
  private static let ways = 8
  private static let attempts = 16

  private let words: AtomicWords
  private let setMask: UInt64

  /// What became of an admission.
  public enum Admission: Sendable, Equatable {
    /// Counted, at this place.
    case counted(Int)
    /// Let in without being counted.
    case uncounted
    /// As many as allowed are under way.
    case refused
  }

  /// Makes a table for at least `capacity` keys.
  public init(capacity: Int) {
    words = AtomicWords(atLeast: capacity)
    setMask = UInt64(words.count / Self.ways - 1)
  }

  /// Counts one more under `key`, if fewer than `limit` are under way.
  public func enter(_ key: UInt64, limit: Int) -> Admission {
    let tag = key & ~Self.countMask
    for _ in 0..<Self.attempts {
      guard let (place, word) = place(of: key, tag) else { return .uncounted }
      let count = word & Self.countMask
      guard count < min(UInt64(max(limit, 0)), Self.countMask) else { return .refused }
      if words.replace(word, by: tag | (count + 1), at: place) { return .counted(place) }
    }
    return .uncounted
  }

  /// Takes back what `enter` counted.
  public func leave(_ admission: Admission) {
    // The count keeps the place from being taken by another key, so it is still this one's.
    if case .counted(let place) = admission { words.decrement(place) }
  }

  /// How many are under way under `key`.
  public func count(_ key: UInt64) -> Int {
    guard let (_, word) = place(of: key, key & ~Self.countMask) else { return 0 }
    return word & ~Self.countMask == key & ~Self.countMask ? Int(word & Self.countMask) : 0
  }

  /// The key's place, else a free one.
  private func place(of key: UInt64, _ tag: UInt64) -> (Int, UInt64)? {
    let base = Int(truncatingIfNeeded: (key & setMask) &* UInt64(Self.ways))
    var free: (Int, UInt64)?
    for way in 0..<Self.ways {
      let word = words.load(base + way)
      if word & Self.countMask == 0 {
        if free == nil { free = (base + way, word) }
      } else if word & ~Self.countMask == tag {
        return (base + way, word)
      }
    }
    return free
  }
}
