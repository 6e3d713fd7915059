/// All that is kept of one suspect and one family: the current episode and what remains of earlier
/// ones.
///
/// A value folded over the hits in the order of their numbers: the same hits give the same state,
/// however they are split into batches. Its size is bounded whatever comes (the limits below).
package struct EpisodeState: Equatable, Sendable {
  /// Number of the current episode of this suspect and family, from 1.
  package internal(set) var number: UInt32 = 1
  /// Whether the current episode ended, and when: its last lookup and the silence that closes it.
  package internal(set) var closedAt: Int64?
  /// All lookups.
  package internal(set) var all = ObservedTrack()
  /// Lookups whose transport verified the client's address.
  package internal(set) var verified = ObservedTrack()
  /// Lookups that were answered TC=1, to be verified.
  package internal(set) var challenged: UInt64 = 0
  /// Names in detail: at most `maximumNames`, the longest unseen make room, unverified ones first.
  package internal(set) var names: [NameEvidence] = []
  /// Counts names when there were more than are kept.
  package internal(set) var sketch: DistinctSketch?
  /// Variants and seeds seen, `variant/seed`, at most `maximumGenerators`.
  package internal(set) var generators: [String] = []
  /// Clock errors that explain names outside their validity, at most `maximumOffsets`.
  package internal(set) var offsets: [ClockOffset] = []
  /// Walks through the lists.
  package internal(set) var walks = ListWalks()
  /// Most names asked for the first time within one minute.
  package internal(set) var busiestMinute: UInt32 = 0
  /// The minute being counted, and its names so far.
  package internal(set) var minute: Int64 = .min
  /// New names of that minute.
  package internal(set) var minuteNames: UInt32 = 0
  /// Number of the newest hit folded in.
  package internal(set) var lastHit: Int64 = 0
  /// Earlier episodes, the oldest first, at most `maximumHistory`; `number` counts all.
  package internal(set) var history: [PastEpisode] = []

  /// What is kept of an episode that ended.
  package struct PastEpisode: Equatable, Sendable {
    /// First lookup, microseconds since 1970.
    package internal(set) var first: Int64
    /// Last lookup, microseconds since 1970.
    package internal(set) var last: Int64
    /// When it closed, microseconds since 1970.
    package internal(set) var closedAt: Int64
    /// Lookups.
    package internal(set) var lookups: UInt64
    /// Distinct names, about when there were many.
    package internal(set) var names: UInt64
  }

  /// Names kept in detail: with the clamp of 9.2 a tenth of them would already say all they can.
  package static let maximumNames = 64
  /// Variants and seeds kept apart; further ones count as the last.
  package static let maximumGenerators = 8
  /// Clock errors kept apart; further ones are `scattered`.
  package static let maximumOffsets = 4
  /// Earlier episodes kept.
  package static let maximumHistory = 8
  /// Longest text of a variant and seed, octets; a longer one is cut.
  package static let maximumGeneratorText = 128

  /// Nothing is known yet.
  package init() {}

  /// Whether the current episode is open.
  package var isOpen: Bool { closedAt == nil && all.lookups > 0 }
  /// Whether there was an episode before the current one.
  package var isReopened: Bool { number > 1 }
  /// First lookup of the current episode, microseconds since 1970.
  package var first: Int64 { all.first }
  /// Last lookup of the current episode, microseconds since 1970.
  package var last: Int64 { all.last }
  /// Distinct names of the current episode: exact up to `maximumNames`, then within some percent.
  package var distinctNames: UInt64 {
    max(UInt64(names.count), sketch?.estimate ?? 0)
  }
}

// MARK: - Folding

extension EpisodeState {
  /// What folding in an observation did to the episode.
  package enum Change: Equatable, Sendable {
    /// The first episode of this suspect and family began.
    case opened
    /// The current episode goes on.
    case refreshed
    /// The episode before had ended, by this lookup's time, and another began.
    case reopened
  }

