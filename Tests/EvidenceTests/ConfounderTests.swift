import Evidence
import Testing
import WireSamples

/// Who looks like an infected line and is none (or is, and must not be lost).
@Suite struct ConfounderTests {
  private static let day = 86_400.0
  private static let listed = FamilyFacts(order: .listed, pool: 1000)

  @Test("a researcher who pulls the lists of twelve families")
  func manyFamilies() {
    var lookups: [Lookup] = []
    for family in 0..<12 {
      lookups += Lookup.walk(40, from: family * 100) {
        $0.family = "family\(family)"
        $0.at += Double(family) * 100
      }
    }
    for family in ["family0", "family11"] {
      let score = Case(lookups, facts: Self.listed).score(family: family)
      #expect(score.probabilities.analyst > 0.99)
      #expect(score.gate == .recorded)
      #expect(score.reasons.contains { $0.contains("analyst") })
    }
  }

  @Test("a researcher who pulls one family's lists of many days")
  func manyDays() {
    let lookups = (0..<60).map { index in
      Lookup(
        name: Lookup.longName(index), daysOff: Int64(index / 10) * 7 - 10,
        ordinal: UInt32(index % 10), at: Double(index))
    }
    let score = Case(lookups, facts: Self.listed).score()
    #expect(score.gate == .recorded)
    #expect(score.probabilities.analyst > 0.9)
    #expect(score.terms.contains { $0.name == "clock" })
  }

  @Test("a researcher who asks for all types")
  func allTypes() {
    let lookups = (0..<30).map { index in
      Lookup(
        name: Lookup.longName(index), ordinal: UInt32(index), at: Double(index),
        qtype: [2, 6, 255, 16][index % 4])
    }
    #expect(Case(lookups, facts: Self.listed).score().gate == .recorded)
  }

  @Test("a tool that asks for a whole list within a minute")
  func pace() {
    let score = Case(Lookup.walk(4000, every: 0.01)).score()
    #expect(score.terms.contains { $0.name == "pace" })
    #expect(score.gate < .confirmed)
  }

  @Test("a tool that asks for more names than a bot's runs have")
  func excess() {
    let facts = FamilyFacts(order: .random, pool: 5776, triesPerRun: 8)
    let score = Case(Lookup.walk(40), facts: facts).score()
    #expect(score.terms.contains { $0.name == "excess" })
    #expect(score.gate < .confirmed)
  }

  @Test("a host in a hosting network needs far more than a customer's line")
  func hosting() {
    var lookups = Lookup.walk(2)
    lookups.append(
      Lookup(name: Lookup.longName(50), family: "other", ordinal: nil, at: 30))
    var observed = Case(lookups)
    let customer = observed.score().confidence
    observed.context.network = .hosting
    let host = observed.score()
    #expect(customer > 0.9)
    #expect(host.confidence < 0.2)
    #expect(host.probabilities.analyst > 0.7)
  }

  @Test("a mail relay that meets names in mail")
  func relay() {
    let lookups = (0..<20).map { index in
      Lookup(
        name: Lookup.longName(index), family: "family\(index % 4)", ordinal: nil,
        at: Double(index) * 600, qtype: index % 5 == 0 ? 1 : [15, 16][index % 2])
    }
    for family in 0..<4 {
      let score = Case(lookups).score(family: "family\(family)")
      #expect(score.gate == .recorded)
      #expect(score.confidence < 0.01)
    }
  }

  @Test("a carrier-grade NAT with several infected lines: never confirmed, devices counted")
  func sharedAddress() {
    var lookups: [Lookup] = []
    // Three lines began at different times and walk the same list.
    for line in 0..<3 {
      lookups += Lookup.walk(60, every: 10) { $0.at += Double(line) * 180 + 0.5 }
    }
    var observed = Case(lookups.sorted { $0.at < $1.at }, facts: Self.listed)
    observed.context.scope = .shared
    observed.context.devices = 2000
    let score = observed.score()
    #expect(score.gate == .likely)
    #expect(score.devicesAtLeast == 3)
    #expect(score.reasons.contains { $0.contains("devices share the address") })
  }

  @Test("many families behind a carrier-grade NAT are many customers, not an analyst")
  func sharedAddressManyFamilies() {
    var lookups: [Lookup] = []
    for family in 0..<4 {
      lookups += Lookup.walk(6, from: family * 100) {
        $0.family = "family\(family)"
        $0.at += Double(family) * 1000
      }
    }
    var observed = Case(lookups)
    observed.context.scope = .shared
    observed.context.devices = 2000
    #expect(observed.score(family: "family2").gate == .likely)
    observed.context.scope = .line
    observed.context.devices = 1
    #expect(observed.score(family: "family2").confidence < 0.9)
  }

  @Test("a resolver that asks for others is never confirmed")
  func forwarder() {
    var lookups = Lookup.walk(20)
    lookups += Lookup.walk(20, from: 20) { $0.at += 2 * Self.day }
    var observed = Case(lookups, facts: Self.listed)
    #expect(observed.score().gate == .confirmed)
    observed.context.scope = .forwarder
    observed.context.devices = 50
    #expect(observed.score().gate == .likely)
  }

