import Evidence
import EvidenceStore
import Foundation
import HitLog
import Testing

@Suite("The evidence engine") struct EngineTests {
  /// A bot that walks the day's list over TCP, in bursts two hours apart.
  static func bot(
    _ client: String, days: ClosedRange<Int64> = 0...0, names: UInt64 = 5, family: Int = 0
  ) -> [TestHit] {
    var hits: [TestHit] = []
    for day in days {
      for burst in 0..<2 {
        let start = World.start + day * World.day + Int64(burst) * 2 * World.hour
        for place in 0..<names {
          hits.append(
            TestHit(
              place: place, time: start + Int64(place) * 2_000_000, client: client,
              transport: .tcp, isVerified: true, family: family))
        }
      }
    }
    return hits
  }

  /// Bots of several clients, their lookups mixed by time.
  static func bots(_ clients: Int, _ make: (Int) -> [TestHit]) -> [TestHit] {
    var hits: [TestHit] = []
    for client in 0..<clients { hits += make(client) }
    return hits.sorted { $0.time < $1.time }
  }

  @Test("hits become an episode with a case, and one record that says so")
  func oneEpisode() throws {
    let world = World()
    try world.store(Self.bot("198.51.100.23"))
    world.advance(3 * World.hour)
    let engine = try world.run()
    #expect(engine.statistics.folded == 10)
    let views = try world.reader().episodes(meaning: "198.51.100.23")
    let view = try #require(views.first)
    #expect(views.count == 1 && view.suspect == "address:198.51.100.23")
    #expect(view.caseRow.number.description == "PN-2026-000001")
    #expect(view.score.gate == .confirmed, "\(view.score.reasons)")
    let records = try world.records()
    let record = try #require(records.first)
    #expect(records.count == 1 && record.change == .opened && record.revision == 1)
    #expect(record.id != record.episode && record.episode == view.id)
    #expect(record.count == 10 && record.distinctNames == 5 && record.lookups.count == 5)
    #expect(record.gate == view.score.gate && record.day == "2026-11-23" && record.isVerified)
    #expect(record.caseNumber == "PN-2026-000001" && record.client.port == 40_000)
    #expect(engine.statistics.open == [0, 0, 0, 1])
  }

  @Test("a rising gate sends the next revision, a day's end the last counts")
  func revisions() throws {
    let world = World()
    let hits = Self.bot("198.51.100.23")
    let engine = try world.engine()
    try world.store(Array(hits[..<1]))
    try world.run(engine)
    try world.store(Array(hits[1..<3]))
    try world.run(engine)
    try world.store(Array(hits[3..<5]))
    world.advance(3 * World.hour)
    try world.run(engine)
    let before = try world.records()
    #expect(before.map(\.revision) == Array(1...before.count))
    #expect(Set(before.map(\.id)).count == 1)
    #expect(zip(before, before.dropFirst()).allSatisfy { $0.gate < $1.gate })
    #expect(before.last?.count ?? 0 < 5 || before.last?.count == 5)
    world.advance(World.day)
    try world.run(engine)
    let after = try world.records()
    #expect(after.last?.count == 5 && after.last?.change == .updated)
    try world.run(engine)
    #expect(try world.records().count == after.count)
  }

  @Test("silence closes an episode and verifies its case; a lookup opens both again")
  func closing() throws {
    let world = World()
    try world.store(Self.bot("198.51.100.23"))
    let engine = try world.run()
    world.advance(20 * World.day)
    try world.run(engine)
    #expect(try world.records().last?.change == .closed)
    var view = try #require(try world.reader().episodes(meaning: "PN-2026-000001").first)
    #expect(!view.row.isOpen && view.caseRow.facts.state == .verified)
    try world.store(Self.bot("198.51.100.23", days: 20...20))
    try world.run(engine)
    view = try #require(try world.reader().episodes(meaning: "PN-2026-000001").first)
    #expect(view.row.isOpen && view.caseRow.facts.state == .reopened)
    #expect(try world.records().last?.change == .opened)
    #expect(try world.records().map(\.episode).allSatisfy { $0 == view.id })
  }

