import Foundation
import Synchronization

/// The hit log of one server: rings for the query threads, one writer, one database.
///
/// `open` never fails for want of a disk: whatever cannot be stored is counted, said once, and
/// DNS goes on. Only a second server on the same directory is refused.
package final class HitLog: Sendable {
  /// One ring for each appending thread, in the order of `HitLogOptions.ringCount`.
  package let rings: [HitRing]
  /// Rings opened later, for threads started later.
  let added = Mutex<[HitRing]>([])

  let options: HitLogOptions
  let lock: Mutex<DataDirectoryLock?>
  let shared: HitLogShared
  let writer: HitWriter
  let log: HitLogSink
  let now: MicrosecondClock
  let isStopping = Atomic(false)
  let isRunning = Atomic(false)
  /// Whether the writer ends for another process: what waits is then left in the rings.
  let isHandingOver = Atomic(false)
  let wake = DispatchSemaphore(value: 0)
  let ended = DispatchSemaphore(value: 0)

  private init(
    options: HitLogOptions, lock: DataDirectoryLock?, rings: [HitRing], shared: HitLogShared,
    writer: HitWriter, now: @escaping MicrosecondClock, log: @escaping HitLogSink
  ) {
    self.options = options
    self.lock = Mutex(lock)
    self.now = now
    self.log = log
    self.rings = rings
    self.shared = shared
    self.writer = writer
  }

  // MARK: - Life

  /// Opens the rings and, if possible, the database of a data directory.
  ///
  /// - Parameters:
  ///   - lock: the directory's lock if it has been taken already.
  ///   - source: explains index payloads; asked on the writer's thread.
  ///   - now: the wall clock, microseconds since 1970.
  ///   - log: takes one line per change of state.
  package static func open(
    _ options: HitLogOptions, lock: DataDirectoryLock? = nil, source: any ProvenanceSource,
    now: @escaping MicrosecondClock, log: @escaping HitLogSink
  ) throws(HitLogError) -> HitLog {
    let paths = HitLogPaths(dataDirectory: options.dataDirectory)
    try? FileManager.default.createDirectory(
      atPath: paths.rings, withIntermediateDirectories: true)
    var lock = lock
    if lock == nil { lock = try DataDirectoryLock.acquire(paths) }
    let shared = HitLogShared()
    let writer = HitWriter(
      options: options, paths: paths, source: source, shared: shared, now: now, log: log)
    let cursors = writer.openDatabase()
    var directory = RingDirectory(paths: paths, options: options, now: now, log: log)
    let consumers = directory.open(cursors: cursors ?? [:])
    shared.statistics.withLock {
      $0.damagedRings = directory.damagedRings
      $0.memoryRings = consumers.count { $0.ring.path == nil }
    }
    writer.adopt(consumers)
    let rings = consumers.filter { !$0.isRetired }.map(\.ring)
    return HitLog(
      options: options, lock: lock, rings: rings, shared: shared, writer: writer, now: now,
      log: log)
  }

  /// Starts the writer's thread; call it once.
  package func start() {
    guard !isRunning.exchange(true, ordering: .acquiringAndReleasing) else { return }
    let thread = Thread { self.run() }
    thread.stackSize = 1 << 20
    thread.start()
  }

  /// Stores what waits, ends the writer's thread and closes the database.
  ///
  /// Call it after the last append. What cannot be stored stays in the ring files. The directory's
  /// lock goes with the object, because the rings stay mapped until then.
  package func stop() {
    guard !isStopping.exchange(true, ordering: .acquiringAndReleasing) else { return }
    if isRunning.load(ordering: .acquiring) {
      wake.signal()
      ended.wait()
    } else {
      finish()
    }
  }

  /// Stores the hits that a killed server left in its rings; for commands that read them.
  ///
  /// - Returns: the statistics of the recovery.
  /// - Throws: `HitLogError.locked` while a server runs (it stores them itself).
  package static func recover(
    dataDirectory: String, source: any ProvenanceSource, now: @escaping MicrosecondClock,
    log: @escaping HitLogSink
  ) throws(HitLogError) -> HitLogStatistics {
    let log = try open(
      HitLogOptions(dataDirectory: dataDirectory, ringCount: 0), source: source, now: now, log: log)
    log.stop()
    return log.statistics
  }

  // MARK: - Status

  /// The numbers at this moment.
  package var statistics: HitLogStatistics {
    var statistics = shared.statistics.withLock { $0 }
    for ring in rings + added.withLock({ $0 }) {
      let head = ring.head
      let waiting = head - min(head, ring.released)
      statistics.appended += head - min(head, ring.headAtOpen)
      statistics.waiting += waiting
      statistics.dropped += ring.dropped
      statistics.ringFill = max(statistics.ringFill, Double(waiting) / Double(ring.capacity))
    }
    return statistics
  }

  // MARK: - The writer's thread

  private func run() {
    // From within: the kernel's name of the thread, which tools show, is set by the thread itself only.
    Thread.current.name = "ponor-hits"
    let interval = options.drainIntervalMilliseconds
    while !isStopping.load(ordering: .acquiring) {
      switch writer.step() {
      case .backlog: continue
      case .busy: _ = wake.wait(timeout: .now() + .milliseconds(max(1, interval / 4)))
      case .idle: _ = wake.wait(timeout: .now() + .milliseconds(interval))
      }
    }
    if isHandingOver.load(ordering: .acquiring) {
      _ = writer.step()
      writer.close()
    } else {
      finish()
    }
    ended.signal()
  }

  private func finish() {
    while true {
      let before = statistics
      _ = writer.step()
      // No progress: the database cannot take more, the rings keep it.
      guard writer.hasWaiting, statistics.storedHits != before.storedHits else { break }
    }
    writer.close()
  }
}
