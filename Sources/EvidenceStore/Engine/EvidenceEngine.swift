package import Evidence
import Foundation
package import HitLog
import Synchronization

/// Turns stored hits into episodes, cases and records: the whole of the engine but for its thread.
///
/// Each step folds one batch of hits and stores what came of it together with how far it got, in
/// one transaction: a killed process neither loses nor repeats anything, and several may step at
/// the same time (a command beside the server). Nothing is kept in memory between steps.
package final class EvidenceEngine: @unchecked Sendable {
  // Sendable: `step` and what it calls run on one thread at a time (the contract); `statistics` is
  // behind a mutex.

  /// Hits of one batch at most; bounds memory and how long others wait to write.
  package static let batchMax = 16_384
  /// Time between two looks at what time alone brings about, microseconds.
  static let chorePause: Int64 = 10_000_000

  /// What a step left to do.
  package enum Rest: Sendable {
    /// Nothing: all hits are scored.
    case idle
    /// More waits already.
    case more
    /// It failed; `statistics.lastError` says why.
    case failed
  }

  let options: EvidenceOptions
  private let paths: EvidencePaths
  private let now: EvidenceClock
  private let log: HitLogSink
  private let shared = Mutex(EvidenceStatistics())
  private var database: EvidenceDatabase?
  private var tail: HitTail?
  private let scoring: Scoring
  private var benignVersion: Int64 = -1
  private var chores: Chores
  private var nextChores: Int64 = .min
  private var lesson: DayLesson?
  private var attribution: SubscriberJoin?
  private var replacedAt: Int64?

  /// Prepares an engine; nothing is opened yet.
  ///
  /// - Parameters:
  ///   - subscribers: asked which lines hits were, on the stepping thread; nil without attribution.
  ///   - now: the wall clock.
  ///   - log: takes one line per change of state.
  package init(
    dataDirectory: String, options: EvidenceOptions,
    subscribers: (any SubscriberLookup)? = nil, now: @escaping EvidenceClock,
    log: @escaping HitLogSink
  ) {
    self.options = options
    attribution = subscribers.map {
      SubscriberJoin($0, wait: options.attributionWait, suspects: options.suspects)
    }
    self.now = now
    self.log = log
    paths = EvidencePaths(dataDirectory: dataDirectory)
    scoring = Scoring(options)
    chores = Chores(options)
  }

  /// The numbers at this moment.
  package var statistics: EvidenceStatistics { shared.withLock { $0 } }

  // MARK: - Steps

  /// Folds one batch, or does a piece of what time brings about.
  package func step() -> Rest {
    do throws(HitStorageError) {
      let rest = try attempt()
      succeeded()
      return rest
    } catch {
      failed(error)
      return .failed
    }
  }

  private func attempt() throws(HitStorageError) -> Rest {
    let database = try openDatabase()
    let count = try openTail().map { tail throws(HitStorageError) in
      try foldBatch(database, tail)
    }
    if count == Self.batchMax { return .more }
    return try doChores(database) ? .more : .idle
  }

  /// Lets go of everything.
  package func close() {
    database = nil
    tail = nil
  }

  // MARK: - Opening

  private func openDatabase() throws(HitStorageError) -> EvidenceDatabase {
    if let database { return database }
    let opened = try EvidenceDatabase(path: paths.database)
    database = opened
    return opened
  }

  /// The hits; nil while there are none.
  private func openTail() throws(HitStorageError) -> HitTail? {
    if let tail, !tail.isReplaced { return tail }
    tail = nil
    do throws(HitStorageError) {
      tail = try HitTail(dataDirectory: paths.dataDirectory)
    } catch  where error.kind == .cannotOpen {
      return nil
    }
    return tail
  }

  // MARK: - A batch

  private func foldBatch(
    _ database: EvidenceDatabase, _ tail: HitTail
  ) throws(HitStorageError) -> Int {
    // Most looks find nothing: they must not keep others from writing.
    let seen = try HitCursor.read(database)
    if seen.identity == tail.identity, try tail.newest() == seen.row {
      publish {
        $0.cursor = seen.row
        $0.isRebuilding = false
      }
      return 0
    }
    // Another process is asked: nobody must wait for the database meanwhile.
    let joined = try join(tail, seen)
    let fold = try database.transaction { () throws(HitStorageError) -> Fold in
      try foldRows(database, tail, joined)
    }
    publish {
      $0.cursor = fold.cursor
      $0.folded += UInt64(fold.count)
      $0.records += UInt64(fold.sent)
      $0.isRebuilding = fold.isRebuilding
    }
    if fold.count > 0 { try takeStock(database) }
    if fold.isRebuilding, fold.count > 0 { return Self.batchMax }
    return fold.count
  }

  /// What became of a batch.
  private struct Fold {
    var count = 0
    var cursor: Int64
    var sent = 0
    var isRebuilding: Bool
  }

  private func foldRows(
    _ database: EvidenceDatabase, _ tail: HitTail, _ joined: JoinedHits
  ) throws(HitStorageError) -> Fold {
    var cursor = try HitCursor.read(database)
    if try cursor.follow(tail) {
      log(.notice, "\(paths.database): the hits begin anew; episodes go on where they were")
    }
    // Before the rows: what is stored between the two must not be taken for seen.
    let newest = try tail.newest()
    let rows = try tail.rows(after: cursor.row, limit: Self.batchMax)
    let isRebuilding = cursor.base + cursor.row < cursor.sentUntil
    var fold = Fold(cursor: cursor.row, isRebuilding: isRebuilding)
    try learn(database)
    let set = try WorkingSet(database, scoring, now: now(), isSending: !isRebuilding)
    for hit in rows where hit.id <= joined.until {
      let number = cursor.base + hit.id
      // What was sent before must not be sent again when it is computed again.
      if isRebuilding, number > cursor.sentUntil { break }
      try set.add(hit, number: number, subscriber: joined.lines[hit.id])
      cursor.row = hit.id
      fold.count += 1
    }
    // Deleted rows leave numbers behind that nothing will come for.
    if rows.isEmpty { cursor.row = max(cursor.row, newest) }
    try set.finish()
    try cursor.write(database)
    fold.cursor = cursor.row
    fold.sent = set.sent
    return fold
  }

  private func join(_ tail: HitTail, _ seen: HitCursor) throws(HitStorageError) -> JoinedHits {
    guard attribution != nil else { return JoinedHits(until: .max) }
    var cursor = seen
    _ = try cursor.follow(tail)
    let rows = try tail.rows(after: cursor.row, limit: Self.batchMax)
    let before = attribution?.problem
    let joined = attribution?.join(rows, now: now()) ?? JoinedHits(until: .max)
    tell(before)
    publish { $0.add(joined, attribution?.problem) }
    return joined
  }

  /// Says when attribution stops or begins to answer.
  private func tell(_ before: String?) {
    let problem = attribution?.problem
    if let problem, problem != before {
      log(.warning, "attribution: \(problem); hits wait for it, at most attribution.wait")
    } else if problem == nil, before != nil {
      log(.notice, "attribution answers again")
    }
  }

  /// Reads what is known of names, when that has changed.
  private func learn(_ database: EvidenceDatabase) throws(HitStorageError) {
    let version = try database.value("benign-version") ?? 0
    guard version != benignVersion else { return }
    scoring.benign = try database.benignRates()
    benignVersion = version
  }

  // MARK: - Chores

  private func doChores(_ database: EvidenceDatabase) throws(HitStorageError) -> Bool {
    let time = now()
    // A clock set back must not postpone them.
    guard time >= nextChores || nextChores - time > Self.chorePause else { return false }
    try learn(database)
    let sent = try chores.step(database, scoring, now: time)
    publish { $0.records += UInt64(sent) }
    if chores.isRunning { return true }
    if try learnDay(database, now: time) { return true }
    nextChores = time + Self.chorePause
    try takeStock(database)
    return false
  }

  /// Learns from the hits of the day before, once; true when there is more to do.
  private func learnDay(_ database: EvidenceDatabase, now: Int64) throws(HitStorageError) -> Bool {
    let yesterday = UTCTime.dayNumber(microseconds: now - Chores.dayGrace) - 1
    guard let tail, try database.value("learned-day") ?? -1 < yesterday else { return false }
    if lesson?.day != yesterday {
      lesson = try DayLesson(day: yesterday, tail: tail)
      if lesson == nil {
        try database.transaction { () throws(HitStorageError) in
          try database.set("learned-day", yesterday)
        }
      }
    }
    guard try lesson?.advance(tail, options) ?? false else { return lesson != nil }
    let found = try lesson?.conclude(database, options, now: now) ?? 0
    lesson = nil
    if found > 0 {
      log(
        .warning,
        "\(found) names drew many unlikely clients and are quarantined; "
          + "see 'ponor evidence quarantine'")
    }
    return false
  }

  private func takeStock(_ database: EvidenceDatabase) throws(HitStorageError) {
    let open = try database.openEpisodes()
    let quarantined = try database.quarantineSize()
    let sequence = try database.newestSequence()
    publish {
      $0.open = open
      $0.quarantined = quarantined
      $0.newestSequence = sequence
    }
  }

  // MARK: - Failures

  private func publish(_ change: (inout EvidenceStatistics) -> Void) {
    shared.withLock { change(&$0) }
  }

  private func succeeded() {
    let time = now()
    let since = shared.withLock { statistics -> Int64? in
      defer { (statistics.lastError, statistics.failingSince) = (nil, nil) }
      statistics.lastStep = time
      return statistics.failingSince
    }
    guard let since else { return }
    let seconds = (time - since) / UTCTime.microsecondsPerSecond
    log(.notice, "\(paths.database): hits are scored again after \(seconds) s")
  }

  private func failed(_ error: HitStorageError) {
    close()
    let time = now()
    if error.kind == .damaged, error.code != 0, setAside(error, at: time) { return }
    let isNews = shared.withLock { statistics -> Bool in
      let isNews = statistics.lastError != error.description
      statistics.lastError = error.description
      statistics.failingSince = statistics.failingSince ?? time
      return isNews
    }
    if isNews {
      log(.error, "\(error); hits are not scored meanwhile, none is lost")
    }
  }

  /// Moves a damaged database out of the way, not again and again; nothing in it is deleted.
  private func setAside(_ error: HitStorageError, at time: Int64) -> Bool {
    guard replacedAt.map({ time - $0 > 60 * UTCTime.microsecondsPerSecond }) ?? true,
      (try? EvidenceDatabase(path: paths.database)) == nil,
      let aside = SetAside.database(paths.database, now: time)
    else { return false }
    replacedAt = time
    publish { $0.damagedDatabases += 1 }
    log(
      .error,
      "\(paths.database): database is damaged (\(error.message)); moved to \(aside), "
        + "a new one is computed from the stored hits; "
        + "`sqlite3 \(aside) .recover` may read cases and notes")
    return true
  }
}
