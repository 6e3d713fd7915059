import Evidence
import EvidenceStore
import Foundation
import HitLog
import Testing

@Suite("What is learned of names") struct LearningTests {
  /// Clients that ask for one name of yesterday's list, and for nothing else.
  private static func strangers(_ count: Int, place: UInt64, day: Int64) -> [TestHit] {
    (0..<count).map { number in
      TestHit(
        place: place, time: World.start + day * World.day + Int64(number) * 1_000_000,
        client: "10.\(number / 65_536).\(number / 256 % 256).\(number % 256)")
    }
  }

  @Test("a name that draws many clients with no other name is quarantined, and can be released")
  func quarantine() throws {
    let world = World()
    var hits = Self.strangers(400, place: 30, day: 0)
    for client in 0..<20 { hits += EngineTests.bot("198.51.100.\(client)", names: 10) }
    try world.store(hits.sorted { $0.time < $1.time })
    let engine = try world.run()
    world.advance(2 * World.day)
    // The lesson is of the day before.
    world.set(World.start + World.day)
    try world.run(engine)
    let names = try world.database().quarantined()
    #expect(names.map(\.name) == [TestHit.name(30)] && names.first?.clients ?? 0 >= 400)
    #expect(engine.statistics.quarantined == 1)
    #expect(world.logged.contains { $0.contains("quarantine") })
    // It says nothing any more.
    let view = try #require(try world.reader().episodes(meaning: "10.0.0.7").first)
    #expect(view.score.gate == .recorded && view.score.distinctNames == 0)
    // Bots are judged by their other names.
    let bot = try #require(try world.reader().episodes(meaning: "198.51.100.3").first)
    #expect(bot.score.gate >= .likely)
    #expect(try world.database().release(TestHit.name(30)))
    #expect(try !world.database().release(TestHit.name(30)))
    #expect(try world.database().quarantined().isEmpty)
  }

  @Test("lookups outside the validity are counted without clients")
  func benign() throws {
    let world = World()
    // The source derives the validity from the day in the payload: ask ten days later.
    var hits = Self.strangers(30, place: 3, day: 0)
    for index in hits.indices { hits[index].listDay = World.start / World.day - 10 }
    try world.store(hits)
    let engine = try world.run()
    world.set(World.start + World.day)
    try world.run(engine)
    #expect(try world.rows("SELECT clients, client_days FROM benign").count == 1)
    #expect(
      try world.rows("SELECT clients FROM benign").first?.contains("30") == true)
    // Counted once, whatever runs again.
    try world.run(try world.engine())
    #expect(try world.rows("SELECT clients FROM benign").first?.contains("30") == true)
  }
}
