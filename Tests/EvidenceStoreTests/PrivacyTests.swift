import Evidence
import EvidenceStore
import Foundation
import HitLog
import Testing

@Suite("Privacy of the evidence") struct PrivacyTests {
  /// The octets by which somebody would find a client in a file: its address in four octets, as
  /// text, and the name it asked for.
  private static func traces(of client: String, place: UInt64) -> [[UInt8]] {
    let name = TestHit.name(place)
    return [
      ClientAddress(client)?.octets ?? [], Array(client.utf8), Array(name.utf8),
      Array(name.split(separator: ".")[0].utf8),
    ]
  }

  @Test("what is too old is gone from database, log and free pages")
  func retention() throws {
    let world = World()
    try world.store(EngineTests.bot("203.0.113.77", names: 3))
    try world.store(
      EngineTests.bots(50) { EngineTests.bot("198.51.100.\($0)", names: 40, family: 1) })
    let engine = try world.run()
    let traces = Self.traces(of: "203.0.113.77", place: 2)
    #expect(try traces.allSatisfy { try !world.contains($0).isEmpty })
    // The others stay in sight, so that only what is too old goes.
    world.advance(91 * World.day)
    try world.store(
      EngineTests.bots(50) {
        EngineTests.bot("198.51.100.\($0)", days: 91...91, names: 1, family: 1)
      })
    // The server's writer deletes raw hits while it has nothing else to do.
    var options = HitLogOptions(dataDirectory: world.path, ringCount: 1)
    options.ringBytes = 1 << 16
    let log = try HitLog.open(options, source: ListSource(), now: world.clock, log: world.sink)
    log.start()
    for _ in 0..<100 {
      let left = try traces.flatMap { try world.contains($0) }
      if left.allSatisfy({ !$0.hasPrefix("ponor.sqlite") }) { break }
      usleep(100_000)
    }
    log.stop()
    try world.run(engine)
    for trace in traces {
      let found = try world.contains(trace)
      #expect(found.isEmpty, "\(String(decoding: trace, as: UTF8.self)) in \(found)")
    }
    #expect(try world.reader().episodes(meaning: "198.51.100.7").count == 1)
    #expect(try world.reader().episodes(meaning: "203.0.113.77").isEmpty)
    // Figures stay.
    let figures = try world.database().figures()
    #expect(figures.contains { $0.family == "family0" && $0.counts["opened"] == 1 })
  }

  @Test("an erasure leaves nothing of one client, and the others alone")
  func erasure() throws {
    let world = World()
    try world.store(EngineTests.bot("203.0.113.77", names: 3))
    try world.store(EngineTests.bot("203.0.113.78", names: 5))
    try world.run()
    let database = try world.database()
    let suspect = try #require(Suspect("address:203.0.113.77"))
    let counts = try Erasure(
      database, dataDirectory: world.path, options: try world.options().suspects
    ).erase(suspect)
    #expect(counts.episodes == 1 && counts.hits.hits == 6 && counts.hits.infections == 1)
    #expect(counts.isLogEmpty && counts.hits.isLogEmpty)
    let address = ClientAddress("203.0.113.77")?.octets ?? []
    #expect(try world.contains(address) == [])
    #expect(try world.contains(Array("203.0.113.77".utf8)) == [])
    #expect(try world.reader().episodes(meaning: "203.0.113.78").count == 1)
    #expect(try world.records().count == 1)
    #expect(try HitStore.open(dataDirectory: world.path).hits(HitQuery()).count == 10)
    // And it does not come back.
    try world.run()
    #expect(try world.reader().episodes(meaning: "203.0.113.77").isEmpty)
  }

  @Test("joins are forgotten before episodes are")
  func joins() throws {
    let world = World()
    let engine = EvidenceEngine(
      dataDirectory: world.path, options: try world.options(),
      subscribers: FixedLines(.init(state: .unique, key: "LINE-4711", source: "radius")),
      now: world.clock, log: world.sink)
    try world.store(EngineTests.bot("203.0.113.77"))
    try world.run(engine)
    let line = try #require(try world.reader().episodes(meaning: "line:LINE-4711").first)
    #expect(line.suspect == "line:LINE-4711")
    #expect(try world.records().first?.subscriber?.key == "LINE-4711")
    #expect(try world.reader().episodes(meaning: "203.0.113.77").count == 1)
    world.advance(31 * World.day)
    try world.run(engine)
    #expect(try world.contains(Array("LINE-4711".utf8)) == [])
  }

  @Test("ambiguous joins leave the episode with the address, and the record says so")
  func ambiguous() throws {
    let world = World()
    let engine = EvidenceEngine(
      dataDirectory: world.path, options: try world.options(),
      subscribers: FixedLines(.init(state: .ambiguous)), now: world.clock, log: world.sink)
    try world.store(EngineTests.bot("203.0.113.77"))
    try world.run(engine)
    let record = try #require(try world.records().first)
    #expect(record.subscriber?.state == .ambiguous && record.subscriber?.key == nil)
    #expect(try world.reader().episodes(meaning: "203.0.113.77").count == 1)
    world.advance(31 * World.day)
    try world.run(engine)
    #expect(try world.records().allSatisfy { $0.subscriber == nil })
  }

  @Test("reads are noted and can be found by subject")
  func audit() throws {
    let world = World()
    let database = try world.database()
    for (number, subject) in ["", "aa", "bb", "aa"].enumerated() {
      try database.audit(
        AuditEntry(
          time: world.now + Int64(number), who: "uid 1000 (alice)", via: "command",
          action: "infections list", subject: subject, count: number))
    }
    #expect(try database.auditEntries().map(\.count) == [0, 1, 2, 3])
    #expect(try database.auditEntries(subject: "aa").map(\.count) == [1, 3])
    #expect(try database.auditEntries(since: world.now + 2).count == 2)
    #expect(try database.auditEntries(limit: 1).map(\.count) == [3])
  }
}
