/// One walk through a generator's list for one period: names asked for in ascending order.
package struct ListWalk: Equatable, Sendable {
  /// Place of the generator in `EpisodeState.generators`.
  package internal(set) var generator: Int
  /// Start of the period's validity; nil = always.
  package internal(set) var period: Int64?
  /// Place of the first name.
  package internal(set) var firstOrdinal: UInt32
  /// Place of the newest name.
  package internal(set) var lastOrdinal: UInt32
  /// First lookup, microseconds since 1970.
  package internal(set) var start: Int64
  /// Newest lookup, microseconds since 1970.
  package internal(set) var last: Int64
  /// Names walked.
  package internal(set) var names: UInt32
  /// Whether the newest lookup was verified.
  package internal(set) var isVerified: Bool
  /// What the newest lookup was answered.
  package internal(set) var action: HitAction

  /// Names ahead of the last one that still continue a walk: some are lost, cached or skipped.
  static let stride: UInt32 = 8
  /// A step back by more than this is another walk's place, not two names out of order.
  static let leap: UInt32 = 64
  /// Names that make a walk: fewer can be chance.
  static let leastNames: UInt32 = 3
  /// Walks that begin within this time of each other may be one device's, microseconds: a stub
  /// resolver repeats its questions some seconds later, perhaps to another address of ours.
  static let leastDistance: Int64 = 120_000_000

  /// Whether it can be told from a sequence that begins by chance.
  var isEstablished: Bool { names >= Self.leastNames }
}

/// The walks of an episode that are kept, and what they say.
package struct ListWalks: Equatable, Sendable {
  /// Newest walks, at most `maximum`.
  package internal(set) var walks: [ListWalk] = []
  /// Most walks that were under way at the same time: as many devices, at least.
  package internal(set) var mostOverlapping = 1

  /// Most walks kept.
  static let maximum = 8

  /// How a lookup follows the one before.
  enum Step: Equatable {
    /// It begins a walk, or repeats the newest name: no pair.
    case none
    /// It follows a name with a lower place.
    case ascending(wasVerified: Bool)
    /// It follows a name with a higher place.
    case descending(wasVerified: Bool)
  }

  /// Assigns a lookup to a walk.
  ///
  /// It continues the walk of its list that is nearest before it, within `stride`. Else it follows
  /// the walk that was newest: up, or down. Down to the start of the list, or far down, begins
  /// another walk (a restart, or another device).
  mutating func add(
    generator: Int, period: Int64?, ordinal: UInt32, observation: Observation
  ) -> Step {
    let time = observation.firstMicroseconds
    let same = walks.indices.filter {
      walks[$0].generator == generator && walks[$0].period == period
    }
    if let at = nearest(before: ordinal, among: same) {
      return extend(at, to: ordinal, observation)
    }
    guard let newest = same.max(by: { (walks[$0].last, $0) < (walks[$1].last, $1) }) else {
      begin(generator: generator, period: period, ordinal: ordinal, observation)
      return .none
    }
    let last = walks[newest].lastOrdinal
    if ordinal == last || same.contains(where: { walks[$0].lastOrdinal == ordinal }) {
      walks[newest].last = max(walks[newest].last, time)
      return .none
    }
    if ordinal > last { return extend(newest, to: ordinal, observation) }
    let wasVerified = walks[newest].isVerified
    if ordinal < ListWalk.stride, last - ordinal >= ListWalk.stride {
      begin(generator: generator, period: period, ordinal: ordinal, observation)
      return .none
    }
    if last - ordinal > ListWalk.leap {
      begin(generator: generator, period: period, ordinal: ordinal, observation)
    } else {
      walks[newest].step(to: ordinal, observation)
    }
    return .descending(wasVerified: wasVerified)
  }

  private func nearest(before ordinal: UInt32, among same: [Int]) -> Int? {
    var best: Int?
    for at in same where walks[at].lastOrdinal < ordinal {
      guard ordinal - walks[at].lastOrdinal <= ListWalk.stride else { continue }
      if let other = best, walks[other].lastOrdinal >= walks[at].lastOrdinal { continue }
      best = at
    }
    return best
  }

  private mutating func extend(
    _ at: Int, to ordinal: UInt32, _ observation: Observation
  ) -> Step {
    let wasVerified = walks[at].isVerified
    walks[at].step(to: ordinal, observation)
    if walks[at].isEstablished, walks.count > 1 { countOverlapping() }
    return .ascending(wasVerified: wasVerified)
  }

  private mutating func begin(
    generator: Int, period: Int64?, ordinal: UInt32, _ observation: Observation
  ) {
    if walks.count == Self.maximum,
      let oldest = walks.indices.min(by: { walks[$0].last < walks[$1].last })
    {
      walks.remove(at: oldest)
    }
    walks.append(
      ListWalk(
        generator: generator, period: period, firstOrdinal: ordinal, lastOrdinal: ordinal,
        start: observation.firstMicroseconds, last: observation.firstMicroseconds, names: 1,
        isVerified: observation.isVerified, action: observation.action))
  }

  /// Walks overlap at the start of one of them if they began well before it and went on after it.
  ///
  /// Walks of other seeds or periods do not count: there are bots that work through several at once.
  private mutating func countOverlapping() {
    let established = walks.filter(\.isEstablished)
    for walk in established {
      let others = established.count {
        $0.generator == walk.generator && $0.period == walk.period
          && $0.start <= walk.start &- ListWalk.leastDistance && $0.last > walk.start
      }
      mostOverlapping = max(mostOverlapping, others + 1)
    }
  }
}

extension ListWalk {
  fileprivate mutating func step(to ordinal: UInt32, _ observation: Observation) {
    lastOrdinal = ordinal
    last = max(last, observation.firstMicroseconds)
    names &+= names < .max ? 1 : 0
    isVerified = observation.isVerified
    action = observation.action
  }
}
