internal import Evidence
internal import HitLog

/// What time brings about without any hit.
///
/// Days end, episodes fall silent, data gets too old. A little at a time, so that hits and other
/// writers never wait long.
struct Chores {
  /// Episodes looked at in one transaction.
  static let piece = 500
  /// Time after midnight during which hits of the day before may still come in, microseconds.
  static let dayGrace: Int64 = 600_000_000
  /// Time between two looks for silent episodes, microseconds.
  private static let silencePause: Int64 = 3_600_000_000
  /// Time between two passes of retention, microseconds.
  private static let retentionPause: Int64 = 600_000_000

  fileprivate enum Task {
    case days
    case silence(after: Int64)
    case retention
    case scrub
    case reconcile(after: Int64, since: Int64)
  }

  private let options: EvidenceOptions
  private var tasks: [Task] = []
  private var nextSilence: Int64 = .min
  private var nextRetention: Int64 = .min

  init(_ options: EvidenceOptions) { self.options = options }

  /// Whether a piece of work waits.
  var isRunning: Bool { !tasks.isEmpty }

  /// Does one piece; returns how many records it sent.
  mutating func step(
    _ database: EvidenceDatabase, _ scoring: Scoring, now: Int64
  ) throws(HitStorageError) -> Int {
    if tasks.isEmpty {
      plan(now)
      if let since = try database.rebuiltSince() {
        tasks.append(.reconcile(after: 0, since: since))
      }
    }
    guard let task = tasks.popLast() else { return 0 }
    switch task {
    case .days: return try endDays(database, scoring, now)
    case .silence(let after): return try findSilent(database, scoring, after: after, now)
    case .retention:
      let (isMore, isChanged) = try database.expire(options.retention, now: now, limit: Self.piece)
      if isChanged, !tasks.contains(where: \.isScrub) { tasks.append(.scrub) }
      if isMore { tasks.append(.retention) }
    case .scrub: try database.scrub()
    case .reconcile(let after, let since):
      return try reconcile(database, scoring, after: after, since: since, now)
    }
    return 0
  }

  /// The last is done first.
  private mutating func plan(_ now: Int64) {
    if Self.isDue(&nextRetention, now, Self.retentionPause) { tasks.append(.retention) }
    if Self.isDue(&nextSilence, now, Self.silencePause) { tasks.append(.silence(after: 0)) }
    tasks.append(.days)
  }

  /// A clock set back must not postpone anything.
  private static func isDue(_ next: inout Int64, _ now: Int64, _ pause: Int64) -> Bool {
    guard now >= next || next - now > pause else { return false }
    next = now + pause
    return true
  }

  // MARK: - Days

  private mutating func endDays(
    _ database: EvidenceDatabase, _ scoring: Scoring, _ now: Int64
  ) throws(HitStorageError) -> Int {
    let today = UTCTime.dayNumber(microseconds: now - Self.dayGrace)
    let ids = try database.episodes(openBefore: today, limit: Self.piece)
    guard !ids.isEmpty else { return 0 }
    if ids.count == Self.piece { tasks.append(.days) }
    return try database.transaction { () throws(HitStorageError) in
      let set = try WorkingSet(database, scoring, now: now, isSending: true)
      for id in ids {
        guard let row = try database.episode(id: id), row.openDay != nil else { continue }
        let (episode, suspect) = try set.adopt(row)
        try set.endDay(episode, suspect)
        try set.store(episode)
      }
      return set.sent
    }
  }

  // MARK: - After a rebuild

  /// Sends what a rebuild changed, and withdraws what it did not find again.
  private mutating func reconcile(
    _ database: EvidenceDatabase, _ scoring: Scoring, after: Int64, since: Int64, _ now: Int64
  ) throws(HitStorageError) -> Int {
    let ids = try database.episodes(after: after, begunSince: since, limit: Self.piece)
    if ids.count == Self.piece, let last = ids.last {
      tasks.append(.reconcile(after: last, since: since))
    }
    return try database.transaction { () throws(HitStorageError) in
      let set = try WorkingSet(database, scoring, now: now, isSending: true)
      var sent = 0
      for id in ids {
        guard let row = try database.episode(id: id) else { continue }
        let (episode, suspect) = try set.adopt(row)
        if row.state.all.lookups == 0 {
          sent += try database.withdraw(episode: id, added: now)
          try database.deleteEpisode(id, keepingRecords: true)
        } else if let day = try database.days(of: id).last {
          try set.correct(episode, suspect, day: day)
        }
      }
      if ids.count < Self.piece { try database.endRebuild() }
      return set.sent + sent
    }
  }

