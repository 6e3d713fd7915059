import Evidence
import Testing
import WireSamples

/// Whatever comes, states stay small, and octets that are no states are refused.
@Suite struct BoundsTests {
  /// Most octets that a state's binary form has: 64 names of 255 octets and their numbers, and the
  /// rest.
  private static let largestState = 64 * 360 + 4096

  @Test("50,000 names are counted within a few percent, in bounded size")
  func manyNames() {
    let states = Case(Lookup.walk(50_000, every: 0.5)).states
    let episode = states.episodes["demo"] ?? EpisodeState()
    #expect(episode.names.count == EpisodeState.maximumNames)
    #expect(abs(Double(episode.distinctNames) / 50_000 - 1) < 0.2)
    #expect(episode.encoded().count < 8192)
    #expect(EpisodeState(decoding: episode.encoded()) == episode)
  }

  @Test("up to 64 names are counted exactly, a few more nearly", arguments: [1, 64, 65, 100, 300])
  func exact(count: Int) {
    let episode = Case(Lookup.walk(count)).states.episodes["demo"]
    let names = Double(episode?.distinctNames ?? 0)
    #expect(abs(names - Double(count)) <= (count <= 64 ? 0 : 0.15 * Double(count)))
  }

  @Test("a million lookups of one client fit a small state")
  func manyLookups() {
    var states = SuspectStates()
    var lookup = Lookup()
    for index in 0..<50_000 {
      lookup.at = Double(index)
      lookup.count = 20
      states.add(lookup.hit(Int64(index + 1)), parameters: Case.parameters)
    }
    #expect(states.episodes["demo"]?.all.lookups == 1_000_000)
    #expect((states.episodes["demo"]?.encoded().count ?? 0) < 400)
  }

  @Test("the largest names, seeds, families and numbers stay within the bound")
  func largest() {
    var state = EpisodeState()
    var client = ClientState()
    let rules = Case.parameters.foldRules(family: "demo")
    for index in 0..<400 {
      let label = [63] + Lookup.longName(index).utf8.prefix(16) + Array(repeating: 120, count: 47)
      let name = [UInt8](label + label + label + label.prefix(62) + [0])
      var lookup = Lookup(seed: String(repeating: "x", count: 300) + "\(index)")
      lookup.at = Double(index) * 2_000_000
      var hit = lookup.hit(Int64.max - 400 + Int64(index))
      client.add(hit, rules: rules)
      hit = lookup.hit(Int64(index))
      var observation = Observation.read(hit)[0]
      observation.name = Array(name.prefix(255))
      observation.count = .max
      observation.origins[0].generator = String(repeating: "ü", count: 200) + "\(index)"
      observation.origins[0].ordinal = .max - UInt32(index * 100)
      observation.firstMicroseconds = Lookup.start + Int64(index) * 7_000_000_000
      observation.lastMicroseconds = observation.firstMicroseconds
      state.add(observation, rules: rules)
    }
    #expect(state.all.lookups == .max)
    #expect(state.encoded().count < Self.largestState)
    #expect(EpisodeState(decoding: state.encoded()) == state)
    #expect(client.generators.count == ClientState.maximumGenerators)
    #expect(client.encoded().count < 2048)
    #expect(ClientState(decoding: client.encoded()) == client)
  }

  @Test("history is kept up to its limit")
  func history() {
    let lookups = (0..<30).map { Lookup(at: Double($0) * 20 * 86_400) }
    let episode = Case(lookups).states.episodes["demo"]
    #expect(episode?.number == 30)
    #expect(episode?.history.count == EpisodeState.maximumHistory)
  }

  @Test("damaged octets give no state, or another consistent one; never a crash")
  func damage() {
    var numbers = SeededGenerator(seed: 9)
    let states = Case(
      Lookup.walk(90) { $0.daysOff = Int64($0.ordinal ?? 0) % 3 * 50 }
    ).states
    let whole = states.episodes["demo"]?.encoded() ?? []
    let client = states.client.encoded()
    for length in stride(from: 0, to: whole.count, by: 7) {
      #expect(EpisodeState(decoding: Array(whole[..<length])) == nil)
    }
    for length in 0..<client.count {
      #expect(ClientState(decoding: Array(client[..<length])) == nil)
    }
    #expect(EpisodeState(decoding: whole + [0]) == nil)
    for _ in 0..<2000 {
      var octets = whole
      octets[Int(numbers.next() % UInt64(octets.count))] = UInt8(truncatingIfNeeded: numbers.next())
      if let state = EpisodeState(decoding: octets) { check(state) }
    }
    for _ in 0..<2000 {
      let octets = (0..<numbers.next() % 200).map { _ in UInt8(truncatingIfNeeded: numbers.next()) }
      if let state = EpisodeState(decoding: [1] + octets) { check(state) }
      _ = ClientState(decoding: [1] + octets)
    }
  }

  /// A state that was read can be used, and written again.
  private func check(_ state: EpisodeState) {
    var state = state
    #expect(EpisodeState(decoding: state.encoded()) == state)
    let rules = Case.parameters.foldRules(family: "demo")
    state.add(Observation.read(Lookup().hit(1))[0], rules: rules)
    let score = Scorer(Case.parameters).score(
      state, family: "demo", client: ClientState(), context: ScoringContext(), at: Lookup.start)
    #expect(score.confidence.isFinite)
    state.close(at: .max, rules: rules)
  }
}
