package import Evidence
package import HitLog

/// Why work on a case cannot be noted.
package struct CaseError: Error, Equatable, CustomStringConvertible {
  /// Which case, what, and what to do.
  package let description: String

  /// Makes an error.
  package init(_ description: String) { self.description = description }
}

/// The work on cases: what people say of them.
extension EvidenceDatabase {
  /// Longest note, characters.
  package static let noteLimit = 2000

  /// Puts a case into a state, or notes that another notice went out.
  ///
  /// A false positive also reaches the score: the suspect and family are suppressed, the names
  /// counted as asked for by somebody not infected, and what was sent is withdrawn. Saying
  /// `reopened` of a false positive takes the first two back.
  /// - Parameters:
  ///   - who: who says so.
  ///   - note: what they write; cut at `noteLimit`.
  ///   - now: microseconds since 1970.
  package func mark(
    _ number: CaseNumber, _ state: CaseState, who: String, note: String, now: Int64
  ) throws -> CaseRow {
    try transaction { () throws(HitStorageError) -> Result<CaseRow, CaseError> in
      guard var row = try caseRow(number) else {
        return .failure(CaseError("\(number): no such case; see 'ponor infections list'"))
      }
      guard row.facts.state.mayBecome(state) else {
        return .failure(
          CaseError("\(number) is \(row.facts.state.name): it cannot become \(state.name)"))
      }
      let before = row.facts.state
      try move(&row, to: state, at: now, who: who, note: String(note.prefix(Self.noteLimit)))
      if state == .notified {
        row.facts.notified = now
        row.facts.notices += 1
      }
      try update(row)
      if state == .falsePositive { try rememberFalsePositive(number, now: now) }
      if before == .falsePositive { try forgetFalsePositive(number) }
      return .success(row)
    }.get()
  }

  private func rememberFalsePositive(_ number: CaseNumber, now: Int64) throws(HitStorageError) {
    guard let episode = try episode(caseNumber: number) else { return }
    try suppress(
      suspect: try suspectName(episode.suspect), family: episode.family, since: now)
    try addFalsePositives(episode.state.names.map(\.key), 1)
    _ = try withdraw(episode: episode.id, added: now)
  }

  private func forgetFalsePositive(_ number: CaseNumber) throws(HitStorageError) {
    guard let episode = try episode(caseNumber: number) else { return }
    try unsuppress(suspect: try suspectName(episode.suspect), family: episode.family)
    try addFalsePositives(episode.state.names.map(\.key), -1)
    // Its records are sent again with the next lookup or the day's end.
    for day in try days(of: episode.id) {
      guard var row = try self.day(day, of: episode.id) else { continue }
      row.sentCount = 0
      try put(row, of: episode.id)
    }
  }

  // MARK: - Figures

  /// What became of cases, by family and month of opening; deleted ones included.
  package func figures() throws(HitStorageError) -> [CaseFigures] {
    try transaction { () throws(HitStorageError) in
      var figures: [Key: [String: Int]] = [:]
      let old = try statement("SELECT family, month, what, count FROM outcomes")
      while try old.step() {
        figures[Key(family: old.text(0), month: old.text(1)), default: [:]][
          old.text(2), default: 0] += Int(old.int(3))
      }
      old.reset()
      for (row, lastSeen) in try allCases() {
        let counts = CaseOutcome.counts(
          of: row, transitions: try transitions(of: row.number), lastSeen: lastSeen)
        let key = Key(family: row.family, month: CaseOutcome.month(of: row))
        for what in counts { figures[key, default: [:]][what, default: 0] += 1 }
      }
      return figures.map { CaseFigures(family: $0.family, month: $0.month, counts: $1) }
        .sorted { ($0.month, $0.family) < ($1.month, $1.family) }
    }
  }

  private struct Key: Hashable {
    var family: String
    var month: String
  }

  private func allCases() throws(HitStorageError) -> [(CaseRow, Int64)] {
    let find = try statement(
      """
      SELECT c.id, ifnull(e.last, c.opened) FROM cases c
      LEFT JOIN episodes e ON e.case_number = c.id
      """)
    var numbers: [(Int64, Int64)] = []
    while try find.step() { numbers.append((find.int(0), find.int(1))) }
    find.reset()
    var rows: [(CaseRow, Int64)] = []
    for (number, last) in numbers {
      if let row = try caseRow(CaseNumber(stored: number)) { rows.append((row, last)) }
    }
    return rows
  }
}