  // MARK: - Silence

  private mutating func findSilent(
    _ database: EvidenceDatabase, _ scoring: Scoring, after: Int64, _ now: Int64
  ) throws(HitStorageError) -> Int {
    let day = UTCTime.dayNumber(microseconds: now) - shortestSilenceDays
    let ids = try database.episodes(after: after, silentSince: day, limit: Self.piece)
    guard let last = ids.last else { return 0 }
    if ids.count == Self.piece { tasks.append(.silence(after: last)) }
    return try database.transaction { () throws(HitStorageError) in
      let set = try WorkingSet(database, scoring, now: now, isSending: true)
      for id in ids {
        guard let row = try database.episode(id: id) else { continue }
        try close(row, set, now)
      }
      return set.sent
    }
  }

  /// Days of silence below which nothing happens in any family.
  private var shortestSilenceDays: Int64 {
    let parameters = options.parameters
    let all =
      [parameters.ageing.closingDays]
      + parameters.families.values.flatMap { [$0.closingDays, $0.quietDays].compactMap { $0 } }
    return Int64(max(0, (all.min() ?? 0).rounded(.down)))
  }

  private func close(_ row: EpisodeRow, _ set: WorkingSet, _ now: Int64) throws(HitStorageError) {
    let (episode, suspect) = try set.adopt(row)
    let quiet =
      options.parameters.quietDays(family: row.family) * Double(UTCTime.secondsPerDay)
      * Double(UTCTime.microsecondsPerSecond)
    if let next = episode.caseRow.facts.automatic(
      lastSeen: row.last, quiet: Int64(quiet), now: now)
    {
      try set.database.move(
        &episode.caseRow, to: next, at: now, who: CaseTransition.engine,
        note: next == .verified ? "no longer seen" : "seen again")
      try set.database.update(episode.caseRow)
    }
    let rules = options.parameters.foldRules(family: row.family)
    guard episode.row.state.close(at: now, rules: rules) else { return }
    episode.row.isOpen = false
    if let day = try set.database.days(of: row.id).last {
      episode.row.openDay = day
      try set.endDay(episode, suspect, closing: true)
    }
    try set.store(episode)
  }
}

extension Chores.Task {
  fileprivate var isScrub: Bool { if case .scrub = self { true } else { false } }
}

extension EvidenceDatabase {
  /// Episodes with a day that ended before another and is still open.
  func episodes(openBefore day: Int64, limit: Int) throws(HitStorageError) -> [Int64] {
    let find = try statement(
      "SELECT id FROM episodes WHERE open_day < ? ORDER BY open_day LIMIT ?")
    find.bind(1, day)
    find.bind(2, Int64(limit))
    return try numbers(find)
  }

  /// Episodes that were last seen on a day or before, by number.
  func episodes(
    after id: Int64, silentSince day: Int64, limit: Int
  ) throws(HitStorageError) -> [Int64] {
    let find = try statement(
      """
      SELECT e.id FROM episodes e JOIN cases c ON c.id = e.case_number
      WHERE e.id > ? AND e.last_day <= ? AND (e.is_open = 1 OR c.state NOT IN (4, 6))
      ORDER BY e.id LIMIT ?
      """)
    find.bind(1, id)
    find.bind(2, day)
    find.bind(3, Int64(limit))
    return try numbers(find)
  }

  /// Episodes whose first hit has at least a number, by their own number.
  func episodes(
    after id: Int64, begunSince hit: Int64, limit: Int
  ) throws(HitStorageError) -> [Int64] {
    let find = try statement(
      "SELECT id FROM episodes WHERE id > ? AND first_hit >= ? ORDER BY id LIMIT ?")
    find.bind(1, id)
    find.bind(2, hit)
    find.bind(3, Int64(limit))
    return try numbers(find)
  }

  /// First column of every row.
  func numbers(_ find: SQLStatement) throws(HitStorageError) -> [Int64] {
    defer { find.reset() }
    var numbers: [Int64] = []
    while try find.step() { numbers.append(find.int(0)) }
    return numbers
  }
}
