import DGAKit
import DGAModels
import Identification
import Testing

/// The day of all searches here.
private let today = Instant(unixSeconds: 1_795_392_000)
private let catalogue = ModelCatalogue(models: builtInModels)

private func names(
  _ family: String, _ variant: String = "", _ parameters: [String: SeedValue], count: Int
) throws -> [String] {
  var catalogue = catalogue
  try catalogue.add(
    Seed(variant: variant, label: "hidden", parameters: parameters), toFamily: family)
  let id = GeneratorID(family: family, variant: variant, seed: "hidden")
  return try catalogue.generator(id).names(at: today, limit: count)
}

@Suite("Unknown seeds are found")
struct SeedSearchTests {
  private func search(
    _ selector: String, _ observed: [String], _ values: ClosedRange<UInt32>, depth: Int? = nil,
    isExhaustive: Bool = false
  ) throws -> [SeedFinding] {
    let names = ObservedNames(observed)
    let window = Period.day(containing: today)
    let ids = try catalogue.select(GeneratorSelector(selector))
    let fits = AlgorithmFit.rank(ids, of: catalogue, names: names, around: window, threads: 2)
    var options = SearchPlan.Options()
    options.values = values
    options.depth = depth
    options.threads = 2
    let plan = SearchPlan(fits, of: catalogue, names: names, in: window, options: options)
    let run = SeedSearch(plan: plan, names: names, threads: 2, isExhaustive: isExhaustive)
    return SeedCover.findings(run.run { _ in })
  }

  private func around(_ value: UInt32) -> ClosedRange<UInt32> {
    (value - 3_000)...(value + 3_000)
  }

  @Test(
    "in lists of the day and in lists for ever",
    arguments: [
      ("ranbyus/may", "seed"), ("ranbyus/september", "seed"), ("locky/v3", "seed"),
      ("murofet/v2", "key"), ("newgoz", "key"), ("dircrypt", "seed"), ("ramnit/classic", "seed"),
    ])
  func dated(selector: String, parameter: String) throws {
    let hidden: UInt32 = 0x5EED_1234
    let id = try #require(try catalogue.select(GeneratorSelector(selector)).first)
    var seed = try catalogue.generator(id).seed
    seed.parameters[parameter] = .integer(Int64(hidden))
    let observed = try names(id.family, id.variant, seed.parameters, count: 10)
    let found = try #require(try search(selector, observed, around(hidden)).first)
    #expect(found.found.value == hidden)
    #expect(found.found.ordinals.count == 10)
    #expect(found.found.chanceCount < 1e-9)
    #expect(found.found.seed.parameters[parameter] == .integer(Int64(hidden)))
  }

  @Test("wherever in the list the observed names begin")
  func middle() throws {
    let parameters: [String: SeedValue] = ["seed": 0x5EED_1234]
    let list = try names("ranbyus", "may", parameters, count: 40)
    let found = try search("ranbyus/may", Array(list[25..<35]), around(0x5EED_1234), depth: 40)
    #expect(found.first?.found.value == 0x5EED_1234)
    #expect(found.first?.found.ordinals.values.sorted() == Array(25..<35))
    #expect(try search("ranbyus/may", Array(list[25..<35]), around(0x5EED_1234), depth: 5).isEmpty)
    // Without a depth the second pass goes as deep as ten of forty names need.
    let early = try search("ranbyus/may", Array(list[4..<14]), around(0x5EED_1234))
    #expect(early.first?.found.ordinals.values.sorted() == Array(4..<14))
  }

  @Test("tinba's key, without the first name")
  func tinba() throws {
    let list = try names(
      "tinba", "",
      [
        "key": "Xk29sQw81mNaP0zL", "first": "hardcodedfirst.pw",
        "tlds": ["pw", "us", "xyz", "club"],
      ],
      count: 60)
    let found = try #require(try search("tinba", Array(list[21..<45]), 0...0x7EFF).first)
    // The label that stands in for the first name is known under one suffix only.
    #expect(found.found.ordinals.count == 21)
    #expect(found.found.chanceCount < 1e-9)
  }

  @Test("all values that give the same names are told of when asked for")
  func equals() throws {
    let observed = try names("dircrypt", "", ["seed": 0xF211_3C2A], count: 12)
    #expect(try search("dircrypt", observed, around(0x7211_3C2B)).first?.found.value == 0x7211_3C2B)
  }

  @Test("and none in names of no algorithm")
  func nothing() throws {
    let observed = ["kwbqzjtoasplq.com", "qwmrtzoplkjhgw.com", "zzvbqkpmntxlrw.com"]
    #expect(try search("dircrypt", observed, 0...200_000).isEmpty)
  }

  @Test("names so short that accident gives them are no proof")
  func chance() throws {
    // Five letters under one of fourteen suffixes: 2^32 seeds give such a name many times.
    let window = Period.day(containing: today)
    let names = ObservedNames(["abcde.ru"])
    let ids = try catalogue.select(GeneratorSelector("locky/v2"))
    let fits = AlgorithmFit.rank(ids, of: catalogue, names: names, around: window, threads: 1)
    let plan = SearchPlan(fits, of: catalogue, names: names, in: window, options: .init())
    let job = try #require(plan.jobs.first)
    let expected = 4_294_967_296 / 9_765_625.0 / 11 / 14
    #expect((expected / 3...expected * 3).contains(job.chanceCount(of: 1, names)))
  }
}

