/// Remembers names seen lately, some forgotten early, in fixed memory, on all threads at once.
///
/// A word holds 44 bits of the name's hash and when it was noted, in steps of 16 seconds; each name
/// has one place, which the next name that falls on it takes over.
public final class RecentNames: Sendable {
  private static let ageBits: UInt64 = 20
  private static let ageMask: UInt64 = (1 << ageBits) - 1
  /// Microseconds per step of age.
  private static let step: Int64 = 16_000_000

  private let words: AtomicWords

  /// Makes a memory of at least `capacity` names.
  public init(capacity: Int) { words = AtomicWords(atLeast: capacity) }

  /// Notes a name by its hash.
  ///
  /// - Parameter now: microseconds since 1970.
  public func note(_ hash: UInt64, at now: Int64) {
    words.store(hash & ~Self.ageMask | Self.age(now), at: Self.place(hash))
  }

  /// Whether the name was noted within the last `seconds` (rounded to steps of 16).
  public func contains(_ hash: UInt64, within seconds: Int64, at now: Int64) -> Bool {
    let word = words.load(Self.place(hash))
    guard word != 0, word & ~Self.ageMask == hash & ~Self.ageMask else { return false }
    return (Self.age(now) &- word) & Self.ageMask <= UInt64(max(seconds, 0)) >> 4
  }

  private static func age(_ now: Int64) -> UInt64 {
    UInt64(bitPattern: now / step) & ageMask
  }

  /// From bits that the fingerprint has too: it has enough others.
  private static func place(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash >> 24) }
}
