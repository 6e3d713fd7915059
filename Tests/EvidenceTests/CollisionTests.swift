import Evidence
import Testing
import WireSamples

/// How often people ask for names: what is assumed, what is counted, what stands out.
@Suite struct CollisionTests {
  private let benign = Case.parameters.benign

  private func assumed(_ name: String, rank: UInt32? = nil, isWordList: Bool = false) -> Double {
    BenignRates.assumed(
      NameShape(Lookup.wire(name)), rank: rank, isWordList: isWordList, parameters: benign)
  }

  @Test("short names in large zones are taken, long ones are not")
  func shapes() {
    #expect(assumed("abc.com") == benign.registered)
    #expect(assumed("abcd.com") == benign.registered)
    #expect(assumed("abcdef.com") < benign.registered)
    #expect(assumed("abcdef.com") > 1e-7)
    #expect(assumed("abcdefghijkl.com") == benign.floor)
    #expect(assumed("a1-b.com") < assumed("aabb.ws") * 100)
    #expect(assumed("severaltrain.net", isWordList: true) == 1e-5)
    #expect(assumed("") == benign.registered || assumed("") > 0)
  }

  @Test("popular names are asked for by their rank")
  func ranks() {
    #expect(assumed("praat.org", rank: 1000) == 1e-3)
    #expect(assumed("google.com", rank: 1) == 1)
    #expect(assumed("abc.com", rank: .max) == benign.ranked)
  }

  @Test(
    "shapes of names",
    arguments: [
      ("abc.co.uk", 3, 26, "co.uk"), ("a-1.com", 3, 37, "com"), ("123.tk", 3, 10, "tk"),
      ("x", 1, 26, ""),
    ])
  func shape(name: String, length: Int, alphabet: Int, suffix: String) {
    let shape = NameShape(Lookup.wire(name))
    #expect(shape.length == length)
    #expect(shape.alphabet == alphabet)
    #expect(shape.suffix == suffix)
  }

  @Test("what is counted takes over from what is assumed")
  func learning() {
    let name = "abc.com"
    let evidence = Case([Lookup(name: name)]).states.episodes["demo"]?.names.first
    guard let evidence else { return }
    let key = evidence.key
    var rates = BenignRates()
    let before = rates.rate(of: evidence, isWordList: false, parameters: benign)
    #expect(before == benign.registered)
    for _ in 0..<20 {
      rates.learn([key: .init(outside: 300, inside: 5)], listedOutside: [key], clients: 1_000_000)
    }
    let after = rates.rate(of: evidence, isWordList: false, parameters: benign)
    #expect(abs(after / 3e-4 - 1) < 0.02)
    #expect(after > benign.colliding)
    // Days without anybody lower it again, never below the floor.
    for _ in 0..<2000 { rates.learn([:], listedOutside: [key], clients: 1_000_000) }
    let late = rates.rate(of: evidence, isWordList: false, parameters: benign)
    #expect(late < after / 50 && late >= benign.floor)
  }

  @Test("false positives found make a name colliding, and a suspect less likely")
  func feedback() {
    var observed = Case(Lookup.walk(3))
    let before = observed.score()
    observed.context.falsePositives = 1
    #expect(observed.score().confidence < before.confidence)
    observed.context.falsePositives = 0
    for lookup in observed.lookups {
      var counts = BenignRates.Counts()
      counts.falsePositives = 3
      observed.context.benign.counts[ListedName.key(Lookup.wire(lookup.name))] = counts
    }
    let after = observed.score()
    #expect(after.gate == .recorded || after.gate == .suspected)
  }

  @Test("a quarantined name says nothing")
  func quarantined() {
    var observed = Case(Lookup.walk(3))
    for lookup in observed.lookups {
      var counts = BenignRates.Counts()
      counts.isQuarantined = true
      observed.context.benign.counts[ListedName.key(Lookup.wire(lookup.name))] = counts
    }
    let score = observed.score()
    #expect(score.gate == .recorded)
    #expect(score.distinctNames == 0)
    #expect(score.collidingNames == 3)
  }

  // MARK: Counting

  @Test("only clients with one listed name are counted")
  func sketch() {
    var sketch = DaySketch()
    for client in 0..<100 as Range<UInt64> {
      sketch.add(client: client, name: 7, isInside: false, isKnown: false)
      sketch.add(client: client, name: 7, isInside: false, isKnown: false)
    }
    for client in 100..<150 as Range<UInt64> {
      sketch.add(client: client, name: 7, isInside: false, isKnown: false)
      sketch.add(client: client, name: 8, isInside: true, isKnown: false)
    }
    for client in 150..<170 as Range<UInt64> {
      sketch.add(client: client, name: 7, isInside: true, isKnown: false)
      sketch.add(client: client + 1000, name: 7, isInside: true, isKnown: true)
    }
    #expect(sketch.counts() == [7: .init(outside: 100, inside: 20)])
  }

