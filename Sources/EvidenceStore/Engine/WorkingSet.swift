internal import Evidence
internal import HitLog

/// The suspects, episodes and days that one batch of hits touches: read once, written once.
///
/// Lives within one transaction: nothing is remembered from batch to batch, so that commands may
/// change the evidence at any time, and a killed process loses nothing.
final class WorkingSet {
  /// A suspect of the batch.
  final class SuspectEntry {
    let name: String
    var row: SuspectRow
    let isNew: Bool
    var episodes: [String: EpisodeEntry] = [:]
    /// Of a line: the addresses it had.
    var addresses: [LineAddress: LineSpan] = [:]

    init(name: String, row: SuspectRow, isNew: Bool) {
      self.name = name
      self.row = row
      self.isNew = isNew
    }

    func note(_ hit: HitRow) {
      let day = UTCTime.dayNumber(microseconds: hit.firstMicroseconds)
      let span = LineSpan(hit)
      addresses[LineAddress(client: hit.client, day: day), default: span].extend(by: span)
    }
  }

  /// An episode of the batch, with the day that was last touched.
  final class EpisodeEntry {
    var row: EpisodeRow
    /// The row as it is stored.
    var stored: EpisodeRow
    var caseRow: CaseRow
    var day: DayRow?
    var isNew: Bool
    /// Whether the first record since it began, or began again, is still to be sent.
    var isOpening: Bool
    var network = ScoringContext.Network.customers

    init(row: EpisodeRow, caseRow: CaseRow, isNew: Bool) {
      self.row = row
      stored = row
      self.caseRow = caseRow
      self.isNew = isNew
      isOpening = isNew
    }
  }

  let database: EvidenceDatabase
  let scoring: Scoring
  let now: Int64
  /// Whether records are sent; not while the past is computed again.
  let isSending: Bool
  private var suspects: [Suspect: SuspectEntry] = [:]
  private var order: [SuspectEntry] = []
  private var nextSuspect: Int64
  private var nextEpisode: Int64
  /// Records sent.
  private(set) var sent = 0

  init(
    _ database: EvidenceDatabase, _ scoring: Scoring, now: Int64, isSending: Bool
  ) throws(HitStorageError) {
    self.database = database
    self.scoring = scoring
    self.now = now
    self.isSending = isSending
    nextSuspect = try database.nextID("suspects")
    nextEpisode = try database.nextID("episodes")
  }

  // MARK: - Folding

  /// Folds a hit in; `number` is the hit's, counted over all databases of hits there were.
  func add(
    _ hit: HitRow, number: Int64, subscriber: InfectionRecord.Subscriber? = nil
  ) throws(HitStorageError) {
    let standing = scoring.options.suspects.standing(
      of: hit, line: subscriber?.state == .unique ? subscriber?.key : nil)
    let suspect = try entry(standing.suspect, number: number)
    if case .line = standing.suspect.identity { suspect.note(hit) }
    let isNews = number > suspect.row.lastHit
    if isNews {
      suspect.row.state.add(hit, rules: scoring.options.parameters.foldRules(family: ""))
      suspect.row.lastHit = number
      suspect.row.last = max(suspect.row.last, hit.lastMicroseconds)
    }
    for var observation in Observation.read(hit) {
      observation.hit = number
      let episode = try entry(observation, suspect, standing)
      guard number > episode.row.lastHit else { continue }
      try fold(observation, hit, subscriber, standing, into: episode, of: suspect)
    }
  }

  private func fold(
    _ observation: Observation, _ hit: HitRow, _ subscriber: InfectionRecord.Subscriber?,
    _ standing: Standing, into episode: EpisodeEntry, of suspect: SuspectEntry
  ) throws(HitStorageError) {
    let day = UTCTime.dayNumber(microseconds: hit.firstMicroseconds)
    // The record of a day is scored with what was known when it ended.
    if let open = episode.row.openDay, open != day { try endDay(episode, suspect) }
    let rules = scoring.options.parameters.foldRules(family: observation.family)
    let wasOpen = episode.row.state.isOpen
    let change = episode.row.state.add(observation, rules: rules)
    if change == .reopened || !wasOpen { episode.isOpening = true }
    episode.row.last = max(episode.row.last, hit.lastMicroseconds)
    episode.row.lastHit = observation.hit
    episode.row.isOpen = true
    episode.row.scope = standing.scope
    episode.row.devices = standing.devices
    if hit.isVerified { episode.row.verified += Int64(clamping: hit.count) }
    episode.network = scoring.options.network(of: hit.client)
    try select(day, of: episode)
    episode.day?.summary.add(hit, family: observation.family, subscriber: subscriber)
    episode.row.openDay = day
  }

