internal import Evidence
internal import HitLog

/// A stored suspect.
struct SuspectRow {
  var id: Int64
  var firstHit: Int64
  var lastHit: Int64
  var last: Int64
  var state: ClientState
}

/// What one episode did on one day, and what was sent of it.
struct DayRow {
  var summary: DaySummary
  var revision: Int
  var sentGate: InfectionRecord.Gate
  var sentCount: UInt64

  /// Row number of a day: `episode << 16 | day`.
  static func id(episode: Int64, day: Int64) -> Int64 { episode << 16 | day & 0xffff }
  /// All days of an episode.
  static func ids(of episode: Int64) -> ClosedRange<Int64> {
    (episode << 16)...(episode << 16 | 0xffff)
  }
}

/// Rows of suspects, episodes and days; within a transaction.
extension EvidenceDatabase {
  // MARK: - Suspects

  func suspect(_ name: String) throws(HitStorageError) -> SuspectRow? {
    let find = try statement(
      "SELECT id, first_hit, last_hit, last, state FROM suspects WHERE name = ?")
    find.bind(1, name)
    defer { find.reset() }
    guard try find.step() else { return nil }
    // A state that cannot be read is as good as none: breadth is rebuilt within a day.
    return SuspectRow(
      id: find.int(0), firstHit: find.int(1), lastHit: find.int(2), last: find.int(3),
      state: ClientState(decoding: find.blob(4)) ?? ClientState())
  }

  func suspectName(_ id: Int64) throws(HitStorageError) -> String {
    let find = try statement("SELECT name FROM suspects WHERE id = ?")
    find.bind(1, id)
    defer { find.reset() }
    return try find.step() ? find.text(0) : ""
  }

  func clientState(_ id: Int64) throws(HitStorageError) -> ClientState {
    let find = try statement("SELECT state FROM suspects WHERE id = ?")
    find.bind(1, id)
    defer { find.reset() }
    return try find.step() ? ClientState(decoding: find.blob(0)) ?? ClientState() : ClientState()
  }

  func insert(suspect name: String, _ row: SuspectRow) throws(HitStorageError) {
    let put = try statement("INSERT INTO suspects VALUES (?,?,?,?,?,?)")
    put.bind(1, row.id)
    put.bind(2, name)
    put.bind(3, row.firstHit)
    put.bind(4, row.lastHit)
    put.bind(5, row.last)
    put.bind(6, copying: row.state.encoded())
    try put.run()
  }

  func update(suspect row: SuspectRow) throws(HitStorageError) {
    let put = try statement(
      "UPDATE suspects SET last_hit = ?2, last = ?3, state = ?4, first_hit = ?5 WHERE id = ?1")
    put.bind(1, row.id)
    put.bind(2, row.lastHit)
    put.bind(3, row.last)
    put.bind(4, copying: row.state.encoded())
    put.bind(5, row.firstHit)
    try put.run()
  }

  /// First number that no row of a table has.
  func nextID(_ table: String) throws(HitStorageError) -> Int64 {
    let find = try statement("SELECT ifnull(max(id), 0) + 1 FROM \(table)")
    defer { find.reset() }
    return try find.step() ? find.int(0) : 1
  }

  // MARK: - Episodes

  func episode(suspect: Int64, family: String) throws(HitStorageError) -> EpisodeRow? {
    let find = try statement(
      "SELECT \(EpisodeRow.columns) FROM episodes WHERE suspect = ? AND family = ?")
    find.bind(1, suspect)
    find.bind(2, family)
    return try first(find)
  }

  func episode(id: Int64) throws(HitStorageError) -> EpisodeRow? {
    let find = try statement("SELECT \(EpisodeRow.columns) FROM episodes WHERE id = ?")
    find.bind(1, id)
    return try first(find)
  }

  func episode(caseNumber: CaseNumber) throws(HitStorageError) -> EpisodeRow? {
    let find = try statement("SELECT \(EpisodeRow.columns) FROM episodes WHERE case_number = ?")
    find.bind(1, caseNumber.stored)
    return try first(find)
  }