  @Test("a full sketch samples clients, in whatever order they come")
  func sampling() {
    var numbers = SeededGenerator(seed: 3)
    let clients = (0..<40_000).map { _ in numbers.next() }
    var forward = DaySketch(capacity: 1000)
    var backward = DaySketch(capacity: 1000)
    for client in clients {
      forward.add(client: client, name: client % 2, isInside: false, isKnown: false)
    }
    for client in clients.reversed() {
      backward.add(client: client, name: client % 2, isInside: false, isKnown: false)
    }
    #expect(forward.sampling == 64)
    #expect(forward.counts() == backward.counts())
    let outside = Double(forward.counts()[0]?.outside ?? 0)
    #expect(abs(outside / 20_000 - 1) < 0.2)
  }

  // MARK: Quarantine

  private func find(
    _ counts: [UInt64], endsWalk: Bool = false, pool: Int = 1000
  ) -> [UInt64] {
    let candidates = counts.enumerated().map { index, clients in
      Quarantine.Candidate(
        name: UInt64(index), clients: clients, ordinal: UInt32(index), endsWalk: endsWalk)
    }
    return Quarantine.find(candidates, pool: pool, parameters: Case.parameters.quarantine)
      .map(\.name)
  }

  @Test("one name with many clients stands out, a list that all walk does not")
  func quarantine() {
    #expect(find([0, 1, 0, 0, 400]) == [4])
    #expect(find([0, 1, 0, 0, 20]).isEmpty, "too few")
    #expect(find(Array(repeating: 400, count: 50), pool: 50).isEmpty, "all alike")
    #expect(find([400, 0, 0], endsWalk: true).isEmpty, "the first name ends the walk")
    #expect(find([400, 0, 0]) == [0])
    #expect(find([]).isEmpty)
  }

  @Test("a day's hits give counts, and the name that stands out")
  func day() {
    let rules = Case.parameters.foldRules(family: "demo")
    var sketch = DaySketch()
    var names: [UInt64: ListedLookup] = [:]
    for client in 0..<200 as Range<UInt64> {
      // Some walk the list; most ask for one name of it only.
      let ordinals = client < 20 ? Array(0..<10) : [40]
      for ordinal in ordinals {
        let lookup = Lookup(name: Lookup.longName(ordinal), ordinal: UInt32(ordinal))
        guard let listed = ListedLookup(lookup.hit(1), rules: rules) else { continue }
        names[listed.name] = listed
        sketch.add(client: client, name: listed.name, isInside: listed.isInside, isKnown: false)
      }
    }
    let found = Quarantine.find(
      sketch.counts(), names: names, facts: FamilyFactsTable(),
      parameters: Case.parameters.quarantine)
    #expect(found.map(\.clients) == [180])
    #expect(found.first.map { names[$0.name]?.ordinal } == 40)
  }

  @Test("hits outside the validity, and colliding ones, are counted as such")
  func outside() {
    let rules = Case.parameters.foldRules(family: "demo")
    let stale = ListedLookup(Lookup(daysOff: -5, action: .colliding).hit(1), rules: rules)
    #expect(stale?.isInside == false)
    #expect(stale?.endsWalk == false)
    #expect(ListedLookup(Lookup(daysOff: 1).hit(1), rules: rules)?.isInside == true)
  }

  // MARK: Priors

  @Test("what a month found moves π, within limits")
  func priors() {
    func after(_ lines: UInt64, _ infected: Double) -> Double {
      PriorLearning.prior(after: .init(lines: lines, infected: infected), assumed: 1e-4)
    }
    #expect(after(0, 0) == 1e-4)
    #expect(abs(after(1_000_000, 500) - 4.6e-4) < 1e-5)
    #expect(after(1_000_000, 0) < 1e-4)
    #expect(after(100_000_000, 0) == PriorLearning.limits.lowerBound)
    #expect(after(1000, .infinity) <= PriorLearning.limits.upperBound)
    #expect(after(1000, -5) > 0)
  }

  @Test("a learned π is used when it is given")
  func learnedPrior() {
    var observed = Case(Lookup.walk(1))
    let before = observed.score().confidence
    observed.context.learnedPrior = 1e-3
    #expect(observed.score().confidence > before)
  }
}
