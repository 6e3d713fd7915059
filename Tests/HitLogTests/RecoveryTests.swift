import Evidence
import Foundation
import HitLog
import Testing

@Suite struct RecoveryTests {
  private let directory = TemporaryDirectory()
  private let world = TestWorld()

  @Test("Hits that a dead process left in its rings are stored once")
  func leftInRing() throws {
    do {
      let log = try HitLog.open(directory, world, rings: 2)
      log.rings[0].append(event(1), "one.test")
      log.rings[1].append(event(2), "two.test")
    }
    for _ in 0..<3 {
      let log = try HitLog.open(directory, world, rings: 2)
      log.stop()
    }
    #expect(try storedHits(directory).map(\.qname) == ["one.test", "two.test"])
  }

  @Test("A command stores what a dead server left, and the next server goes on with its rings")
  func recoverCommand() throws {
    do {
      let log = try HitLog.open(directory, world, rings: 2)
      log.rings[1].append(event(1), "one.test")
      #expect(throws: HitLogError.self) {
        try HitLog.recover(
          dataDirectory: directory.path, source: TestSource(), now: world.clock, log: world.sink)
      }
    }
    let statistics = try HitLog.recover(
      dataDirectory: directory.path, source: TestSource(), now: world.clock, log: world.sink)
    #expect(statistics.storedHits == 1)
    let log = try HitLog.open(directory, world, rings: 2)
    #expect(log.rings[1].head == 1)
    log.rings[1].append(event(2), "two.test")
    log.stop()
    #expect(try storedHits(directory).map(\.qname) == ["one.test", "two.test"])
  }

  @Test("Stored but not released is not stored again")
  func killedAfterCommit() throws {
    do {
      let log = try HitLog.open(directory, world)
      for payload in 0..<10 as Range<UInt64> { log.rings[0].append(event(payload), "x.test") }
      log.stop()
    }
    // The kill came between the commit and the release: the ring's own mark is still old.
    let path = HitLogPaths(dataDirectory: directory.path).ring(0)
    var data = try Data(contentsOf: URL(fileURLWithPath: path))
    data.replaceSubrange(256..<264, with: Data(count: 8))
    try data.write(to: URL(fileURLWithPath: path))
    let log = try HitLog.open(directory, world)
    log.rings[0].append(event(11), "y.test")
    log.stop()
    #expect(try storedHits(directory).map(\.count) == Array(repeating: 1, count: 11))
  }

  @Test("Rings of another number or size are emptied, then removed")
  func changedGeometry() throws {
    do {
      let log = try HitLog.open(directory, world, rings: 3, records: 16)
      for index in 0..<3 {
        log.rings[index].append(event(UInt64(index)), "n\(index).test")
      }
    }
    do {
      let log = try HitLog.open(directory, world, rings: 1, records: 32)
      #expect(log.rings.count == 1 && log.rings[0].capacity == 32)
      log.rings[0].append(event(3), "n3.test")
      log.stop()
    }
    #expect(
      Set(try storedHits(directory).map(\.qname)) == ["n0.test", "n1.test", "n2.test", "n3.test"])
    let names = try FileManager.default.contentsOfDirectory(atPath: directory.path + "/hits")
    #expect(names == ["ring-0.hits"])
  }

  @Test("A damaged ring is set aside and said, not deleted")
  func damagedRing() throws {
    do { _ = try HitLog.open(directory, world) }
    let path = HitLogPaths(dataDirectory: directory.path).ring(0)
    try Data(repeating: 0xaa, count: 9000).write(to: URL(fileURLWithPath: path))
    let log = try HitLog.open(directory, world)
    log.rings[0].append(event(1), "x.test")
    log.stop()
    #expect(log.statistics.damagedRings == 1)
    #expect(world.errors.count == 1)
    #expect(try storedHits(directory).count == 1)
    let names = try FileManager.default.contentsOfDirectory(atPath: directory.path + "/hits")
    #expect(names.contains { $0.hasPrefix("ring-0.hits.damaged-2026") })
  }

  @Test("Two servers: the second is refused and told who is there")
  func secondServer() throws {
    let first = try HitLog.open(directory, world)
    #expect {
      try HitLog.open(directory, world)
    } throws: { error in
      error as? HitLogError
        == .locked(path: directory.path + "/lock", pid: ProcessInfo.processInfo.processIdentifier)
    }
    first.rings[0].append(event(1), "x.test")
    first.stop()
    #expect(try storedHits(directory).count == 1)
  }

  @Test("kill -9 again and again: every answered hit is stored, each once")
  func killNine() throws {
    let progress = directory.path + "/progress"
    var expected = 0
    for round in 0..<12 {
      let helper = Process()
      helper.executableURL = URL(fileURLWithPath: helperPath())
      helper.arguments = ["hammer", directory.path, "\(expected)", progress]
      helper.standardError = FileHandle.nullDevice
      try helper.run()
      let answered = try waitForProgress(progress, beyond: expected + 500 + round * 377)
      kill(helper.processIdentifier, SIGKILL)
      helper.waitUntilExit()
      let last = max(answered, readProgress(progress))
      let statistics = try HitLog.recover(
        dataDirectory: directory.path, source: NumberSource(), now: world.clock, log: world.sink)
      #expect(statistics.lost == 0 && statistics.lastError == nil)
      let stored = try storedNumbers()
      // The kill may come after the append and before the answer: one more than answered.
      #expect(stored.count == last || stored.count == last + 1)
      #expect(stored.sorted() == Array(0..<stored.count))
      expected = stored.count
    }
    #expect(world.errors.isEmpty)
  }

  private func storedNumbers() throws -> [Int] {
    var numbers: [Int] = []
    try HitStore.open(dataDirectory: directory.path).forEachHit(HitQuery()) { row in
      for _ in 0..<row.count {
        numbers.append(Int(row.qname.dropFirst().prefix { $0 != "." }) ?? -1)
      }
    }
    return numbers
  }

  private func readProgress(_ path: String) -> Int {
    guard let data = FileManager.default.contents(atPath: path), data.count == 8 else { return 0 }
    return data.reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  /// Waits long, since machines are busy, but on this thread: a wait that has to get a thread back
  /// lets the helper store hundreds of thousands of hits meanwhile.
  private func waitForProgress(_ path: String, beyond: Int) throws -> Int {
    for _ in 0..<60_000 {
      let progress = readProgress(path)
      if progress > beyond { return progress }
      usleep(2_000)
    }
    throw NoProgress(wanted: beyond, reached: readProgress(path))
  }

  private struct NoProgress: Error {
    let wanted: Int
    let reached: Int
  }
}

/// Explains the helper's hits after its death.
struct NumberSource: ProvenanceSource {
  func matches(generation: UInt64, payload: UInt64) -> [ProvenanceMatch] {
    [ProvenanceMatch(provenance: TestSource.day, ordinal: UInt32(payload))]
  }
}