  private func first(_ find: SQLStatement) throws(HitStorageError) -> EpisodeRow? {
    defer { find.reset() }
    return try find.step() ? EpisodeRow(find) : nil
  }

  func insert(_ row: EpisodeRow) throws(HitStorageError) {
    let put = try statement(
      "INSERT INTO episodes VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?17,?9,?10,?11,?12,?13,?14,?15,?16)")
    bind(row, to: put)
    put.bind(17, UTCTime.dayNumber(microseconds: row.last))
    try put.run()
  }

  /// Writes what may have changed since `former`.
  ///
  /// SQLite touches an index when one of its columns is set, even to the same value: what changes
  /// once a day is left out otherwise.
  func update(_ row: EpisodeRow, from former: EpisodeRow) throws(HitStorageError) {
    let isSameDay =
      UTCTime.dayNumber(microseconds: row.last) == UTCTime.dayNumber(microseconds: former.last)
      && row.openDay == former.openDay && row.isOpen == former.isOpen && row.gate == former.gate
    let indexed =
      isSameDay ? "" : ", last_day = ?17, open_day = ?9, is_open = ?10, gate = ?11"
    let put = try statement(
      """
      UPDATE episodes SET first = ?5, last = ?6, first_hit = ?7, last_hit = ?8, confidence = ?12,
        scope = ?13, devices = ?14, verified = ?15, state = ?16\(indexed) WHERE id = ?1
      """)
    bind(row, to: put)
    if !isSameDay { put.bind(17, UTCTime.dayNumber(microseconds: row.last)) }
    try put.run()
  }

  private func bind(_ row: EpisodeRow, to put: SQLStatement) {
    put.bind(1, row.id)
    put.bind(2, row.suspect)
    put.bind(3, row.family)
    put.bind(4, row.caseNumber.stored)
    put.bind(5, row.first)
    put.bind(6, row.last)
    put.bind(7, row.firstHit)
    put.bind(8, row.lastHit)
    put.bind(9, row.openDay)
    put.bind(10, Int64(row.isOpen ? 1 : 0))
    put.bind(11, Int64(row.gate.rank))
    put.bind(12, row.confidence)
    put.bind(13, row.scope.stored)
    put.bind(14, Int64(row.devices))
    put.bind(15, row.verified)
    put.bind(16, copying: row.state.encoded())
  }

  // MARK: - Days

  func day(_ day: Int64, of episode: Int64) throws(HitStorageError) -> DayRow? {
    let find = try statement(
      "SELECT revision, sent_gate, sent_count, summary FROM days WHERE id = ?")
    find.bind(1, DayRow.id(episode: episode, day: day))
    defer { find.reset() }
    guard try find.step() else { return nil }
    return DayRow(
      summary: DaySummary(decoding: find.blob(3)) ?? DaySummary(day: day),
      revision: Int(find.int(0)), sentGate: .stored(find.int(1)),
      sentCount: UInt64(bitPattern: find.int(2)))
  }

  /// Days of an episode that have a summary, ascending.
  func days(of episode: Int64) throws(HitStorageError) -> [Int64] {
    let find = try statement("SELECT id FROM days WHERE id BETWEEN ? AND ? ORDER BY id")
    let ids = DayRow.ids(of: episode)
    find.bind(1, ids.lowerBound)
    find.bind(2, ids.upperBound)
    defer { find.reset() }
    var days: [Int64] = []
    while try find.step() { days.append(find.int(0) & 0xffff) }
    return days
  }

  func put(_ row: DayRow, of episode: Int64) throws(HitStorageError) {
    let put = try statement(
      """
      INSERT INTO days VALUES (?1,?2,?3,?4,?5,?6) ON CONFLICT (id)
      DO UPDATE SET revision = ?3, sent_gate = ?4, sent_count = ?5, summary = ?6
      """)
    put.bind(1, DayRow.id(episode: episode, day: row.summary.day))
    put.bind(2, row.summary.day)
    put.bind(3, Int64(row.revision))
    put.bind(4, Int64(row.sentGate.rank))
    put.bind(5, Int64(bitPattern: row.sentCount))
    put.bind(6, copying: row.summary.encoded())
    try put.run()
  }
}
