package import Evidence
internal import HitLog

/// A stored case.
package struct CaseRow: Equatable, Sendable {
  /// Number of the case.
  package var number: CaseNumber
  /// Identifier of the episode.
  package var episode: String
  /// Family id.
  package var family: String
  /// First lookup, microseconds since 1970.
  package var opened: Int64
  /// Where the work stands.
  package var facts: CaseFacts
  /// The highest gate it ever had.
  package var bestGate: InfectionRecord.Gate
}

/// One step of the work on a case.
package struct CaseTransition: Equatable, Sendable {
  /// When, microseconds since 1970.
  package var time: Int64
  /// The state before.
  package var from: CaseState
  /// The state after; equal to `from` for a note, or a repeated notice.
  package var to: CaseState
  /// Who did it; `engine` for what the traffic brought about.
  package var who: String
  /// What they wrote.
  package var note: String
}

extension EvidenceDatabase {
  private static let caseColumns =
    "id, uuid, family, opened, state, since, notified, notices, best_gate"

  private static func decode(_ row: SQLStatement) -> CaseRow {
    CaseRow(
      number: CaseNumber(stored: row.int(0)), episode: row.text(1), family: row.text(2),
      opened: row.int(3),
      facts: CaseFacts(
        state: CaseState(rawValue: UInt8(truncatingIfNeeded: row.int(4))) ?? .new,
        since: row.int(5), notified: row.optionalInt(6), notices: Int(row.int(7))),
      bestGate: .stored(row.int(8)))
  }

  private func firstCase(_ find: SQLStatement) throws(HitStorageError) -> CaseRow? {
    defer { find.reset() }
    return try find.step() ? Self.decode(find) : nil
  }

  func caseRow(_ number: CaseNumber) throws(HitStorageError) -> CaseRow? {
    let find = try statement("SELECT \(Self.caseColumns) FROM cases WHERE id = ?")
    find.bind(1, number.stored)
    return try firstCase(find)
  }

  func caseRow(episode: String) throws(HitStorageError) -> CaseRow? {
    let find = try statement("SELECT \(Self.caseColumns) FROM cases WHERE uuid = ?")
    find.bind(1, episode)
    return try firstCase(find)
  }

  /// The case of an episode, opened when there is none: a rebuilt episode finds its own again.
  func openCase(
    episode: String, family: String, first: Int64
  ) throws(HitStorageError) -> CaseNumber {
    if let known = try caseRow(episode: episode) { return known.number }
    let number = try nextCaseNumber(year: UTCTime.year(microseconds: first))
    let put = try statement("INSERT INTO cases VALUES (?,?,?,?,?,?,NULL,0,0)")
    put.bind(1, number.stored)
    put.bind(2, episode)
    put.bind(3, family)
    put.bind(4, first)
    put.bind(5, Int64(CaseState.new.rawValue))
    put.bind(6, first)
    try put.run()
    return number
  }

  /// Numbers are never used twice, also when the case that had one is deleted.
  private func nextCaseNumber(year: Int) throws(HitStorageError) -> CaseNumber {
    let key = "cases-\(year)"
    let count = (try value(key) ?? 0) + 1
    try set(key, count)
    return CaseNumber(year: year, count: Int(count))
  }

  func update(_ row: CaseRow) throws(HitStorageError) {
    let put = try statement(
      """
      UPDATE cases SET state = ?2, since = ?3, notified = ?4, notices = ?5, best_gate = ?6
      WHERE id = ?1
      """)
    put.bind(1, row.number.stored)
    put.bind(2, Int64(row.facts.state.rawValue))
    put.bind(3, row.facts.since)
    put.bind(4, row.facts.notified)
    put.bind(5, Int64(row.facts.notices))
    put.bind(6, Int64(row.bestGate.rank))
    try put.run()
  }

  func add(_ transition: CaseTransition, to number: CaseNumber) throws(HitStorageError) {
    let put = try statement("INSERT INTO transitions VALUES (NULL,?,?,?,?,?,?)")
    put.bind(1, number.stored)
    put.bind(2, transition.time)
    put.bind(3, Int64(transition.from.rawValue))
    put.bind(4, Int64(transition.to.rawValue))
    put.bind(5, transition.who)
    put.bind(6, transition.note)
    try put.run()
  }

  func transitions(of number: CaseNumber) throws(HitStorageError) -> [CaseTransition] {
    let find = try statement(
      """
      SELECT time, from_state, to_state, who, note FROM transitions WHERE case_number = ?
      ORDER BY id
      """)
    find.bind(1, number.stored)
    defer { find.reset() }
    var transitions: [CaseTransition] = []
    while try find.step() {
      transitions.append(
        CaseTransition(
          time: find.int(0),
          from: CaseState(rawValue: UInt8(truncatingIfNeeded: find.int(1))) ?? .new,
          to: CaseState(rawValue: UInt8(truncatingIfNeeded: find.int(2))) ?? .new,
          who: find.text(3), note: find.text(4)))
    }
    return transitions
  }

  // MARK: - Suppressions

  func isSuppressed(suspect: String, family: String) throws(HitStorageError) -> Bool {
    let find = try statement("SELECT 1 FROM suppressions WHERE suspect = ? AND family = ?")
    find.bind(1, suspect)
    find.bind(2, family)
    defer { find.reset() }
    return try find.step()
  }

  func suppress(suspect: String, family: String, since: Int64) throws(HitStorageError) {
    let put = try statement("INSERT OR REPLACE INTO suppressions VALUES (?,?,?)")
    put.bind(1, suspect)
    put.bind(2, family)
    put.bind(3, since)
    try put.run()
  }

  func unsuppress(suspect: String, family: String) throws(HitStorageError) {
    let delete = try statement("DELETE FROM suppressions WHERE suspect = ? AND family = ?")
    delete.bind(1, suspect)
    delete.bind(2, family)
    try delete.run()
  }
}

extension CaseTransition {
  /// Who did what the traffic brought about.
  static let engine = "engine"
}

extension EvidenceDatabase {
  /// Puts a case into a state and notes it; the row is not written.
  func move(
    _ row: inout CaseRow, to state: CaseState, at time: Int64, who: String, note: String
  ) throws(HitStorageError) {
    try add(
      CaseTransition(time: time, from: row.facts.state, to: state, who: who, note: note),
      to: row.number)
    row.facts.state = state
    row.facts.since = time
  }
}
