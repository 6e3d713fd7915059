package import Evidence
package import HitLog

/// One episode as people see it.
package struct EpisodeView: Sendable {
  /// Text of the suspect.
  package var suspect: String
  /// What is stored.
  package var row: EpisodeRow
  /// The case.
  package var caseRow: CaseRow
  /// What is concluded at the instant of asking.
  package var score: Score
  /// Identifier of the episode.
  package var id: String { caseRow.episode }
}

/// Which episodes are wanted; nil fields do not restrict.
package struct EpisodeQuery: Sendable {
  /// Last lookup at or after this instant, microseconds since 1970.
  package var since: Int64?
  /// First lookup before this instant.
  package var until: Int64?
  /// Of this client address, also as part of a prefix, or of a device that had it.
  package var client: ClientAddress?
  /// Of this family.
  package var family: String?
  /// Of at least this gate, at the instant of asking.
  package var gate: InfectionRecord.Gate?
  /// Whose case is in this state.
  package var state: CaseState?

  /// A query for everything.
  package init() {}
}

/// Answers questions about episodes, scored at the instant of asking.
package final class EvidenceReader {
  private let database: EvidenceDatabase
  private let scoring: Scoring
  private let now: Int64
  private var lastClient: (suspect: Int64, state: ClientState)?

  /// A reader that judges as of an instant, microseconds since 1970.
  package init(
    _ database: EvidenceDatabase, options: EvidenceOptions, now: Int64
  ) throws(HitStorageError) {
    self.database = database
    self.now = now
    scoring = Scoring(options, benign: try database.benignRates())
  }

  // MARK: - Finding

  /// The episode of a client and family, as the engine filed its hits up to an instant; nil when there
  /// is none.
  ///
  /// - Parameter until: microseconds since 1970; of lines that had the address one after the other, the
  ///   last before it counts.
  package func episode(
    client: ClientAddress, origin: ClientOrigin, family: String, until: Int64 = .max
  ) throws(HitStorageError) -> EpisodeView? {
    let name = scoring.options.suspects.suspect(client: client, origin: origin).description
    if let row = try database.suspect(name),
      let episode = try database.episode(suspect: row.id, family: family)
    {
      return try view(episode, suspect: name)
    }
    for line in try database.lines(of: client, until: until) {
      guard let episode = try database.episode(suspect: line, family: family) else { continue }
      return try view(episode, suspect: try database.suspectName(line))
    }
    return nil
  }

  /// The episodes that a word means: a case number, an episode's identifier (or at least eight
  /// characters of its start), a client address, or the text of a suspect.
  package func episodes(meaning word: String) throws(HitStorageError) -> [EpisodeView] {
    if let number = CaseNumber(word) {
      guard let row = try database.episode(caseNumber: number) else { return [] }
      return try views(of: [row.id])
    }
    if let suspect = Suspect(word) {
      guard let row = try database.suspect(suspect.description) else { return [] }
      return try episodes(of: [row.id])
    }
    if let client = ClientAddress(word) {
      return try episodes(of: try database.suspects(of: client))
    }
    return try views(of: try database.episodes(identifiedBy: word))
  }

  /// The episodes of everyone a subject means.
  package func episodes(of data: SubjectData) throws(HitStorageError) -> [EpisodeView] {
    var ids: [Int64] = []
    for name in data.names {
      if let row = try database.suspect(name) { ids.append(row.id) }
    }
    return try episodes(of: ids)
  }

  /// Hands the episodes that a query wants to `body`, those seen last first.
  package func forEach(
    _ query: EpisodeQuery, _ body: (EpisodeView) -> Void
  ) throws(HitStorageError) {
    for view in try views(of: try database.episodes(query)) {
      guard query.gate.map({ view.score.gate >= $0 }) ?? true,
        query.state.map({ view.caseRow.facts.state == $0 }) ?? true
      else { continue }
      body(view)
    }
  }

  /// The episodes whose next notice is due; those that were only seen in shadow mode never are.
  package func due(_ rules: NoticeRules) throws(HitStorageError) -> [EpisodeView] {
    var due: [EpisodeView] = []
    try forEach(EpisodeQuery()) { view in
      let isDue = view.caseRow.facts.isNoticeDue(
        gate: view.score.gate, lastSeen: view.row.last, rules: rules, now: now)
      if isDue { due.append(view) }
    }
    var told: [EpisodeView] = []
    for view in due where try database.isTold(view.row.id) { told.append(view) }
    return told
  }

  /// The steps of the work on a case, oldest first.
  package func transitions(of number: CaseNumber) throws(HitStorageError) -> [CaseTransition] {
    try database.transitions(of: number)
  }

  /// The days of an episode, oldest first.
  package func days(of view: EpisodeView) throws(HitStorageError) -> [DaySummary] {
    var summaries: [DaySummary] = []
    for day in try database.days(of: view.row.id) {
      if let row = try database.day(day, of: view.row.id) { summaries.append(row.summary) }
    }
    return summaries
  }

  // MARK: - Judging

  private func episodes(of suspects: [Int64]) throws(HitStorageError) -> [EpisodeView] {
    var ids: [Int64] = []
    for suspect in suspects { ids += try database.episodes(ofSuspect: suspect) }
    return try views(of: ids)
  }

  private func views(of ids: [Int64]) throws(HitStorageError) -> [EpisodeView] {
    var views: [EpisodeView] = []
    for id in ids {
      guard let row = try database.episode(id: id) else { continue }
      if let view = try view(row, suspect: try database.suspectName(row.suspect)) {
        views.append(view)
      }
    }
    return views
  }

  private func view(_ row: EpisodeRow, suspect: String) throws(HitStorageError) -> EpisodeView? {
    guard let caseRow = try database.caseRow(row.caseNumber) else { return nil }
    let score = scoring.score(
      row, client: try clientState(row.suspect), network: try network(row, suspect: suspect),
      isFalsePositive: caseRow.facts.state == .falsePositive, at: max(now, row.state.last))
    return EpisodeView(suspect: suspect, row: row, caseRow: caseRow, score: score)
  }

  /// Episodes of one suspect often follow each other.
  private func clientState(_ suspect: Int64) throws(HitStorageError) -> ClientState {
    if let lastClient, lastClient.suspect == suspect { return lastClient.state }
    let state = try database.clientState(suspect)
    lastClient = (suspect, state)
    return state
  }

  private func network(
    _ row: EpisodeRow, suspect: String
  ) throws(HitStorageError) -> ScoringContext.Network {
    guard !scoring.options.hosting.isEmpty || !scoring.options.mail.isEmpty else {
      return .customers
    }
    switch Suspect(suspect)?.identity {
    case .address(let prefix): return scoring.options.network(of: prefix.address)
    case .device(let address, _): return scoring.options.network(of: address)
    case .line, nil:
      guard let last = try database.days(of: row.id).last,
        let day = try database.day(last, of: row.id)
      else { return .customers }
      return scoring.options.network(of: day.summary.client)
    }
  }
}
