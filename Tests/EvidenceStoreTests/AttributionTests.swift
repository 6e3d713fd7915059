import Evidence
import EvidenceStore
import Foundation
import HitLog
import Synchronization
import Testing

/// Attribution that says the same of everybody, up to an instant that tests set.
final class FixedLines: SubscriberLookup {
  private let subscriber: InfectionRecord.Subscriber
  private let state = Mutex<(until: Int64, problem: String?)>((.max, nil))
  private let questions = Mutex<[SubscriberQuestion]>([])

  init(_ subscriber: InfectionRecord.Subscriber, until: Int64 = .max) {
    self.subscriber = subscriber
    state.withLock { $0.until = until }
  }

  var asked: [SubscriberQuestion] { questions.withLock { $0 } }

  func set(until: Int64, problem: String? = nil) {
    state.withLock { $0 = (until, problem) }
  }

  func answers(
    _ questions: [SubscriberQuestion]
  ) throws(SubscriberLookupFailure) -> SubscriberAnswers {
    let (until, problem) = state.withLock { $0 }
    if let problem { throw SubscriberLookupFailure(problem) }
    self.questions.withLock { $0 += questions }
    return SubscriberAnswers(
      subscribers: questions.map { _ in subscriber }, knownUntil: until)
  }
}

@Suite("Joining hits with subscriber lines") struct AttributionTests {
  private static let line = InfectionRecord.Subscriber(
    state: .unique, key: "LINE-1", source: "radius")
  private static let second: Int64 = 1_000_000

  private func engine(
    _ world: World, _ lines: FixedLines, wait: Int64 = 900 * second,
    _ change: (inout EvidenceOptions) -> Void = { _ in }
  ) throws -> EvidenceEngine {
    var options = try world.options()
    options.attributionWait = wait
    change(&options)
    return EvidenceEngine(
      dataDirectory: world.path, options: options, subscribers: lines, now: world.clock,
      log: world.sink)
  }

  @Test("one line with two addresses is one suspect")
  func oneLine() throws {
    let world = World()
    let lines = FixedLines(Self.line)
    try world.store(EngineTests.bot("203.0.113.77") + EngineTests.bot("203.0.113.99", days: 1...1))
    world.advance(2 * World.day)
    let engine = try world.run(engine(world, lines))
    let views = try world.reader().episodes(meaning: "line:LINE-1")
    #expect(views.count == 1 && views.first?.row.lastHit == 20)
    #expect(engine.statistics.attributed == [.unique: 20])
    #expect(lines.asked.count == 20 && lines.asked.first?.port == 40_000)
    #expect(lines.asked.first?.transport == .tcp)
    #expect(lines.asked.first?.microseconds == World.start)
  }

  @Test("hits wait until the records go up to their instant; those before do not")
  func waiting() throws {
    let world = World()
    let lines = FixedLines(Self.line, until: World.start + 2 * Self.second)
    try world.store(EngineTests.bot("203.0.113.77"))
    world.set(World.start + 20 * Self.second)
    let engine = try world.run(engine(world, lines))
    #expect(engine.statistics.folded == 2 && engine.statistics.cursor == 2)
    // Not asked again at once, whatever comes.
    lines.set(until: .max)
    let asked = lines.asked.count
    try world.run(engine)
    #expect(engine.statistics.folded == 2 && lines.asked.count == asked)
    world.advance(3 * Self.second)
    try world.run(engine)
    #expect(engine.statistics.folded == 10)
    #expect(try world.reader().episodes(meaning: "line:LINE-1").first?.row.lastHit == 10)
  }

  @Test("after the wait a hit is scored for its address, as of an unknown line")
  func giveUp() throws {
    let world = World()
    // An old index says who had the address before.
    let lines = FixedLines(Self.line, until: World.start - 1)
    try world.store(EngineTests.bot("203.0.113.77"))
    world.set(World.start + 20 * Self.second)
    let engine = try world.run(engine(world, lines))
    #expect(engine.statistics.folded == 0)
    world.advance(4 * World.hour)
    try world.run(engine)
    #expect(engine.statistics.folded == 10 && engine.statistics.attributed == [.unknown: 10])
    #expect(try world.reader().episodes(meaning: "address:203.0.113.77").count == 1)
    #expect(try world.records().first?.subscriber?.state == .unknown)
  }

