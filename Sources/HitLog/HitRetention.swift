import Evidence

/// When old hits and infections are deleted: a little at a time, while nothing else is to do.
struct RetentionSchedule {
  /// Time between two passes, microseconds: rows live at most this much longer than they should.
  private static let passInterval: Int64 = 60_000_000

  private var hitAge: Int64
  private let infectionAge: Int64
  private var nextPass: Int64 = .min
  /// Whether a pass is under way.
  private(set) var isRunning = false
  /// Whether something was deleted that the write-ahead log still holds.
  private var isLogStale = false

  init(options: HitLogOptions) {
    let day = UTCTime.secondsPerDay * UTCTime.microsecondsPerSecond
    hitAge = Int64(options.hitRetentionDays) * day
    infectionAge = Int64(options.infectionRetentionDays) * day
  }

  /// Keeps raw hits for another number of days from now on.
  mutating func keepHits(days: Int) {
    hitAge = Int64(days) * UTCTime.secondsPerDay * UTCTime.microsecondsPerSecond
  }

  /// Deletes one small piece when a pass is due.
  mutating func step(_ database: HitDatabase?, now: Int64) throws(HitStorageError) {
    guard let database else { return }
    // A clock set back must not postpone the pass.
    if !isRunning, now < nextPass, nextPass - now <= Self.passInterval { return }
    isRunning = try database.deleteExpired(
      hitsBefore: now - hitAge, infectionsBefore: now - infectionAge)
    if isRunning {
      isLogStale = true
      return
    }
    nextPass = now + Self.passInterval
    guard isLogStale else { return }
    // A reader in the way is no failure: the next pass tries again.
    do throws(HitStorageError) {
      try database.checkpoint(isEmptying: true)
      isLogStale = false
    } catch  where error.kind == .locked {
    }
  }
}

extension HitDatabase {
  /// Row numbers looked at in one transaction.
  static let expiryHits: Int64 = 5000
  /// Infections deleted in one transaction.
  static let expiryInfections: Int64 = 200

  /// Deletes a piece of what is too old.
  ///
  /// - Parameters: instants in microseconds since 1970; a row goes when its last lookup is older.
  /// - Returns: true when there may be more.
  func deleteExpired(
    hitsBefore: Int64, infectionsBefore: Int64
  ) throws(HitStorageError) -> Bool {
    var isMore = false
    try transaction { () throws(HitStorageError) in
      let hits = try deleteHits(before: hitsBefore)
      let infections = try deleteInfections(before: infectionsBefore)
      isMore = hits || infections
    }
    return isMore
  }

  private func deleteHits(before limit: Int64) throws(HitStorageError) -> Bool {
    let oldest = try statement(
      "SELECT minute, first, last FROM hit_minutes WHERE minute < ? ORDER BY minute LIMIT 1")
    // A minute is over only when its last microsecond is too old.
    oldest.bind(1, limit / 60_000_000)
    guard try oldest.step() else { return false }
    let (minute, first, last) = (oldest.int(0), oldest.int(1), oldest.int(2))
    oldest.reset()
    let end = min(last, first + Self.expiryHits - 1)
    let delete = try statement("DELETE FROM hits WHERE id BETWEEN ? AND ? AND time + span < ?")
    delete.bind(1, first)
    delete.bind(2, end)
    delete.bind(3, limit)
    try delete.run()
    let done =
      end == last
      ? try statement("DELETE FROM hit_minutes WHERE minute = ?1")
      : try statement("UPDATE hit_minutes SET first = ?2 WHERE minute = ?1")
    done.bind(1, minute)
    if end != last { done.bind(2, end + 1) }
    try done.run()
    return true
  }

  private func deleteInfections(before limit: Int64) throws(HitStorageError) -> Bool {
    let find = try statement("SELECT id FROM infections WHERE last < ? LIMIT ?")
    find.bind(1, limit)
    find.bind(2, Self.expiryInfections)
    var expired: [Int64] = []
    while try find.step() { expired.append(find.int(0)) }
    guard !expired.isEmpty else { return false }
    let names = try statement("DELETE FROM name_sets WHERE infection = ?")
    let infection = try statement("DELETE FROM infections WHERE id = ?")
    for id in expired {
      names.bind(1, id)
      try names.run()
      names.reset()
      infection.bind(1, id)
      try infection.run()
    }
    return true
  }
}
