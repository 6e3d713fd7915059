/// Counts events against limits, for many clients in fixed memory, on all threads at once.
///
/// Datagrams of one client are spread over all workers by their ports, so limits divided among
/// workers would be wrong in both directions: there is one table. A place is one word, changed by
/// one compare-and-exchange: no locks, no allocation, and a thread that loses a race tries again a
/// bounded number of times.
///
/// A word holds, from the top: 20 bits of the key's hash (never 0), 4 bits that count for `slip`,
/// and the 40-bit time up to which the events so far are paid for: a token bucket in one number
/// (ITU-T I.371's generic cell rate algorithm). A set of eight words is one cache line; a new key
/// takes the place of the one with the most credit in its set.
public final class RateTable: Sendable {
  private static let timeMask: UInt64 = (1 << 40) - 1
  private static let slipShift: UInt64 = 40
  private static let tagShift: UInt64 = 44
  private static let ways = 8
  /// Attempts before a thread gives up to note its event: others are noting theirs meanwhile.
  private static let attempts = 16
  /// Times further ahead than any limit allows are leftovers from weeks ago.
  private static let furthest = Int64(2 * RateLimit.longestWindow) * RateLimit.unitsPerSecond

  private let words: AtomicWords
  private let setMask: UInt64

  /// Makes a table of about `octets` octets, at least 64.
  public init(octets: Int) {
    words = AtomicWords(atLeast: max(octets, 64) / 8)
    setMask = UInt64(words.count / Self.ways - 1)
  }

  /// Keys the table holds at a time.
  public var capacity: Int { words.count }

  /// Counts an event.
  ///
  /// - Parameters:
  ///   - key: a hash of what the limit is about, from `LimitHash`.
  ///   - now: microseconds since 1970.
  public func charge(_ key: UInt64, _ limit: RateLimit, at now: Int64) -> RateVerdict {
    let clock = Self.clock(now)
    for _ in 0..<Self.attempts {
      let (place, word) = place(of: key, clock)
      let isKnown = word >> Self.tagShift == Self.tag(key)
      let ahead = isKnown ? Self.ahead(word, clock) : 0
      var slips = isKnown ? word >> Self.slipShift & 0xF : 0
      let verdict = Self.judge(ahead + limit.cost, limit, &slips)
      let owed = Self.owed(ahead, verdict, limit)
      let time = UInt64(bitPattern: clock &+ owed) & Self.timeMask
      let next = Self.tag(key) << Self.tagShift | slips << Self.slipShift | time
      if words.replace(word, by: next, at: place) { return verdict }
    }
    return .within
  }

  /// Whether the next event would be over the limit; counts nothing.
  public func isOver(_ key: UInt64, _ limit: RateLimit, at now: Int64) -> Bool {
    let clock = Self.clock(now)
    let (_, word) = place(of: key, clock)
    guard word >> Self.tagShift == Self.tag(key) else { return false }
    return Self.ahead(word, clock) + limit.cost > limit.burst
  }

  @inline(__always)
  private static func judge(_ paid: Int64, _ limit: RateLimit, _ slips: inout UInt64) -> RateVerdict
  {
    guard paid > limit.burst else {
      slips = 0
      return .within
    }
    guard limit.slip > 0 else { return .over }
    slips += 1
    guard slips >= limit.slip else { return .over }
    slips = 0
    return .slipped
  }

  /// Units ahead of the clock after an event.
  @inline(__always)
  private static func owed(_ ahead: Int64, _ verdict: RateVerdict, _ limit: RateLimit) -> Int64 {
    if verdict == .within { return ahead + limit.cost }
    if limit.isPenalty { return limit.ceiling }
    // Without debt an event over the limit costs nothing; else it may only use up what is left.
    return limit.ceiling == limit.burst ? ahead : min(ahead + limit.cost, limit.ceiling)
  }

  /// Where the key is, or the place it would take; and the word that stands there.
  @inline(__always)
  private func place(of key: UInt64, _ clock: Int64) -> (Int, UInt64) {
    let base = Int(truncatingIfNeeded: (key & setMask) &* UInt64(Self.ways))
    let tag = Self.tag(key)
    var idlest = (base, words.load(base))
    var least = Int64.max
    for way in 0..<Self.ways {
      let word = words.load(base + way)
      if word >> Self.tagShift == tag { return (base + way, word) }
      let ahead = word == 0 ? -1 : Self.ahead(word, clock)
      if ahead < least { (idlest, least) = ((base + way, word), ahead) }
    }
    return idlest
  }

  @inline(__always)
  private static func tag(_ key: UInt64) -> UInt64 { max(key >> tagShift, 1) }

  @inline(__always)
  private static func clock(_ microseconds: Int64) -> Int64 { microseconds >> 2 }

  /// Units by which the word's time is ahead of the clock, 0 when it has passed.
  @inline(__always)
  private static func ahead(_ word: UInt64, _ clock: Int64) -> Int64 {
    let difference = (word & timeMask) &- UInt64(bitPattern: clock)
    // Only 40 bits count: the sign is the 40th.
    let signed = Int64(bitPattern: difference << 24) >> 24
    return signed < 0 || signed > furthest ? 0 : signed
  }
}
