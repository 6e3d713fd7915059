import Evidence
import Foundation
import HitLog
import Testing

@Suite struct HitStoreTests {
  private let directory = TemporaryDirectory()
  private let world = TestWorld()

  @Test("A stored hit says who asked what, when, how, and where the name comes from")
  func oneHit() throws {
    let log = try HitLog.open(directory, world)
    let sample = event(
      42, time: 1_795_317_247_123_456, client: "2001:db8::7", port: 53_817, transport: 2, flags: 1,
      qtype: 28, action: 1, matched: 4)
    log.rings[0].append(sample, "wWw.ExAmple.TEST")
    log.stop()
    let row = try #require(try storedHits(directory).first)
    #expect(row.firstMicroseconds == 1_795_317_247_123_456)
    #expect(row.lastMicroseconds == row.firstMicroseconds)
    #expect(row.count == 1)
    #expect(row.client.description == "2001:db8::7")
    #expect(row.clientPort == 53_817)
    #expect(row.server.description == "192.0.2.53" && row.serverPort == 53)
    #expect(row.transport == .dot && row.isVerified)
    #expect(row.qname == "www.example.test" && row.qnameRaw == "wWw.ExAmple.TEST")
    #expect(row.matchedName == "example.test")
    #expect(row.qtype == 28 && row.action == .sinkhole)
    #expect(row.matches == [ProvenanceMatch(provenance: TestSource.day, ordinal: 42)])
    #expect(row.unresolved == nil)
  }

  @Test("Repeats are folded into a count, whatever their letter case; nothing else is")
  func folding() throws {
    let log = try HitLog.open(directory, world)
    let ring = log.rings[0]
    let start: Int64 = 1_795_317_247_000_000
    ring.append(event(1, time: start + 5, port: 1), "A.test")
    ring.append(event(1, time: start, port: 2), "a.TEST")
    ring.append(event(1, time: start + 9, port: 3), "a.test")
    ring.append(event(1, client: "198.51.100.24"), "a.test")
    ring.append(event(1, transport: 1), "a.test")
    ring.append(event(1, flags: 1), "a.test")
    ring.append(event(1, qtype: 28), "a.test")
    ring.append(event(1, action: 3), "a.test")
    ring.append(event(1, matched: 2), "a.test")
    ring.append(event(2), "a.test")
    ring.append(event(1), "b.test")
    ring.append(event(1), "www.a.test")
    log.stop()
    let rows = try storedHits(directory)
    #expect(rows.count == 10)
    #expect(rows.map(\.count) == [3] + Array(repeating: 1, count: 9))
    let folded = try #require(rows.first)
    #expect(folded.firstMicroseconds == start && folded.lastMicroseconds == start + 9)
    #expect(folded.clientPort == 1 && folded.qnameRaw == "A.test")
    #expect(log.statistics.storedHits == 12)
    #expect(log.statistics.storedRows == 10)
    #expect(log.statistics.folded == 2)
  }

  @Test("A name of two families is one hit that names both")
  func twoFamilies() throws {
    let log = try HitLog.open(directory, world)
    log.rings[0].append(event(500), "both.test")
    log.stop()
    let row = try #require(try storedHits(directory).first)
    #expect(row.matches.map(\.provenance) == [TestSource.day, TestSource.other])
    #expect(row.matches.map(\.ordinal) == [500, nil])
    var query = HitQuery()
    query.family = "otherfam"
    #expect(try storedHits(directory, query).count == 1)
    query.family = "nofam"
    #expect(try storedHits(directory, query).isEmpty)
    let infections = try HitStore.open(dataDirectory: directory.path).infections(.init())
    #expect(Set(infections.map(\.family)) == ["testfam", "otherfam"])
  }

