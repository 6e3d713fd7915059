import Evidence
import Testing
import WireSamples

/// Properties of the score beside its values.
@Suite struct ScoreTests {
  private static let day = 86_400.0
  private static let listed = FamilyFacts(order: .listed, pool: 1000)

  private var confirmed: Case {
    Case(
      Lookup.walk(3) + Lookup.walk(3, from: 3) { $0.at += Self.day }, facts: Self.listed)
  }

  @Test("terms add up to what the probabilities are made of")
  func sum() {
    let score = confirmed.score()
    let sum = score.sum
    let odds = score.probabilities.infected / score.probabilities.benign
    #expect(abs(odds / exponential(sum.infected) - 1) < 1e-6)
    let total = Hypothesis.allCases.reduce(0) { $0 + score.probabilities[$1] }
    #expect(abs(total - 1) < 1e-9)
    #expect(score.terms.first?.name == "prior")
    #expect(score.terms.count { $0.name == "name" } == 6)
    #expect(score.version == Case.parameters.version)
  }

  private func exponential(_ value: Double) -> Double {
    // e^x without Foundation: (e^(x/1024))^1024, by its series.
    let small = value / 1024
    var term = 1.0
    var sum = 1.0
    for index in 1..<20 {
      term *= small / Double(index)
      sum += term
    }
    return (0..<10).reduce(sum) { power, _ in power * power }
  }

  @Test("confirmed asks for names, bursts, a verified address and a line")
  func confirmation() {
    #expect(confirmed.score().gate == .confirmed)
    #expect(confirmed.score().raises.isEmpty)
    #expect(!confirmed.score().lowers.isEmpty)
    let oneBurst = Case(Lookup.walk(6), facts: Self.listed).score()
    #expect(oneBurst.gate == .likely)
    #expect(oneBurst.raises.contains { $0.contains("another burst") })
    let twoNames = Case(
      Lookup.walk(2) + Lookup.walk(2) { $0.at += Self.day }, facts: Self.listed
    ).score()
    #expect(twoNames.gate == .likely)
    #expect(twoNames.raises.contains("1 more distinct name."))
    var unverified = confirmed
    for index in unverified.lookups.indices { unverified.lookups[index].isVerified = false }
    #expect(unverified.score().gate == .likely)
    #expect(unverified.score().raises.contains { $0.contains("TCP") })
  }

  @Test("names of two seeds do not add up to the names of one")
  func seeds() {
    var lookups = Lookup.walk(1)
    lookups += Lookup.walk(1, from: 1) {
      $0.at += Self.day
      $0.seed = "other"
    }
    let score = Case(lookups).score()
    #expect(score.distinctNames == 1)
    #expect(score.gate < .likely)
  }

  @Test("evidence ages: half of it after a week, the gate falls with time")
  func ageing() {
    let observed = confirmed
    var last = observed.score()
    for days in stride(from: 7.0, through: 70, by: 7) {
      let score = observed.score(daysLater: days)
      #expect(score.confidence <= last.confidence)
      #expect(score.gate <= last.gate)
      last = score
    }
    #expect(last.gate == .recorded)
    let now = observed.score().terms.filter { $0.name == "name" }.map(\.values.infected)
    let later = observed.score(daysLater: 7).terms.filter { $0.name == "name" }
      .map(\.values.infected)
    for (before, after) in zip(now, later) { #expect(abs(after / before - 0.5) < 1e-9) }
  }

  @Test("verified and unverified lookups: the better of two scores")
  func mixed() {
    var observed = confirmed
    observed.context.assurance = .listed
    observed.lookups += Lookup.walk(20, from: 500) {
      $0.isVerified = false
      $0.at += Self.day + 100
    }
    let score = observed.score()
    #expect(score.countsVerifiedOnly)
    #expect(score.gate == .confirmed)
    #expect(score.spoofed == nil)
  }

  @Test(
    "a walk that ends early: at our answer, or at somebody else's",
    arguments: [
      (HitAction.sinkhole, Score.EarlyStop?.some(.sinkhole)), (.observe, .server),
      (.nxdomain, nil),
    ])
  func earlyStop(action: HitAction, stop: Score.EarlyStop?) {
    let observed = Case(Lookup.walk(40) { $0.action = action }, facts: Self.listed)
    #expect(observed.score().earlyStop == nil, "it may go on")
    #expect(observed.score(daysLater: 0.1).earlyStop == stop)
    let whole = Case(Lookup.walk(900) { $0.action = action }, facts: Self.listed)
    #expect(whole.score(daysLater: 0.1).earlyStop == nil)
    let random = Case(observed.lookups, facts: FamilyFacts(order: .random, pool: 1000))
    #expect(random.score(daysLater: 0.1).earlyStop == nil)
  }

  @Test("repeated questions are one device; a restart is too")
  func oneDevice() {
    // Every name is asked for again five seconds later, by a stub resolver that lost the answer.
    let repeated = Lookup.walk(50, every: 10) + Lookup.walk(50, every: 10) { $0.at += 5 }
    let once = Case(repeated.sorted { $0.at < $1.at }, facts: Self.listed).score()
    #expect(once.devicesAtLeast == 1)
    let restarted = Lookup.walk(50) + Lookup.walk(50) { $0.at += 300 }
    #expect(Case(restarted, facts: Self.listed).score().devicesAtLeast == 1)
  }

  @Test("names asked for in a shuffled order are not a walk")
  func shuffled() {
    var numbers = SeededGenerator(seed: 4)
    let ordinals = (0..<60).map { $0 * 16 }.shuffled(using: &numbers)
    let lookups = ordinals.enumerated().map { index, ordinal in
      Lookup(
        name: Lookup.longName(ordinal), ordinal: UInt32(ordinal), at: Double(index) * 200)
    }
    let score = Case(lookups, facts: Self.listed).score()
    #expect(score.devicesAtLeast == 1)
    #expect((score.terms.first { $0.name == "order" }?.values.infected ?? 0) < 0)
  }

  @Test("nothing looked up gives an empty score")
  func empty() {
    let score = Scorer(Case.parameters).score(
      EpisodeState(), family: "demo", client: ClientState(), context: ScoringContext(), at: 5)
    #expect(score.gate == .recorded)
    #expect(score.confidence == 0)
    #expect(score.instant == 5)
  }

  @Test("more NXDOMAIN answers than usual count, up to a limit")
  func nxdomain() {
    var observed = Case(Lookup.walk(1))
    let before = observed.score().confidence
    observed.context.nxdomainRatio = 1e9
    let after = observed.score()
    #expect(after.confidence > before)
    #expect(after.terms.first { $0.name == "nxdomain" }?.values.infected == 2)
    observed.context.nxdomainRatio = 0.5
    #expect(observed.score().confidence == before)
  }
}
