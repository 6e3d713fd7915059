import Evidence
import EvidenceStore
import Foundation
import HitLog
import Testing

@Suite("Cases") struct CaseTests {
  private static let number = CaseNumber(year: 2026, count: 1)

  private static func world() throws -> World {
    let world = World()
    try world.store(EngineTests.bot("198.51.100.1"))
    world.advance(3 * World.hour)
    try world.run()
    return world
  }

  @Test("numbers read back what they print, and nothing else")
  func numbers() {
    #expect(CaseNumber("PN-2026-000123") == CaseNumber(year: 2026, count: 123))
    #expect(CaseNumber("pn-2026-1234567")?.description == "PN-2026-1234567")
    #expect(CaseNumber(stored: CaseNumber(year: 2026, count: 7).stored).count == 7)
    for text in [
      "", "PN", "PN-2026", "PN-2026-", "PN-2026-12", "XX-2026-000123", "PN-26-000123",
      "PN-2026-000000", "PN-2026-00012x", "PN-2026-0001234567890", "PN-2026--00123",
    ] {
      #expect(CaseNumber(text) == nil, "\(text)")
    }
  }

  @Test("the work of people goes from state to state and is noted")
  func work() throws {
    let world = try Self.world()
    let database = try world.database()
    for (state, note) in [
      (CaseState.notified, "mail"), (.acknowledged, "called back"), (.cleanedClaimed, ""),
    ] {
      #expect(
        try database.mark(Self.number, state, who: "alice", note: note, now: world.now).facts.state
          == state)
    }
    let steps = try world.reader(database).transitions(of: Self.number)
    #expect(steps.map(\.to) == [.notified, .acknowledged, .cleanedClaimed])
    #expect(steps.map(\.note) == ["mail", "called back", ""] && steps[0].who == "alice")
    for state in [CaseState.new, .verified] {
      #expect(throws: CaseError.self) {
        try database.mark(Self.number, state, who: "a", note: "", now: 0)
      }
    }
    #expect(throws: CaseError.self) {
      try database.mark(
        CaseNumber(year: 2026, count: 9), .notified, who: "a", note: "", now: 0)
    }
  }

  @Test("seen again after a claim to be clean reopens a case; not by what was before")
  func reopening() throws {
    let world = try Self.world()
    let database = try world.database()
    _ = try database.mark(Self.number, .cleanedClaimed, who: "a", note: "", now: world.now)
    try world.run()
    #expect(
      try world.reader().episodes(meaning: "198.51.100.1")[0].caseRow.facts.state
        == .cleanedClaimed)
    try world.store(EngineTests.bot("198.51.100.1", days: 1...1))
    world.advance(World.day)
    try world.run()
    #expect(
      try world.reader().episodes(meaning: "198.51.100.1")[0].caseRow.facts.state == .reopened)
  }

  @Test("a false positive is withdrawn, suppressed, and weighs on its names; until taken back")
  func falsePositive() throws {
    let world = try Self.world()
    let database = try world.database()
    let before = try world.reader().episodes(meaning: "198.51.100.1")[0].score
    _ = try database.mark(Self.number, .falsePositive, who: "a", note: "a lab", now: world.now)
    let record = try #require(try world.records().last)
    #expect(record.change == .withdrawn && record.revision == 2 && record.gate == .recorded)
    let after = try world.reader().episodes(meaning: "198.51.100.1")[0].score
    #expect(after.confidence < before.confidence && after.gate < before.gate)
    // Nothing more is said of it, but it is still counted.
    try world.store(EngineTests.bot("198.51.100.1", days: 1...1))
    // Others who ask for the same names are judged more carefully.
    try world.store(EngineTests.bot("198.51.100.2", days: 1...1, names: 1))
    world.advance(World.day)
    try world.run()
    #expect(try world.records().filter { $0.client.address == "198.51.100.1" }.count == 2)
    #expect(try world.rows("SELECT count(*) FROM benign WHERE false_positives = 1").count == 1)
    _ = try database.mark(Self.number, .reopened, who: "a", note: "it was one", now: world.now)
    world.advance(2 * World.day)
    try world.run()
    #expect(try world.records().filter { $0.client.address == "198.51.100.1" }.count > 2)
    #expect(
      try world.reader().episodes(meaning: "198.51.100.1")[0].score.gate == before.gate)
  }

  @Test("a first notice is due once, another one a week later if it is still seen")
  func notices() throws {
    let week = 7 * World.day
    let rules = NoticeRules(gate: .likely, repeatAfter: week)
    var facts = CaseFacts(since: 0)
    func isDue(_ gate: InfectionRecord.Gate, seen: Int64, at now: Int64) -> Bool {
      facts.isNoticeDue(gate: gate, lastSeen: seen, rules: rules, now: now)
    }
    #expect(isDue(.likely, seen: 0, at: 1) && isDue(.confirmed, seen: 0, at: 1))
    #expect(!isDue(.suspected, seen: 0, at: 1))
    facts = CaseFacts(state: .notified, since: 10, notified: 10, notices: 1)
    #expect(!isDue(.confirmed, seen: 20, at: 10 + week - 1))
    #expect(isDue(.confirmed, seen: 20, at: 10 + week))
    #expect(!isDue(.confirmed, seen: 5, at: 10 + week), "not seen since")
    for state in [CaseState.acknowledged, .cleanedClaimed, .verified, .falsePositive] {
      facts.state = state
      #expect(!isDue(.confirmed, seen: 20, at: 10 + 10 * week))
    }
    facts = CaseFacts(state: .reopened, since: 30, notified: 10, notices: 1)
    #expect(!isDue(.confirmed, seen: 40, at: 31) && isDue(.confirmed, seen: 40, at: 10 + week))
  }

  @Test("what is due can be asked for")
  func due() throws {
    let world = try Self.world()
    let rules = NoticeRules(gate: .likely, repeatAfter: 7 * World.day)
    #expect(try world.reader().due(rules).map(\.caseRow.number) == [Self.number])
    _ = try world.database().mark(Self.number, .notified, who: "a", note: "", now: world.now)
    #expect(try world.reader().due(rules).isEmpty)
  }

  @Test("figures tell how long cleaning took, and what came back")
  func figures() throws {
    let world = try Self.world()
    _ = try world.database().mark(Self.number, .notified, who: "a", note: "", now: world.now)
    try world.store(EngineTests.bot("198.51.100.1", days: 3...3))
    world.advance(30 * World.day)
    try world.run()
    let figures = try #require(try world.database().figures().first)
    #expect(figures.family == "family0" && figures.month == "2026-11")
    #expect(figures.counts["verified"] == 1 && figures.counts["notified"] == 1)
    #expect(figures.medianDaysToClean == 2 || figures.medianDaysToClean == 3)
  }
}
