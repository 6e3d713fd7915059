import Evidence
import Foundation
import HitLog
import Testing

@Suite struct HitHandoverTests {
  private let directory = TemporaryDirectory()
  private let world = TestWorld()

  private func retired() -> [String] {
    let names = try? FileManager.default.contentsOfDirectory(atPath: directory.path + "/hits")
    return (names ?? []).filter { $0.hasSuffix(".retired") }
  }

  private func wait(_ what: () throws -> Bool) rethrows -> Bool {
    for _ in 0..<2_000 {
      if try what() { return true }
      usleep(5_000)
    }
    return false
  }

  @Test("a successor stores what the former server still appends, each hit once")
  func handover() throws {
    let old = try HitLog.open(directory, world, rings: 2)
    old.start()
    old.rings[0].append(event(1), "before.test")
    try old.handOver()
    old.rings[1].append(event(2), "between.test")
    let new = try HitLog.open(directory, world, rings: 1)
    new.start()
    new.rings[0].append(event(3), "new.test")
    old.rings[0].append(event(4), "after.test")
    #expect(try wait { try storedHits(directory).count == 4 })
    old.rings[1].append(event(5), "late.test")
    #expect(try wait { try storedHits(directory).count == 5 })
    #expect(retired().count == 2, "the former server may still append")
    old.stop()
    new.stop()
    let names = Set(try storedHits(directory).map(\.qname))
    #expect(
      names == ["before.test", "between.test", "new.test", "after.test", "late.test"])
  }

  @Test("a server whose successor failed goes on where that one had got to")
  func takeBack() throws {
    let old = try HitLog.open(directory, world, rings: 1)
    old.start()
    old.rings[0].append(event(1), "one.test")
    try old.handOver()
    do {
      let new = try HitLog.open(directory, world, rings: 1)
      #expect(!old.takeBack(), "the directory is in use")
      new.start()
      old.rings[0].append(event(2), "two.test")
      #expect(try wait { try storedHits(directory).count == 2 })
      new.stop()
    }
    old.rings[0].append(event(3), "three.test")
    // The lock goes with the other log, which its thread may hold for a moment longer; so may a child
    // that another test has forked and that has not yet closed what it inherited.
    #expect(wait { old.takeBack() })
    old.rings[0].append(event(4), "four.test")
    old.stop()
    #expect(
      try storedHits(directory).map(\.qname).sorted() == [
        "four.test", "one.test", "three.test", "two.test",
      ])
  }

  @Test("a ring in memory is not handed over")
  func memory() throws {
    try? FileManager.default.removeItem(atPath: directory.path + "/hits")
    try Data().write(to: URL(filePath: directory.path + "/hits"))
    let other = try HitLog.open(directory, world, rings: 1)
    #expect(throws: HitHandoverError.inMemory) { try other.handOver() }
  }

  @Test("rings added while the writer runs are stored too")
  func added() throws {
    let log = try HitLog.open(directory, world, rings: 1)
    log.start()
    let ring = try #require(log.addRing())
    ring.append(event(1), "added.test")
    #expect(try wait { try storedHits(directory).count == 1 })
    #expect(log.statistics.appended == 1)
    log.stop()
  }
}