  /// Makes a day the one that is touched.
  private func select(_ day: Int64, of episode: EpisodeEntry) throws(HitStorageError) {
    if episode.day?.summary.day == day { return }
    if let former = episode.day { try database.put(former, of: episode.row.id) }
    let stored = episode.isNew ? nil : try database.day(day, of: episode.row.id)
    episode.day =
      stored
      ?? DayRow(
        summary: DaySummary(day: day), revision: 0, sentGate: .recorded, sentCount: 0)
  }

  /// Sends what changed on a day that is over.
  ///
  /// - Parameter closing: whether the episode ended: that is sent in any case.
  func endDay(
    _ episode: EpisodeEntry, _ suspect: SuspectEntry, closing: Bool = false
  ) throws(HitStorageError) {
    guard let open = episode.row.openDay else { return }
    try select(open, of: episode)
    if closing {
      try send(episode, suspect, change: .closed)
    } else if episode.day?.summary.count != episode.day?.sentCount {
      try send(episode, suspect, change: episode.isOpening ? .opened : .updated)
    }
    episode.row.openDay = nil
  }

  /// Sends a day again whose record would now say something else.
  func correct(
    _ episode: EpisodeEntry, _ suspect: SuspectEntry, day: Int64
  ) throws(HitStorageError) {
    try select(day, of: episode)
    let score = scoring.score(episode, client: suspect.row.state, at: episode.row.state.last)
    guard let selected = episode.day, selected.revision > 0,
      score.gate != selected.sentGate || selected.summary.count != selected.sentCount
    else { return }
    try send(episode, suspect, score, change: .updated)
    try store(episode)
  }

  // MARK: - Loading

  private func entry(_ suspect: Suspect, number: Int64) throws(HitStorageError) -> SuspectEntry {
    if let known = suspects[suspect] { return known }
    let name = suspect.description
    let stored = try database.suspect(name)
    let row =
      stored
      ?? SuspectRow(
        id: nextSuspect, firstHit: number, lastHit: 0, last: 0, state: ClientState())
    if stored == nil { nextSuspect += 1 }
    let entry = SuspectEntry(name: name, row: row, isNew: stored == nil)
    suspects[suspect] = entry
    order.append(entry)
    return entry
  }

  private func entry(
    _ observation: Observation, _ suspect: SuspectEntry, _ standing: Standing
  ) throws(HitStorageError) -> EpisodeEntry {
    if let known = suspect.episodes[observation.family] { return known }
    let stored =
      suspect.isNew
      ? nil : try database.episode(suspect: suspect.row.id, family: observation.family)
    let entry =
      if let stored { try known(stored) } else { try new(observation, suspect, standing) }
    suspect.episodes[observation.family] = entry
    return entry
  }

  private func known(_ row: EpisodeRow) throws(HitStorageError) -> EpisodeEntry {
    guard let caseRow = try database.caseRow(row.caseNumber) else {
      throw HitStorageError(
        kind: .damaged, message: "case \(row.caseNumber) is missing; run `ponor evidence rebuild`")
    }
    return EpisodeEntry(row: row, caseRow: caseRow, isNew: false)
  }

  private func new(
    _ observation: Observation, _ suspect: SuspectEntry, _ standing: Standing
  ) throws(HitStorageError) -> EpisodeEntry {
    let first = observation.firstMicroseconds
    let uuid = EpisodeIdentity.episode(
      suspect: suspect.name, family: observation.family, first: first)
    let number = try database.openCase(
      episode: uuid, family: observation.family, first: first)
    let row = EpisodeRow(
      id: nextEpisode, suspect: suspect.row.id, family: observation.family, caseNumber: number,
      first: first, last: first, firstHit: observation.hit, lastHit: 0, openDay: nil,
      isOpen: true, gate: .recorded, confidence: 0, scope: standing.scope,
      devices: standing.devices, verified: 0, state: EpisodeState())
    nextEpisode += 1
    guard var caseRow = try database.caseRow(number) else {
      throw HitStorageError(kind: .damaged, message: "case \(number) is missing")
    }
    if caseRow.facts.state == .new,
      try database.isSuppressed(suspect: suspect.name, family: observation.family)
    {
      try database.move(
        &caseRow, to: .falsePositive, at: now, who: CaseTransition.engine,
        note: "this client and family were found to be no infection before")
      try database.update(caseRow)
    }
    return EpisodeEntry(row: row, caseRow: caseRow, isNew: true)
  }

