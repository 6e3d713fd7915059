import Evidence
import Testing
import WireSamples

/// Opening, closing and reopening, and that nothing depends on batches.
@Suite struct EpisodeTests {
  private static let day = 86_400.0
  private let rules = Case.parameters.foldRules(family: "demo")

  private func observation(at seconds: Double, name: Int = 0, id: Int64 = 1) -> Observation {
    Observation.read(Lookup(name: Lookup.longName(name), at: seconds).hit(id))[0]
  }

  @Test("opens, goes on, and after two weeks of silence begins another")
  func reopen() {
    var state = EpisodeState()
    let first = state.add(observation(at: 0), rules: rules)
    let second = state.add(observation(at: 13 * Self.day, name: 1), rules: rules)
    #expect(state.distinctNames == 2)
    let third = state.add(observation(at: 28 * Self.day, name: 2), rules: rules)
    #expect([first, second, third] == [.opened, .refreshed, .reopened])
    #expect(state.number == 2)
    #expect(state.isReopened)
    #expect(state.distinctNames == 1)
    let past = state.history.first
    #expect(past?.names == 2)
    #expect(past?.lookups == 2)
    #expect(past.map { $0.closedAt - $0.last } == rules.closingSilence)
  }

  @Test("closing in between changes nothing that follows")
  func closing() {
    var left = EpisodeState()
    left.add(observation(at: 0), rules: rules)
    var right = left
    let now = Lookup.start + 20 * Int64(Self.day) * 1_000_000
    let closed = right.close(at: now, rules: rules)
    let again = right.close(at: now + 5_000_000, rules: rules)
    #expect(closed && !again)
    #expect(!right.isOpen)
    #expect(right.closedAt == left.last + rules.closingSilence)
    left.add(observation(at: 30 * Self.day), rules: rules)
    right.add(observation(at: 30 * Self.day), rules: rules)
    #expect(left == right)
  }

  @Test("not closed before its time")
  func notYet() {
    var state = EpisodeState()
    state.add(observation(at: 0), rules: rules)
    let early = state.close(at: Lookup.start + rules.closingSilence - 1, rules: rules)
    #expect(!early && state.isOpen)
    var empty = EpisodeState()
    let closed = empty.close(at: .max, rules: rules)
    #expect(!closed)
  }

  @Test("a clock that goes back neither closes nor reopens")
  func clockBack() {
    var state = EpisodeState()
    state.add(observation(at: 100 * Self.day), rules: rules)
    let change = state.add(observation(at: 0, name: 1), rules: rules)
    #expect(change == .refreshed)
    #expect(state.first == Lookup.start)
    #expect(state.last == Lookup.start + Int64(100 * Self.day) * 1_000_000)
    #expect(state.all.bursts == 1)
    // Closed by somebody, then a late lookup of its time comes: the same as without closing.
    var closed = state
    closed.close(at: .max, rules: rules)
    closed.add(observation(at: 5 * Self.day, name: 2), rules: rules)
    state.add(observation(at: 5 * Self.day, name: 2), rules: rules)
    #expect(closed == state)
  }

  @Test("extreme times do not trap", arguments: [Int64.min, -1, 0, .max])
  func extremeTimes(time: Int64) {
    var state = EpisodeState()
    for other in [0, time, Int64.max, .min, time] {
      var observation = observation(at: 0)
      observation.firstMicroseconds = other
      observation.lastMicroseconds = other
      observation.origins[0].validFrom = time
      observation.origins[0].validTo = .max
      state.add(observation, rules: rules)
      var client = ClientState()
      client.add(Lookup().hit(1), rules: rules)
      let score = Scorer(Case.parameters).score(
        state, family: "demo", client: client, context: ScoringContext(), at: other)
      #expect(score.confidence.isFinite)
    }
    #expect(EpisodeState(decoding: state.encoded()) == state)
  }

  @Test("bursts and their distances")
  func bursts() {
    var state = EpisodeState()
    for index in 0..<40 {
      state.add(observation(at: Double(index) * 7200), rules: rules)
      state.add(observation(at: Double(index) * 7200 + 60), rules: rules)
    }
    #expect(state.all.bursts == 40)
    #expect(state.all.gaps == Array(repeating: 7200, count: 16))
    #expect(state.all.days == 4)
  }

  @Test("a fitting rhythm counts for the family")
  func rhythm() {
    var observed = Case(
      (0..<6).map { Lookup(name: Lookup.longName($0), ordinal: nil, at: Double($0) * 10_500) })
    #expect(!observed.score().terms.contains { $0.name == "rhythm" })
    observed.parameters.families["demo", default: .init()].retryMinutes = 180
    #expect(observed.score().terms.contains { $0.name == "rhythm" })
    observed.parameters.families["demo", default: .init()].retryMinutes = 60
    #expect(!observed.score().terms.contains { $0.name == "rhythm" })
  }

  @Test("batches, and storing in between, do not matter", arguments: 0..<8)
  func batches(seed: Int) {
    var numbers = SeededGenerator(seed: UInt64(seed))
    let hits = (0..<800).map { index in
      var lookup = Lookup(name: Lookup.longName(Int(numbers.next() % 150)))
      lookup.family = ["one", "two", "three"][Int(numbers.next() % 3)]
      lookup.seed = "s\(numbers.next() % 12)"
      lookup.ordinal = numbers.chance(0.1) ? nil : UInt32(numbers.next() % 150)
      lookup.daysOff = numbers.chance(0.2) ? Int64(numbers.next() % 40) - 20 : 0
      lookup.at = numbers.chance(0.02) ? numbers.unit() * 5e6 : Double(index) * 9000
      lookup.isVerified = numbers.chance(0.5)
      lookup.wasChallenged = !lookup.isVerified && numbers.chance(0.3)
      lookup.qtype = [1, 28, 65, 15, 16][Int(numbers.next() % 5)]
      lookup.action = [.sinkhole, .observe, .nxdomain, .colliding][Int(numbers.next() % 4)]
      return lookup.hit(Int64(index + 1))
    }
    var whole = SuspectStates()
    for hit in hits { whole.add(hit, parameters: Case.parameters) }
    var parts = SuspectStates()
    for hit in hits {
      parts.add(hit, parameters: Case.parameters)
      if numbers.chance(0.2) { restore(&parts) }
      if numbers.chance(0.1) {
        for family in parts.episodes.keys {
          let rules = Case.parameters.foldRules(family: family)
          parts.episodes[family]?.close(at: hit.firstMicroseconds, rules: rules)
        }
      }
    }
    // Closing is due at the end for both: only the whole was never told the time.
    let end = hits.map(\.lastMicroseconds).max() ?? 0
    for family in whole.episodes.keys {
      let rules = Case.parameters.foldRules(family: family)
      whole.episodes[family]?.close(at: end, rules: rules)
      parts.episodes[family]?.close(at: end, rules: rules)
    }
    #expect(whole == parts)
  }

  private func restore(_ states: inout SuspectStates) {
    if let client = ClientState(decoding: states.client.encoded()) { states.client = client }
    for (family, episode) in states.episodes {
      let decoded = EpisodeState(decoding: episode.encoded())
      #expect(decoded == episode)
      states.episodes[family] = decoded
    }
  }
}