  @Test("when nobody answers hits wait, it is said once, and nothing is lost")
  func nobody() throws {
    let world = World()
    let lines = FixedLines(Self.line)
    lines.set(until: 0, problem: "nobody answers")
    try world.store(EngineTests.bot("203.0.113.77"))
    world.set(World.start + 20 * Self.second)
    let engine = try world.run(engine(world, lines))
    for _ in 0..<3 {
      world.advance(3 * Self.second)
      try world.run(engine)
    }
    #expect(engine.statistics.folded == 0)
    #expect(engine.statistics.attributionProblem == "nobody answers")
    #expect(world.logged.filter { $0.contains("nobody answers") }.count == 1)
    lines.set(until: .max)
    world.advance(3 * Self.second)
    try world.run(engine)
    #expect(engine.statistics.folded == 10 && engine.statistics.attributionProblem == nil)
    #expect(world.logged.contains { $0.contains("attribution answers again") })
  }

  @Test("a clock that was set back does not hold hits up")
  func clockSetBack() throws {
    let world = World()
    let lines = FixedLines(Self.line, until: World.start - World.hour)
    try world.store(EngineTests.bot("203.0.113.77"))
    world.set(World.start - World.hour)
    let engine = try world.run(engine(world, lines))
    #expect(engine.statistics.folded == 10)
  }

  @Test("forwarders and networks are not asked about")
  func notAttributable() throws {
    let world = World()
    let lines = FixedLines(Self.line, until: 0)
    try world.store(EngineTests.bot("203.0.113.77"))
    world.set(World.start + 20 * Self.second)
    let prefix = try #require(ClientPrefix("203.0.113.0/24"))
    let engine = try world.run(
      engine(world, lines) {
        $0.suspects.forwarders = [.init(prefix: prefix, devices: 100)]
      })
    #expect(engine.statistics.folded == 10 && lines.asked.isEmpty)
    #expect(try world.records().first?.subscriber == nil)
  }

  @Test("a rebuild asks again and comes to the same")
  func rebuild() throws {
    let world = World()
    let lines = FixedLines(Self.line)
    try world.store(EngineTests.bot("203.0.113.77", days: 0...2))
    world.advance(3 * World.day)
    let engine = try world.run(engine(world, lines))
    let before = try world.evidence()
    let database = try world.database()
    _ = try database.beginRebuild(from: HitTail(dataDirectory: world.path))
    try world.run(engine)
    #expect(try world.evidence() == before)
    #expect(lines.asked.count == 60)
  }

  @Test("a line's addresses lead to it, and all its hits go when it is erased, nobody else's")
  func erasure() throws {
    let world = World()
    let lines = FixedLines(Self.line)
    try world.store(EngineTests.bot("203.0.113.77") + EngineTests.bot("203.0.113.99", days: 1...1))
    world.advance(2 * World.day)
    try world.run(engine(world, lines))
    // The first address is somebody else's now.
    try world.store(EngineTests.bot("203.0.113.77", days: 3...3))
    world.advance(2 * World.day)
    let other = FixedLines(.init(state: .unique, key: "LINE-2", source: "radius"))
    try world.run(engine(world, other))
    let reader = try world.reader()
    #expect(try reader.episodes(meaning: "203.0.113.99").map(\.suspect) == ["line:LINE-1"])
    #expect(try reader.episodes(meaning: "203.0.113.77").count == 2)
    let client = try #require(ClientAddress("203.0.113.77"))
    let family = try #require(try reader.episodes(meaning: "line:LINE-1").first).row.family
    func holder(_ instant: Int64) throws -> String? {
      try reader.episode(
        client: client, origin: ClientOrigin(), family: family, until: instant)?.suspect
    }
    #expect(try holder(World.start + World.day) == "line:LINE-1")
    #expect(try holder(.max) == "line:LINE-2")
    let suspect = try #require(Suspect("line:LINE-1"))
    let counts = try Erasure(
      world.database(), dataDirectory: world.path, options: try world.options().suspects
    ).erase(suspect)
    #expect(counts.suspects == 1 && counts.hits.hits == 20)
    let hits = try HitStore.open(dataDirectory: world.path).hits(HitQuery())
    #expect(hits.count == 10 && hits.allSatisfy { $0.client == client })
    #expect(try world.rows("SELECT suspect FROM line_addresses").count == 1)
  }

  @Test("which addresses a line had is forgotten when joins are")
  func forgetting() throws {
    let world = World()
    try world.store(EngineTests.bot("203.0.113.77"))
    world.advance(World.day)
    let engine = try world.run(engine(world, FixedLines(Self.line)))
    #expect(try world.rows("SELECT suspect FROM line_addresses").count == 1)
    world.advance(31 * World.day)
    try world.run(engine)
    #expect(try world.rows("SELECT suspect FROM line_addresses").isEmpty)
  }
}