  /// Takes stored rows in, for what is not brought about by a hit.
  func adopt(_ row: EpisodeRow) throws(HitStorageError) -> (EpisodeEntry, SuspectEntry) {
    let episode = try known(row)
    let name = try database.suspectName(row.suspect)
    let suspect = SuspectEntry(
      name: name,
      row: SuspectRow(
        id: row.suspect, firstHit: 0, lastHit: 0, last: 0,
        state: try database.clientState(row.suspect)),
      isNew: false)
    return (episode, suspect)
  }

  // MARK: - Scoring and sending

  /// Scores everything touched, sends what is due, and writes it all.
  func finish() throws(HitStorageError) {
    for suspect in order {
      for (_, episode) in suspect.episodes.sorted(by: { $0.key < $1.key })
      where episode.day != nil {
        try conclude(episode, suspect)
      }
      // Suspects without an episode (only colliding names) leave nothing behind.
      guard !suspect.episodes.isEmpty else { continue }
      if suspect.isNew {
        try database.insert(suspect: suspect.name, suspect.row)
      } else {
        try database.update(suspect: suspect.row)
      }
      for (key, span) in suspect.addresses {
        try database.note(span, day: key.day, of: suspect.row.id)
      }
    }
  }

  private func conclude(
    _ episode: EpisodeEntry, _ suspect: SuspectEntry
  ) throws(HitStorageError) {
    let score = scoring.score(episode, client: suspect.row.state, at: episode.row.state.last)
    try advance(episode, score)
    let isRising = score.gate > episode.day?.sentGate ?? .recorded
    if episode.row.openDay != nil, episode.day?.revision == 0 || isRising || episode.isOpening {
      try send(episode, suspect, score, change: episode.isOpening ? .opened : .updated)
    }
    try store(episode)
  }

  /// What the lookups mean for the case.
  private func advance(_ episode: EpisodeEntry, _ score: Score) throws(HitStorageError) {
    episode.row.gate = score.gate
    episode.row.confidence = score.confidence
    let before = episode.caseRow
    episode.caseRow.bestGate = max(before.bestGate, score.gate)
    let facts = before.facts
    if [.verified, .cleanedClaimed].contains(facts.state), episode.row.last > facts.since {
      try database.move(
        &episode.caseRow, to: .reopened, at: episode.row.last, who: CaseTransition.engine,
        note: "seen again")
    }
    if episode.caseRow != before { try database.update(episode.caseRow) }
  }

  /// Sends a record of the selected day, scored now.
  func send(
    _ episode: EpisodeEntry, _ suspect: SuspectEntry, change: InfectionRecord.Change
  ) throws(HitStorageError) {
    let score = scoring.score(episode, client: suspect.row.state, at: episode.row.state.last)
    try send(episode, suspect, score, change: change)
  }

  private func send(
    _ episode: EpisodeEntry, _ suspect: SuspectEntry, _ score: Score,
    change: InfectionRecord.Change
  ) throws(HitStorageError) {
    guard var day = episode.day else { return }
    episode.isOpening = false
    // What is known to be no infection is told to nobody, except that it is none.
    guard isSending, day.summary.count > 0, episode.caseRow.facts.state != .falsePositive else {
      return
    }
    let record = scoring.maker.record(
      episode.row, day, suspect: suspect.name, score: score, change: change, now: now)
    try database.append(
      record, day: day.summary.day, of: episode.row.id, added: now)
    day.revision += 1
    day.sentGate = score.gate
    day.sentCount = day.summary.count
    episode.day = day
    sent += 1
  }

  /// Writes an episode and its selected day.
  func store(_ episode: EpisodeEntry) throws(HitStorageError) {
    if episode.isNew {
      try database.insert(episode.row)
      episode.isNew = false
    } else {
      try database.update(episode.row, from: episode.stored)
    }
    episode.stored = episode.row
    if let day = episode.day { try database.put(day, of: episode.row.id) }
  }
}