  /// Folds one observation in.
  ///
  /// Observations come in the order of their hits' numbers; times that go back (a clock was set)
  /// neither close nor reopen anything.
  @discardableResult
  package mutating func add(_ observation: Observation, rules: FoldRules) -> Change {
    let change = begin(observation, rules: rules)
    all.add(observation, burstGap: rules.burstGap)
    if observation.isVerified { verified.add(observation, burstGap: rules.burstGap) }
    if observation.wasChallenged, challenged < .max { challenged += 1 }
    let origin = choose(observation.origins)
    let generator = index(of: origin.generator)
    let isNew = note(observation, origin: origin, generator: generator, grace: rules.grace)
    if isNew { countMinute(observation.firstMicroseconds) }
    if let ordinal = origin.ordinal {
      let step = walks.add(
        generator: generator, period: origin.validFrom, ordinal: ordinal, observation: observation)
      if isNew { count(step, isVerified: observation.isVerified) }
    }
    lastHit = max(lastHit, observation.hit)
    return change
  }

  /// Closes the episode if by `now` its silence is long enough; tells whether it did.
  ///
  /// The state is the one that a later lookup would find anyway: closing depends on times of
  /// lookups only, not on when somebody looks.
  @discardableResult
  package mutating func close(at now: Int64, rules: FoldRules) -> Bool {
    guard isOpen, let end = end(before: now, rules: rules) else { return false }
    closedAt = end
    return true
  }

  private func end(before now: Int64, rules: FoldRules) -> Int64? {
    let (end, overflow) = all.last.addingReportingOverflow(rules.closingSilence)
    return !overflow && now >= end ? end : nil
  }

  private mutating func begin(_ observation: Observation, rules: FoldRules) -> Change {
    guard all.lookups > 0 else { return .opened }
    guard let end = end(before: observation.firstMicroseconds, rules: rules) ?? closedAt else {
      return .refreshed
    }
    // A lookup whose clock went back to before the end belongs to the episode that was closed.
    guard observation.firstMicroseconds >= end else {
      closedAt = nil
      return .refreshed
    }
    var next = EpisodeState()
    next.number = number < .max ? number + 1 : number
    next.lastHit = lastHit
    next.history = history.suffix(Self.maximumHistory - 1)
    next.history.append(
      PastEpisode(
        first: first, last: last, closedAt: end, lookups: all.lookups, names: distinctNames))
    self = next
    return .reopened
  }

  /// The origin that explains the name best: of a generator already seen, else the first.
  private func choose(_ origins: [Observation.Origin]) -> Observation.Origin {
    origins.first { generators.contains(Self.cut($0.generator)) } ?? origins.first
      ?? Observation.Origin(generator: "/", validFrom: nil, validTo: nil, ordinal: nil)
  }

  private static func cut(_ generator: String) -> String {
    guard generator.utf8.count > maximumGeneratorText else { return generator }
    return String(decoding: generator.utf8.prefix(maximumGeneratorText), as: UTF8.self)
  }

  private mutating func index(of generator: String) -> Int {
    let text = Self.cut(generator)
    if let at = generators.firstIndex(of: text) { return at }
    guard generators.count < Self.maximumGenerators else { return generators.count - 1 }
    generators.append(text)
    return generators.count - 1
  }

  private mutating func countMinute(_ time: Int64) {
    let current = time / 60_000_000
    if current != minute { (minute, minuteNames) = (current, 0) }
    minuteNames &+= minuteNames < .max ? 1 : 0
    busiestMinute = max(busiestMinute, minuteNames)
  }

  private mutating func count(_ step: ListWalks.Step, isVerified: Bool) {
    switch step {
    case .none: break
    case .ascending(let wasVerified):
      all.addPair(isAscending: true)
      if isVerified, wasVerified { verified.addPair(isAscending: true) }
    case .descending(let wasVerified):
      all.addPair(isAscending: false)
      if isVerified, wasVerified { verified.addPair(isAscending: false) }
    }
  }
}
