import Evidence
import Foundation
import Synchronization

/// Drains the rings into the database; the whole of the writing side but for its thread.
///
/// Each step takes what waits, folds it, stores it in one transaction together with the rings'
/// cursors, and only then gives the space back. While the database fails the hits stay in the
/// rings and the step is tried again, ever less often.
final class HitWriter: @unchecked Sendable {
  // Sendable: used by one thread at a time; HitLog hands it from its opener to the writer thread.

  /// Records of one batch at most; bounds memory and the length of a transaction.
  static let batchMax = 65_536
  /// Part of a ring that may wait before the writer comes back sooner: large batches cost less per
  /// hit, but a ring must never come near to being full.
  static let busyPart: UInt64 = 4
  /// First and longest wait before the database is tried again, microseconds.
  static let retryFirst: Int64 = 200_000
  static let retryLongest: Int64 = 10_000_000
  /// A database that is damaged again within this time is not replaced at once, microseconds.
  static let replaceAgain: Int64 = 60_000_000

  private let paths: HitLogPaths
  private let source: any ProvenanceSource
  private let now: MicrosecondClock
  private let log: HitLogSink
  private let shared: HitLogShared
  private var consumers: [RingConsumer]
  private var database: HitDatabase?
  private var fold = HitFold(capacity: HitWriter.batchMax)
  private var spill: HitSpill?
  private var retention: RetentionSchedule
  /// Whether the consumers have learned the stored positions.
  private var isAttached = false
  /// Whether another process consumed the rings meanwhile.
  private var isResuming = false

  private var failure: (error: HitStorageError, since: Int64)?
  private var retryAt: Int64 = 0
  private var retryWait = HitWriter.retryFirst
  private var replacedAt: Int64?

  init(
    options: HitLogOptions, paths: HitLogPaths, source: any ProvenanceSource, shared: HitLogShared,
    now: @escaping MicrosecondClock, log: @escaping HitLogSink
  ) {
    self.paths = paths
    self.source = source
    self.shared = shared
    self.now = now
    self.log = log
    consumers = []
    retention = RetentionSchedule(options: options)
  }

  /// Opens the database if that is possible now; nil when not (it is tried again while running).
  func openDatabase() -> [String: UInt64]? {
    // The second attempt finds the new database that replaces a damaged one.
    guard ensureDatabase() || ensureDatabase() else { return nil }
    isAttached = true
    return database?.cursors
  }

  /// Takes over the rings.
  func adopt(_ consumers: [RingConsumer]) {
    self.consumers = consumers
    publish()
  }

  // MARK: - Steps

  /// What a step left to do.
  enum Rest {
    /// Nothing much: wait the whole interval.
    case idle
    /// Hits come fast: come back sooner.
    case busy
    /// A whole batch was taken: more waits already.
    case backlog
  }

  /// Takes and stores one batch.
  func step() -> Rest {
    defer { publish() }
    consumers += shared.incoming.withLock { incoming in
      defer { incoming = [] }
      return incoming
    }
    guard ensureDatabase() else {
      relieveRings()
      return .idle
    }
    guard storeSpill() else { return .idle }
    let isFilling = consumers.contains { $0.waiting > $0.ring.capacity / Self.busyPart }
    let taken = storeBatch()
    if taken == 0 || retention.isRunning { expire() }
    removeRetired()
    if taken >= Self.batchMax { return .backlog }
    return isFilling || retention.isRunning ? .busy : .idle
  }

  /// Takes a batch out of the rings and stores it; returns the number of records taken.
  private func storeBatch() -> Int {
    fold.removeAll()
    let marks = consumers.map { (tail: $0.tail, lost: $0.lost) }
    for index in consumers.indices {
      let head = consumers[index].ring.head
      while fold.recordCount < Self.batchMax,
        consumers[index].next(
          below: head,
          {
            fold.add($0)
            return true
          })
      {}
    }
    guard zip(consumers, marks).contains(where: { $0.tail != $1.tail }) else { return 0 }
    if store(fold) { return fold.recordCount }
    for index in consumers.indices {
      consumers[index].rewind(to: marks[index].tail, lost: marks[index].lost)
    }
    relieveRings()
    return 0
  }

  /// Stores a batch with the cursors as they stand; true when it is committed.
  private func store(_ fold: HitFold) -> Bool {
    guard let database else { return false }
    let cursors = consumers.filter { $0.ring.path != nil }
      .map { (ring: $0.ring.identity, position: $0.tail) }
    do throws(HitStorageError) {
      try database.store(fold, cursors: cursors)
    } catch {
      failed(error)
      return false
    }
    shared.statistics.withLock {
      $0.newestRow = database.newestRow
      $0.storedRows += UInt64(fold.entries.count)
      $0.storedHits += UInt64(fold.recordCount)
      $0.folded += UInt64(fold.recordCount - fold.entries.count)
      $0.lastStored = now()
    }
    // After the numbers: whoever sees nothing waiting must see the newest row.
    for consumer in consumers { consumer.ring.releaseErasing(upTo: consumer.tail) }
    succeeded()
    return true
  }

