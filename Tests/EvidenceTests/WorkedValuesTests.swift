import Evidence
import Testing

/// The worked values of the model's specification, each within what its rounding says.
@Suite struct WorkedValuesTests {
  private static let listed = FamilyFacts(order: .listed, pool: 1000)

  @Test("one long random name, verified: even odds, recorded")
  func oneName() {
    let score = Case(Lookup.walk(1), facts: Self.listed).score()
    #expect(abs(score.confidence - 0.48) < 0.005)
    #expect(score.gate == .recorded)
  }

  @Test("two ascending names, verified: likely")
  func twoNames() {
    let score = Case(Lookup.walk(2), facts: Self.listed).score()
    #expect(abs(score.confidence - 0.997) < 0.0005)
    #expect(score.gate == .likely)
  }

  @Test(
    "two ascending names over UDP: bounded by how easily sources are forged",
    arguments: [
      (ScoringContext.SourceAssurance.attested, 0.906, InfectionRecord.Gate.likely),
      (.listed, 0.091, .recorded),
    ])
  func unverified(
    assurance: ScoringContext.SourceAssurance, value: Double, gate: InfectionRecord.Gate
  ) {
    var observed = Case(Lookup.walk(2) { $0.isVerified = false }, facts: Self.listed)
    observed.context.assurance = assurance
    let score = observed.score()
    #expect(abs(score.confidence - value) < 0.0015)
    #expect(score.gate == gate)
    #expect(score.reasons.contains { $0.contains("No verified lookup") })
  }

  @Test("one popular name of three letters: a collision, recorded")
  func popular() {
    var lookup = Lookup()
    lookup.name = "wnx.com"
    var observed = Case([lookup], facts: Self.listed)
    observed.setRank(1000, of: lookup.name)
    let score = observed.score()
    #expect(abs(score.confidence - 0.075) < 0.0015)
    #expect(score.gate == .recorded)
    #expect(score.collidingNames == 1)
  }

  @Test("six short and long names, ascending: fit for confirmation")
  func mixed() {
    let names = ["kqv.com", "a9f3.tk", "zpq7x.ml", "q1zz.cf", "mmkqw.de", "xkvqpwzr.rocks"]
    let lookups = names.enumerated().map { index, name in
      Lookup(name: name, ordinal: UInt32(index), at: Double(index) * 2)
    }
    let score = Case(lookups, facts: FamilyFacts(order: .listed, pool: 2610)).score()
    #expect(score.confidence > 0.9995)
    #expect(score.gate == .likely, "one burst only")
  }

  @Test("one and three names of two words", arguments: [(1, 0.48), (3, 0.998)])
  func wordList(count: Int, value: Double) {
    let words = ["buildquiet.net", "severaltrain.net", "captainfather.net"]
    let lookups = words.prefix(count).enumerated().map { index, name in
      Lookup(name: name, ordinal: UInt32(index), at: Double(index) * 2)
    }
    let score = Case(lookups, facts: FamilyFacts(isWordList: true)).score()
    #expect(abs(score.confidence - value) < (count == 1 ? 0.005 : 0.0005))
    #expect(score.gate == (count == 1 ? .recorded : .likely))
  }

  @Test("three names of 400 days ago: a clock that is wrong")
  func skew() {
    let score = Case(Lookup.walk(3) { $0.daysOff = -400 }).score()
    // The table has .998; with b at its floor for every name the formula gives .9975.
    #expect(abs(score.confidence - 0.998) < 0.001)
    #expect(score.clockSkewDays == -400)
    #expect(score.gate == .likely)
    #expect(score.reasons.contains { $0.contains("400 days slow") })
  }

  @Test("five hits in nine families, two of them of the future: an analyst")
  func analyst() {
    var lookups = (0..<5).map { index in
      Lookup(
        name: Lookup.longName(index), daysOff: index < 2 ? 9 : 0, ordinal: UInt32(index * 97 % 50),
        at: Double(index))
    }
    for family in 0..<8 {
      lookups.append(
        Lookup(
          name: Lookup.longName(100 + family), family: "other\(family)", at: 10 + Double(family)))
    }
    let score = Case(lookups).score()
    #expect(score.confidence < 0.001)
    #expect(score.probabilities.analyst > 0.99)
    #expect(score.gate == .recorded)
  }

  @Test("two names asked for with MX only: a relay")
  func relay() {
    let score = Case(Lookup.walk(2) { $0.qtype = 15 }).score()
    #expect(abs(score.confidence - 0.008) < 0.0005)
    #expect(abs(score.probabilities.relay - 0.99) < 0.005)
  }

  @Test("one name behind 2,000 devices: suspected, and of whom is not known")
  func sharedAddress() {
    var lookup = Lookup()
    lookup.name = "zqkx.com"
    var observed = Case([lookup])
    observed.context.scope = .shared
    observed.context.devices = 2000
    // b = 1e-6: a registered name of four letters that is not popular.
    let score = observed.score()
    #expect(abs(score.confidence - 0.989) < 0.0005)
    #expect(score.gate == .suspected)
    #expect(score.reasons.contains { $0.contains("2000 devices") })
  }

  @Test("200 names over UDP: no number of packets passes the bound", arguments: [200, 2000])
  func flood(count: Int) {
    let score = Case(Lookup.walk(count) { $0.isVerified = false }, facts: Self.listed).score()
    #expect(abs(score.confidence - 0.909) < 0.0005)
    #expect(score.gate <= .likely)
  }

  @Test("three of 50,000 names, of which a run tries 500")
  func pool() {
    let facts = FamilyFacts(order: .random, pool: 50_000, triesPerRun: 500)
    let lookups = [311, 7, 40_002].enumerated().map { index, ordinal in
      Lookup(
        name: Lookup.longName(index), ordinal: UInt32(ordinal), at: Double(index) * 2)
    }
    let score = Case(lookups, facts: facts).score()
    #expect(abs(score.confidence - 0.997) < 0.0006)
  }
}