  @Test("A hit whose index generation is gone is kept with what the index said")
  func unknownGeneration() throws {
    let log = try HitLog.open(directory, world)
    log.rings[0].append(event(.max), "gone.test")
    log.rings[0].append(event(1000), "gone2.test")
    log.stop()
    let rows = try storedHits(directory)
    #expect(rows.map(\.primary.provenance) == [.unknown, .unknown])
    #expect(
      rows.map(\.unresolved) == [
        .init(generation: 9, payload: .max), .init(generation: 9, payload: 1000),
      ])
    let infection = try #require(
      try HitStore.open(dataDirectory: directory.path).infections(.init()).first)
    #expect(infection.family == "unknown" && infection.distinctNames == 2)
  }

  @Test("Queries restrict by time, client, family and number")
  func queries() throws {
    let log = try HitLog.open(directory, world)
    let start: Int64 = 1_795_317_240_000_000
    for index in 0..<30 as Range<Int64> {
      log.rings[0].append(
        event(UInt64(index), time: start + index * 10_000_000, client: "10.0.0.\(index % 3)"),
        "n\(index).test")
    }
    log.stop()
    func names(_ edit: (inout HitQuery) -> Void) throws -> [String] {
      var query = HitQuery()
      edit(&query)
      return try storedHits(directory, query).map(\.qname)
    }
    #expect(try names { _ in }.count == 30)
    #expect(try names { $0.since = start + 285_000_000 } == ["n29.test"])
    #expect(try names { $0.since = start + 290_000_000 } == ["n29.test"])
    #expect(try names { $0.until = start + 10_000_000 } == ["n0.test"])
    #expect(
      try names {
        $0.since = start + 100_000_000
        $0.until = start + 120_000_000
      } == ["n10.test", "n11.test"])
    #expect(try names { $0.limit = 2 } == ["n28.test", "n29.test"])
    #expect(try names { $0.client = ClientAddress("10.0.0.2") }.count == 10)
    #expect(
      try names {
        $0.client = ClientAddress("10.0.0.2")
        $0.family = "testfam"
        $0.limit = 1
      } == ["n29.test"])
    #expect(try names { $0.since = start + 9_000_000_000 }.isEmpty)
    #expect(try names { $0.until = start - 9_000_000_000 }.isEmpty)
  }

  @Test("Infections count distinct names exactly, over batches and restarts")
  func infections() throws {
    for round in 0..<3 as Range<UInt64> {
      let log = try HitLog.open(directory, world, records: 2048)
      for payload in 0..<500 as Range<UInt64> {
        log.rings[0].append(
          event(
            payload % 400 + round * 50, time: 1_795_317_247_000_000 + Int64(payload + round),
            port: UInt16(round + 1), transport: UInt8(round % 2), flags: UInt8(round % 2),
            qtype: payload % 2 == 0 ? 1 : 28),
          "n\(payload % 400 + round * 50).test")
      }
      log.rings[0].append(event(0, client: "198.51.100.99", action: 4), "ramp.test")
      log.stop()
    }
    let infections = try HitStore.open(dataDirectory: directory.path).infections(.init())
    // A colliding name is no infection.
    #expect(infections.count == 1)
    let infection = try #require(infections.first)
    #expect(infection.client.description == "198.51.100.23")
    #expect(infection.family == "testfam" && infection.variant == "v1" && infection.seed == "s")
    #expect(infection.distinctNames == 500)
    #expect(infection.hits == 1500)
    #expect(infection.verifiedHits == 500)
    #expect(infection.firstMicroseconds == 1_795_317_247_000_000)
    #expect(infection.lastMicroseconds == 1_795_317_247_000_501)
    #expect(infection.qtypes == [1, 28])
    #expect(infection.transports == [.udp, .tcp])
    #expect(infection.lastPort == 3)
    #expect(infection.lastServer.description == "192.0.2.53" && infection.lastServerPort == 53)
  }

  @Test("Without a database there is one clear error")
  func noDatabase() {
    #expect {
      try HitStore.open(dataDirectory: directory.path)
    } throws: { error in
      "\(error)".contains("does not exist")
    }
  }

  @Test("A reader sees one view while the writer goes on")
  func readWhileWriting() throws {
    let log = try HitLog.open(directory, world, records: 4096)
    log.start()
    log.rings[0].append(event(1), "first.test")
    for _ in 0..<500 where log.statistics.storedHits < 1 { usleep(10_000) }
    let store = try HitStore.open(dataDirectory: directory.path)
    var seen = 0
    try store.forEachHit(HitQuery()) { _ in
      seen += 1
      log.rings[0].append(event(2), "second.test")
      for _ in 0..<500 where log.statistics.storedHits < 2 { usleep(10_000) }
    }
    #expect(seen == 1)
    #expect(try store.hits(HitQuery()).count == 2)
    log.stop()
    log.stop()
  }
}