  private func removeRetired() {
    for index in consumers.indices.reversed() where consumers[index].isRetired {
      let consumer = consumers[index]
      // Its owner's end is looked at first: after it nothing more can come.
      guard let path = consumer.ring.path, !RingOwnership.isHeld(path) else { continue }
      guard consumer.waiting == 0, consumer.ring.released == consumer.ring.head else { continue }
      do throws(HitStorageError) {
        try database?.checkpoint()
      } catch {
        failed(error)
        return
      }
      unlink(path)
      consumers.remove(at: index)
    }
  }

  private func expire() {
    if let days = shared.retentionDays.withLock({ $0 }) { retention.keepHits(days: days) }
    do throws(HitStorageError) {
      try retention.step(database, now: now())
    } catch {
      failed(error)
    }
  }

  // MARK: - While the database fails

  /// Folds the oldest hits of nearly full rings into memory.
  private func relieveRings() {
    for index in consumers.indices {
      let capacity = consumers[index].ring.capacity
      guard consumers[index].waiting > capacity / 4 * 3 else { continue }
      let spill = self.spill ?? HitSpill()
      self.spill = spill
      let head = consumers[index].ring.head
      while consumers[index].waiting > capacity / 2,
        consumers[index].next(below: head, { spill.take($0) })
      {}
      consumers[index].ring.release(upTo: consumers[index].tail)
    }
  }

  /// Stores what was held in memory; true when nothing is held any more.
  private func storeSpill() -> Bool {
    guard let spill else { return true }
    guard store(spill.fold) else {
      relieveRings()
      return false
    }
    self.spill = nil
    return true
  }

  // MARK: - The database

  /// Whether there is an open database, after an attempt to open it when one is due.
  private func ensureDatabase() -> Bool {
    if database != nil { return true }
    let time = now()
    // A clock set back must not postpone the attempt.
    guard time >= retryAt || retryAt - time > Self.retryLongest else { return false }
    do throws(HitStorageError) {
      let opened = try HitDatabase(path: paths.database, source: source)
      if !isAttached {
        attach(opened.cursors)
      }
      database = opened
      shared.statistics.withLock { $0.newestRow = opened.newestRow }
      return true
    } catch {
      failed(error)
      return database != nil
    }
  }

  private func attach(_ cursors: [String: UInt64]) {
    guard !consumers.isEmpty else { return }
    isAttached = true
    for index in consumers.indices {
      guard let cursor = cursors[consumers[index].ring.identity.description] else { continue }
      if isResuming {
        consumers[index].resume(at: cursor)
      } else {
        consumers[index].attach(cursor: cursor)
      }
    }
    isResuming = false
  }

  /// Begins again after another process had the data directory: the database says how far it got.
  func reattach() {
    database = nil
    retryAt = 0
    isAttached = false
    isResuming = true
  }

  private func failed(_ error: HitStorageError) {
    database = nil
    let time = now()
    if error.kind == .damaged, replacedAt.map({ time - $0 > Self.replaceAgain }) ?? true {
      replacedAt = time
      if setAside(error) {
        retryAt = time
        return
      }
    }
    retryAt = time + retryWait
    retryWait = min(retryWait * 2, Self.retryLongest)
    let isNews = failure?.error.kind != error.kind
    failure = (error, failure?.since ?? time)
    if isNews {
      log(
        .error,
        "\(paths.database): hits cannot be stored: \(error); DNS goes on, hits wait in the rings")
    }
  }

  private func succeeded() {
    retryWait = Self.retryFirst
    retryAt = 0
    guard let failure else { return }
    self.failure = nil
    let seconds = (now() - failure.since) / UTCTime.microsecondsPerSecond
    log(.notice, "\(paths.database): hits are stored again after \(seconds) s")
  }

  /// Moves a damaged database out of the way; nothing in it is deleted.
  private func setAside(_ error: HitStorageError) -> Bool {
    guard let aside = SetAside.database(paths.database, now: now()) else { return false }
    shared.statistics.withLock { $0.damagedDatabases += 1 }
    log(
      .error,
      "\(paths.database): database is damaged (\(error.message)); moved to \(aside), "
        + "a new one is started; `sqlite3 \(aside) .recover` may read the old hits")
    return true
  }

  // MARK: - Statistics

  /// Puts the numbers where other threads read them.
  private func publish() {
    let lost = consumers.reduce(0) { $0 + $1.lost }
    shared.statistics.withLock {
      $0.lost = max($0.lost, lost)
      $0.held = UInt64(spill?.heldHits ?? 0)
      $0.lastError = failure?.error.description
      $0.failingSince = failure?.since
    }
  }

  /// Whether hits are held in memory only.
  var isSpilling: Bool { spill != nil }

  /// Whether hits wait that are not stored.
  var hasWaiting: Bool { spill != nil || consumers.contains { $0.waiting > 0 } }

  /// Lets the database go; what is not stored stays in the rings.
  func close() { database = nil }
}

/// What the writer and the rest of the program share.
final class HitLogShared: Sendable {
  let statistics = Mutex(HitLogStatistics())
  /// Rings that were opened while the writer runs.
  let incoming = Mutex<[RingConsumer]>([])
  /// Days raw hits are kept, once that has been changed.
  let retentionDays = Mutex<Int?>(nil)
}
