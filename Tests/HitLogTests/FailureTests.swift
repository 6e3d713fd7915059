import Evidence
import Foundation
import GRDB
import HitLog
import Testing

@Suite struct FailureTests {
  private let directory = TemporaryDirectory()
  private let world = TestWorld()
  private var database: String { HitLogPaths(dataDirectory: directory.path).database }

  @Test("A damaged database is set aside with one clear line and a new one is started")
  func damagedAtOpen() throws {
    do {
      let log = try HitLog.open(directory, world)
      log.rings[0].append(event(1), "old.test")
      log.stop()
    }
    var data = try Data(contentsOf: URL(fileURLWithPath: database))
    data.replaceSubrange(0..<100, with: Data(repeating: 0x5a, count: 100))
    try data.write(to: URL(fileURLWithPath: database))
    #expect {
      try HitStore.open(dataDirectory: directory.path)
    } throws: {
      ($0 as? HitStorageError)?.kind == .damaged
    }
    let log = try HitLog.open(directory, world)
    log.rings[0].append(event(2), "new.test")
    log.stop()
    #expect(try storedHits(directory).map(\.qname) == ["new.test"])
    #expect(world.errors.count == 1)
    #expect(log.statistics.damagedDatabases == 1 && log.statistics.lastError == nil)
    let aside = try #require(directory.files("ponor.sqlite.damaged-2026").first)
    #expect(try Data(contentsOf: URL(fileURLWithPath: directory.path + "/" + aside)) == data)
  }

  @Test("Random damage within a database never stops the storing")
  func damagedPages() throws {
    for round in 0..<6 {
      let directory = TemporaryDirectory()
      let path = HitLogPaths(dataDirectory: directory.path).database
      do {
        let log = try HitLog.open(directory, world, records: 4096)
        for payload in 0..<3000 as Range<UInt64> {
          log.rings[0].append(
            event(payload % 999, client: "10.0.\(payload % 251).1"), "n\(payload).test")
        }
        log.stop()
      }
      var data = try Data(contentsOf: URL(fileURLWithPath: path))
      var random = SeededRandom(state: UInt64(round + 1))
      for _ in 0..<(data.count / 4096) {
        let at = 100 + Int.random(in: 0..<data.count - 200, using: &random)
        for octet in at..<at + 64 { data[octet] = UInt8.random(in: 0...255, using: &random) }
      }
      try data.write(to: URL(fileURLWithPath: path))
      let log = try HitLog.open(directory, world)
      log.rings[0].append(event(1, client: "10.0.7.1"), "after.test")
      log.stop()
      #expect(log.statistics.storedHits == 1, "round \(round)")
      #expect(log.statistics.waiting == 0)
    }
  }

  @Test("A later version's database is left alone and hits wait in the ring")
  func newerDatabase() throws {
    do { try HitLog.open(directory, world).stop() }
    try DatabaseQueue(path: database).write { db in
      try db.execute(sql: "INSERT INTO grdb_migrations VALUES ('hits-999')")
    }
    let log = try HitLog.open(directory, world)
    log.rings[0].append(event(1), "x.test")
    log.stop()
    #expect(log.statistics.waiting == 1 && log.statistics.storedHits == 0)
    #expect(log.statistics.lastError?.contains("later version") == true)
    #expect(world.errors.count == 1)
    #expect(directory.files("ponor.sqlite.damaged").isEmpty)
  }

  @Test("A locked database delays hits, loses none, and says each change once")
  func lockedDatabase() throws {
    let log = try HitLog.open(directory, world, records: 16)
    let blocker = try blockingQueue()
    try blocker.inDatabase { try $0.execute(sql: "BEGIN IMMEDIATE") }
    for payload in 0..<16 as Range<UInt64> { log.rings[0].append(event(payload), "x.test") }
    #expect(!log.rings[0].append(event(16), "x.test"))
    log.stop()
    #expect(log.statistics.storedHits == 0 && log.statistics.dropped == 1)
    #expect(log.statistics.failingSince == world.now)
    #expect(world.lines.count == 1)
    // What the stopping server could not store is stored by the next one.
    try blocker.inDatabase { try $0.execute(sql: "ROLLBACK") }
    try blocker.close()
  }

  @Test("A read-only data directory gives one warning per part, and queries are counted")
  func readOnly() throws {
    let mount = try #require(TemporaryMount(directory.path, "ro,size=1m"), "needs root")
    let log = try HitLog.open(directory, world, records: 4)
    #expect(log.statistics.memoryRings == 1)
    for payload in 0..<6 as Range<UInt64> { log.rings[0].append(event(payload), "x.test") }
    log.stop()
    #expect(log.statistics.appended == 4 && log.statistics.dropped == 2)
    #expect(log.statistics.storedHits == 0 && log.statistics.lastError != nil)
    #expect(world.lines.count == 2)
    mount.unmount()
  }

  @Test("What is stored can be read where nothing can be written")
  func readOnlyReader() throws {
    let mount = try #require(TemporaryMount(directory.path, "size=4m"), "needs root")
    defer { mount.unmount() }
    do {
      let log = try HitLog.open(directory, world)
      log.rings[0].append(event(1), "x.test")
      log.stop()
    }
    #expect(mount.remountReadOnly())
    #expect(try storedHits(directory).map(\.qname) == ["x.test"])
  }

  @Test("A full disk: counted, said once, and stored when there is room again")
  func fullDisk() throws {
    let mount = try #require(TemporaryMount(directory.path, "size=2m"), "needs root")
    defer { mount.unmount() }
    let log = try HitLog.open(directory, world, records: 1024)
    #expect(log.statistics.memoryRings == 0)
    let filler = directory.path + "/filler"
    fill(filler)
    log.start()
    for payload in 0..<2000 as Range<UInt64> {
      log.rings[0].append(event(payload % 900), "n\(payload).test")
    }
    for _ in 0..<200 where log.statistics.lastError == nil { usleep(10_000) }
    #expect(log.statistics.lastError?.contains("full") == true)
    #expect(log.statistics.storedHits == 0)
    unlink(filler)
    world.advance(seconds: 20)
    for _ in 0..<500 where log.statistics.lastError != nil { usleep(10_000) }
    log.stop()
    let statistics = log.statistics
    #expect(statistics.lastError == nil)
    #expect(statistics.storedHits == statistics.appended)
    #expect(statistics.appended + statistics.dropped == 2000)
    #expect(world.lines.count == 2)
    #expect(try storedHits(directory).count == Int(statistics.storedRows))
  }

  /// A connection that may keep a transaction open between accesses.
  private func blockingQueue() throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    return try DatabaseQueue(path: database, configuration: configuration)
  }

  /// Writes zeros into a file until the disk is full.
  private func fill(_ path: String) {
    let descriptor = open(path, O_WRONLY | O_CREAT, 0o600)
    defer { close(descriptor) }
    let block = [UInt8](repeating: 0, count: 4096)
    while write(descriptor, block, block.count) > 0 {}
  }

  @Test("No room for a ring: it lives in memory, which is said")
  func noRoomForRing() throws {
    let mount = try #require(TemporaryMount(directory.path, "size=1m"), "needs root")
    defer { mount.unmount() }
    let log = try HitLog.open(directory, world, records: 8192)
    #expect(log.statistics.memoryRings == 1)
    log.rings[0].append(event(1), "x.test")
    log.stop()
    #expect(log.statistics.storedHits == 1)
    #expect(world.lines.count == 1)
    #expect(try storedHits(directory).count == 1)
  }

  @Test("While the database fails, repeats of a nearly full ring are folded in memory first")
  func spill() throws {
    let log = try HitLog.open(directory, world, records: 64)
    let blocker = try blockingQueue()
    try blocker.inDatabase { try $0.execute(sql: "BEGIN IMMEDIATE") }
    log.start()
    var appended: UInt64 = 0
    for round in 0..<40 {
      for payload in 0..<20 as Range<UInt64>
      where log.rings[0].append(event(payload), "n\(payload).test") {
        appended += 1
      }
      for _ in 0..<500 where log.statistics.ringFill > 0.6 { usleep(10_000) }
      #expect(log.statistics.dropped == 0, "round \(round)")
    }
    #expect(log.statistics.held > 0)
    try blocker.inDatabase { try $0.execute(sql: "ROLLBACK") }
    world.advance(seconds: 60)
    for _ in 0..<500 where log.statistics.lastError != nil { usleep(10_000) }
    log.stop()
    #expect(appended == 800)
    #expect(log.statistics.storedHits == 800 && log.statistics.held == 0)
    let rows = try storedHits(directory)
    #expect(rows.reduce(0) { $0 + $1.count } == 800)
    #expect(rows.count < 100)
    try blocker.close()
  }

  @Test("Old hits and infections are deleted, in pieces, and nothing else")
  func retention() throws {
    let day: Int64 = 86_400_000_000
    let now = world.now
    do {
      let log = try HitLog.open(directory, world, records: 20_000)
      for payload in 0..<12_000 as Range<UInt64> {
        log.rings[0].append(
          event(payload % 900, time: now - 8 * day + Int64(payload) * 1000, client: "10.0.0.1"),
          "old\(payload).test")
      }
      log.rings[0].append(event(1, time: now - 91 * day, client: "10.0.0.9"), "ancient.test")
      log.rings[0].append(event(2, time: now - 6 * day, client: "10.0.0.2"), "kept.test")
      log.rings[0].append(event(3, time: now, client: "10.0.0.2"), "new.test")
      log.stop()
    }
    #expect(try storedHits(directory).count == 12_003)
    let log = try HitLog.open(directory, world)
    log.start()
    for _ in 0..<500 where try storedHits(directory).count > 2 { usleep(10_000) }
    log.stop()
    #expect(try storedHits(directory).map(\.qname) == ["kept.test", "new.test"])
    let infections = try HitStore.open(dataDirectory: directory.path).infections(.init())
    #expect(Set(infections.map(\.client.description)) == ["10.0.0.1", "10.0.0.2"])
  }
}

/// A tmpfs mounted on a directory, for disks that are small or cannot be written.
struct TemporaryMount {
  private let path: String

  /// Nil when mounting is not allowed here.
  init?(_ path: String, _ options: String) {
    self.path = path
    guard geteuid() == 0, Self.run("/bin/mount", ["-t", "tmpfs", "-o", options, "tmpfs", path])
    else { return nil }
  }

  func remountReadOnly() -> Bool { Self.run("/bin/mount", ["-o", "remount,ro", path]) }

  func unmount() { _ = Self.run("/bin/umount", ["-l", path]) }

  private static func run(_ program: String, _ arguments: [String]) -> Bool {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }
}

/// A repeatable source of random numbers (xorshift).
struct SeededRandom: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}
