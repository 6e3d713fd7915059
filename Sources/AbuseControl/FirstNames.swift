public import Addressing

/// Remembers the first few names of a family that each client asks for, in fixed memory, on all
/// threads at once: they are denied, so that a bot goes on walking its list and shows its order.
///
/// A word holds, from the top: 20 bits of the hash of client and family (never 0), 24 bits of which
/// each name has one, and the step of time in which the first name came. The answer to a name never
/// changes within the hour: a bit once set stays set. Two names with one bit count as one, so that
/// a client may see a few more denials than wanted, never fewer.
public final class FirstNames: Sendable {
  /// Most names that can be denied; more would too often share a bit of the 24.
  public static let mostNames = 8
  /// Microseconds after which a client's names are counted anew: one hour.
  public static let window: Int64 = 3_600_000_000

  private static let tagShift: UInt64 = 44
  private static let bitsShift: UInt64 = 20
  private static let bitsMask: UInt64 = (1 << 24) - 1
  private static let stepMask: UInt64 = (1 << 20) - 1
  /// Microseconds in a step: 64 in the window.
  private static let step: Int64 = window / 64
  /// Attempts before a thread gives up: others note names of the same client meanwhile.
  private static let attempts = 16

  private let words: AtomicWords

  /// Makes a memory of at least `capacity` pairs of client and family.
  public init(capacity: Int) { words = AtomicWords(atLeast: capacity) }

  /// Whether a name is among the first `count` its client asked for; notes it if there is room.
  ///
  /// - Parameters:
  ///   - key: hash of client and family.
  ///   - name: hash of the listed name.
  ///   - count: how many names are denied, at most `mostNames`.
  ///   - now: microseconds since 1970.
  public func isFirst(_ key: UInt64, name: UInt64, count: Int, at now: Int64) -> Bool {
    let place = Int(truncatingIfNeeded: key)
    let tag = max(key >> Self.tagShift, 1)
    let bit: UInt64 = 1 << ((name >> 32) % 24)
    for _ in 0..<Self.attempts {
      let word = words.load(place)
      let isKnown = word >> Self.tagShift == tag && !isOver(word, now)
      let bits = isKnown ? word >> Self.bitsShift & Self.bitsMask : 0
      if bits & bit != 0 { return true }
      if bits.nonzeroBitCount >= count { return false }
      let since = isKnown ? word & Self.stepMask : Self.step(now)
      let next = tag << Self.tagShift | (bits | bit) << Self.bitsShift | since
      if words.replace(word, by: next, at: place) { return true }
    }
    return false
  }

  private func isOver(_ word: UInt64, _ now: Int64) -> Bool {
    (Self.step(now) &- word) & Self.stepMask >= UInt64(Self.window / Self.step)
  }

  private static func step(_ now: Int64) -> UInt64 {
    UInt64(bitPattern: now / step) & stepMask
  }
}

extension AbuseGuard {
  /// An IPv6 household changes its addresses but not its /64.
  private static let lines = ClientBlocks(ipv4: 32, ipv6: 64)

  /// Whether a listed name is among the first of its family that a client asked for this hour.
  ///
  /// - Parameters:
  ///   - family: number of the family.
  ///   - name: keyed hash of the listed name.
  ///   - count: how many names are denied before the sinkhole answers.
  ///   - now: microseconds since 1970.
  public func isFirstName(
    of client: IPAddress, family: UInt8, name: UInt64, count: Int, at now: Int64
  ) -> Bool {
    firstNames.isFirst(
      hash.hash(.name, Self.lines.block(of: client), extra: UInt64(family)),
      name: name, count: count, at: now)
  }
}