  @Test("a storm of random subdomains of one listed name is one name")
  func subdomains() {
    var numbers = SeededGenerator(seed: 5)
    let lookups = (0..<500).map { index in Lookup(at: Double(index) * 0.01) }
    var states = SuspectStates()
    for (index, lookup) in lookups.enumerated() {
      let hit = lookup.hit(Int64(index + 1))
      let label = (0..<12).map { _ in UInt8(97 + numbers.next() % 26) }
      let storm = HitRow(
        id: hit.id, firstMicroseconds: hit.firstMicroseconds,
        lastMicroseconds: hit.lastMicroseconds, count: 1, client: hit.client, clientPort: 1,
        server: hit.server, serverPort: 53, transport: .tcp, isVerified: true,
        qnameWire: [12] + label + hit.qnameWire, matchedOffset: 13, qtype: 1, action: .sinkhole,
        matches: hit.matches, unresolved: nil)
      states.add(storm, parameters: Case.parameters)
    }
    let episode = states.episodes["demo"]
    #expect(episode?.distinctNames == 1)
    #expect(episode?.all.lookups == 500)
    let score = Scorer(Case.parameters).score(
      episode ?? EpisodeState(), family: "demo", client: states.client,
      context: ScoringContext(), at: Lookup.start)
    #expect(score.gate == .recorded)
  }

  @Test("a clock that is constantly wrong is still an infection", arguments: [-400, -30, 20])
  func constantSkew(days: Int) {
    // Lists change daily, so do the names; the distance stays.
    var lookups: [Lookup] = []
    for day in 0..<3 {
      lookups += Lookup.walk(4, from: day * 10) {
        $0.daysOff = Int64(days)
        $0.at += Double(day) * Self.day
      }
    }
    let score = Case(lookups, facts: Self.listed).score()
    #expect(score.gate == .confirmed)
    #expect(score.clockSkewDays == days)
    #expect(!score.terms.contains { $0.name == "clock" })
  }

  @Test("names of the same list on other days need another clock each")
  func frozenList() {
    // The same names a week apart: no constant clock explains that.
    var lookups: [Lookup] = []
    for week in 0..<4 {
      lookups += Lookup.walk(3) {
        $0.daysOff = -10 - 14 * Int64(week)
        $0.at += 7 * Double(week) * Self.day
      }
    }
    #expect(Case(lookups).states.episodes["demo"]?.offsets.count == 4)
  }

  @Test("a flood with a forged source cannot confirm, nor hide a real infection")
  func flood() {
    let flood = Lookup.walk(5000, every: 0.1) { $0.isVerified = false }
    #expect(Case(flood, facts: Self.listed).score().gate < .confirmed)
    var real = Lookup.walk(3, from: 7000) { $0.at += 1 }
    real += Lookup.walk(3, from: 7003) { $0.at += Self.day }
    var mixed = Case((flood + real).sorted { $0.at < $1.at }, facts: Self.listed)
    mixed.context.assurance = .open
    let score = mixed.score()
    #expect(score.gate == .confirmed)
    #expect(score.countsVerifiedOnly)
    #expect(score.distinctNames == 6)
  }

  @Test("a forger who fakes many families cannot make a real infection look like an analyst")
  func floodOfFamilies() {
    var lookups = Lookup.walk(3)
    lookups += Lookup.walk(3, from: 3) { $0.at += Self.day }
    for family in 0..<20 {
      lookups += Lookup.walk(3, from: 100 * family + 100) {
        $0.family = "fake\(family)"
        $0.isVerified = false
        $0.at += Self.day + 30
      }
    }
    #expect(Case(lookups, facts: Self.listed).score().gate == .confirmed)
  }

  @Test("who is asked to come back over TCP and does not is rather forged")
  func challenge() {
    let plain = Case(Lookup.walk(3) { $0.isVerified = false }).score()
    let challenged = Case(
      Lookup.walk(3) {
        $0.isVerified = false
        $0.wasChallenged = true
      }
    ).score()
    #expect(challenged.confidence < plain.confidence)
    #expect(challenged.probabilities.spoofed > plain.probabilities.spoofed)
  }

  @Test("a popular name of three letters, asked for daily, stays recorded")
  func popularName() {
    let lookups = (0..<20).map { Lookup(name: "praat.org", at: Double($0) * 40_000) }
    var observed = Case(lookups, facts: FamilyFacts(order: .listed, pool: 3))
    observed.setRank(5000, of: "praat.org")
    let score = observed.score()
    #expect(score.gate == .recorded)
    #expect(score.distinctNames == 0)
    #expect(score.collidingNames == 1)
  }

  @Test("a page that a browser loads is not a bot: browsers ask for HTTPS records too")
  func browser() {
    var lookups: [Lookup] = []
    for qtype in [1, 28, 65] as [UInt16] { lookups += Lookup.walk(8) { $0.qtype = qtype } }
    #expect(Case(lookups).score().gate == .recorded)
  }

  @Test("a family of one name a day is known by its days")
  func fewNames() {
    let lookups = (0..<4).map {
      Lookup(name: Lookup.longName(1), isStatic: true, at: Double($0) * Self.day)
    }
    let score = Case(lookups, facts: FamilyFacts(order: .listed, pool: 1)).score()
    #expect(score.gate == .confirmed)
    #expect(score.distinctNames == 1)
    #expect(Case(Array(lookups.prefix(1)), facts: FamilyFacts(pool: 1)).score().gate == .recorded)
  }
}