  @Test("batches and restarts make no difference; nor does a second engine")
  func determinism() throws {
    let hits = Self.bots(40) { client in
      Self.bot(
        "198.51.100.\(client)", days: 0...Int64(client % 3), names: UInt64(1 + client % 7),
        family: client % 4)
    }
    let (one, other) = (World(), World())
    var rest = hits[...]
    var size = 1
    let engines = [try other.engine(), try other.engine()]
    while !rest.isEmpty {
      for world in [one, other] { try world.store(Array(rest.prefix(size))) }
      rest = rest.dropFirst(size)
      size = size % 17 + 3
      try other.run(size % 2 == 0 ? engines[0] : engines[1])
    }
    for world in [one, other] {
      world.advance(4 * World.day)
      try world.run()
    }
    let states = "SELECT hex(state), last, first_hit, last_hit FROM episodes ORDER BY first_hit"
    #expect(try one.rows(states) == other.rows(states))
    let days = "SELECT hex(summary) FROM days ORDER BY 1"
    #expect(try one.rows(days) == other.rows(days))
    // Every day's last record counts every lookup once.
    for world in [one, other] {
      var newest: [String: UInt64] = [:]
      for record in try world.records() { newest[record.id] = record.count }
      #expect(newest.values.reduce(0, +) == UInt64(hits.count))
    }
  }

  @Test("a rebuild brings back what was computed live, and sends nothing twice")
  func rebuild() throws {
    let world = World()
    let hits = Self.bots(20) { client in
      Self.bot("198.51.100.\(client)", days: 0...Int64(client % 3), names: UInt64(2 + client % 5))
    }
    try world.store(hits)
    world.advance(3 * World.day)
    let engine = try world.run()
    let database = try world.database()
    _ = try database.mark(
      CaseNumber(year: 2026, count: 3), .notified, who: "test", note: "called", now: world.now)
    let (before, records) = (try world.evidence(), try world.records())
    let plan = try database.beginRebuild(from: try HitTail(dataDirectory: world.path))
    #expect(plan.episodes == 20 && plan.kept == 0 && plan.hits == Int64(hits.count))
    #expect(try database.isRebuilding())
    world.advance(World.hour)
    try world.run(engine)
    #expect(try !database.isRebuilding())
    #expect(try world.evidence() == before)
    #expect(try world.records() == records)
    let view = try #require(try world.reader().episodes(meaning: "PN-2026-000003").first)
    #expect(view.caseRow.facts.state == .notified && view.caseRow.facts.notices == 1)
  }

  @Test("a rebuild keeps what began before the oldest stored hit")
  func rebuildKeeps() throws {
    let world = World()
    try world.store(Self.bot("198.51.100.1") + Self.bot("198.51.100.2", days: 1...1))
    world.advance(2 * World.day)
    let engine = try world.run()
    let before = try world.evidence()
    let eraser = try #require(try HitErasure(dataDirectory: world.path))
    let gone = try eraser.erase { client, _, first, _ in
      client == ClientAddress("198.51.100.1") && first < World.start + World.hour
    }
    #expect(gone.hits == 5)
    let plan = try world.database().beginRebuild(from: try HitTail(dataDirectory: world.path))
    #expect(plan.kept == 1 && plan.episodes == 1)
    world.advance(World.hour)
    try world.run(engine)
    #expect(try world.evidence() == before)
  }

  @Test("a database of hits that was set aside does not confuse what is counted")
  func replacedHits() throws {
    let world = World()
    try world.store(Self.bot("198.51.100.1"))
    let engine = try world.run()
    for suffix in ["", "-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: world.path + "/ponor.sqlite" + suffix)
    }
    try world.store(Self.bot("198.51.100.1", days: 1...1) + Self.bot("198.51.100.2", days: 1...1))
    world.advance(2 * World.day)
    try world.run(engine)
    #expect(engine.statistics.folded == 30)
    let view = try #require(try world.reader().episodes(meaning: "198.51.100.1").first)
    #expect(view.row.state.all.lookups == 20)
    #expect(world.logged.contains { $0.contains("begin anew") })
  }

  @Test("no hits, then hits; a damaged database is set aside and computed again")
  func failures() throws {
    let world = World()
    let engine = try world.run()
    #expect(engine.statistics.lastError == nil)
    try world.store(Self.bot("198.51.100.1"))
    try world.run(engine)
    engine.close()
    let path = EvidencePaths(dataDirectory: world.path).database
    for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    try Data(repeating: 0x5a, count: 20_000).write(to: URL(fileURLWithPath: path))
    world.advance(World.hour)
    _ = engine.step()
    try world.run(engine)
    #expect(engine.statistics.damagedDatabases == 1)
    #expect(try world.reader().episodes(meaning: "198.51.100.1").count == 1)
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
  }
}