@Suite("Known lists are found")
struct KnownLookupTests {
  @Test("with the day, the ordinals and nothing else")
  func lookup() throws {
    let day = today.adding(days: -3)
    let ids = try catalogue.select(GeneratorSelector("ranbyus/may"))
    let list = try catalogue.generator(ids[2]).names(at: day)
    let names = ObservedNames(list[5..<9] + ["example.com"])
    let window = Period(start: today.adding(days: -7), end: today.adding(days: 7))
    let (matches, problems) = KnownLookup.find(
      names, among: catalogue.generatorIDs, of: catalogue, in: window, threads: 2)
    #expect(matches.map(\.id) == [ids[2]])
    #expect(matches.first?.positions == [0, 1, 2, 3])
    #expect(matches.first?.lists.map(\.period) == [.day(containing: day)])
    #expect(matches.first?.lists.first?.ordinals == [0: 5, 1: 6, 2: 7, 3: 8])
    #expect(problems.allSatisfy { $0.contains("word list") })
    let later = Period(start: today, end: today.adding(days: 7))
    #expect(
      KnownLookup.find(names, among: ids, of: catalogue, in: later, threads: 1).matches.isEmpty)
  }

  @Test("and of lists that share names only those needed are told")
  func cover() throws {
    let ids = try catalogue.select(GeneratorSelector("mydoom"))
    let names = ObservedNames(try catalogue.generator(ids[0]).names(at: today))
    let window = Period(start: today.adding(days: -7), end: today.adding(days: 7))
    let matches = KnownLookup.find(names, among: ids, of: catalogue, in: window, threads: 1).matches
    #expect(matches.first?.lists.count == 1)
    #expect(matches.first?.otherLists ?? 0 > 5)
  }
}

@Suite("Algorithms are compared")
struct AlgorithmFitTests {
  private func rank(_ names: [String]) -> [AlgorithmFit] {
    AlgorithmFit.rank(
      catalogue.generatorIDs, of: catalogue, names: ObservedNames(names),
      around: .day(containing: today), threads: 2)
  }

  @Test(
    "the one that made the names ranks first",
    arguments: [
      ("dircrypt", "", 0xABCD_EF01 as Int64, "seed"), ("necurs", "", 12, "magic"),
      ("simda", "", 0x1234_5678, "base"), ("newgoz", "", 99, "key"),
      ("qadars", "", 0xC0DE_1234, "seed"),
    ])
  func first(family: String, variant: String, value: Int64, parameter: String) throws {
    let id = try #require(try catalogue.select(GeneratorSelector(family)).first)
    var seed = try catalogue.generator(id).seed
    seed.parameters[parameter] = .integer(value)
    let fits = rank(try names(family, variant, seed.parameters, count: 30))
    #expect(fits.first?.family == family, "\(fits.prefix(3).map(\.family))")
    #expect(fits.first?.fitCount == 30)
  }

  @Test("others are excluded for their suffix, length or letters")
  func excluded() throws {
    let fits = rank(["averylongname-with-hyphens.example"])
    let dircrypt = try #require(fits.first { $0.family == "dircrypt" })
    #expect(dircrypt.fitCount == 0 && dircrypt.misfits.suffix == 1)
    let other = try #require(rank(["abc.com"]).first { $0.family == "dircrypt" })
    #expect(other.misfits.length == 1 && other.misfits.example == "abc.com")
    let digits = try #require(rank(["abcdef1234.com"]).first { $0.family == "dircrypt" })
    #expect(digits.misfits.letter == 1)
  }

  @Test("what was seen of an algorithm is written short")
  func profile() throws {
    let ramnit = try #require(rank(["abc.com"]).first { $0.family == "ramnit" })
    #expect(ramnit.profile.alphabet == "a-y")
    #expect(ramnit.profile.allowedLengths.contains(8))
    #expect(!ramnit.profile.allowedLengths.contains(7 - 1))
  }
}

@Suite("Files of names")
struct ObservedFileTests {
  @Test("blank lines, comments, blanks around names and repeats")
  func reading() {
    let file = ObservedFile(
      Array("# seen\n\n  Example.com. \r\nexample.com\nno name\n..\n\tb.example\n".utf8))
    #expect(file.names.texts == ["example.com", "b.example"])
    #expect(file.lineCount == 3)
    #expect(
      file.problems == [
        "line 5: \"no name\" is no domain name", "line 6: \"..\" is no domain name",
      ])
  }
}

@Suite("Chance")
struct ChanceMatchesTests {
  @Test("the tail of the Poisson distribution")
  func tail() {
    #expect(ChanceMatches.tail(mean: 1, atLeast: 0) == 1)
    #expect(abs(ChanceMatches.tail(mean: 1, atLeast: 1) - 0.632_120_558_8) < 1e-6)
    #expect(abs(ChanceMatches.tail(mean: 2, atLeast: 3) - 0.323_323_583_8) < 1e-6)
    let rare = ChanceMatches.tail(mean: 1e-6, atLeast: 3)
    #expect(abs(rare * 6e18 - 1) < 1e-3)
    #expect(ChanceMatches.tail(mean: 0, atLeast: 1) == 0)
  }

  @Test("grows with the values tried and falls with the names matched")
  func expected() {
    let expected = { (matches: Int) in
      ChanceMatches.expected(
        tries: 4e9, perName: 1e-10, depth: 1, listLength: 40, matches: matches)
    }
    #expect(abs(expected(1) - 0.4) < 1e-9)
    #expect(expected(2) < expected(1) * 1e-8)
  }
}
