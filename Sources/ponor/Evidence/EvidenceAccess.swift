import ControlPlane
import DNSServer
import Evidence
import EvidenceStore
import Exporters
import Glibc
import HitLog
import PonorApp
import Settings

/// Opens the evidence of a data directory when everything that was asked so far is scored.
struct EvidenceAccess {
  let settings: Settings
  let options: EvidenceOptions
  let database: EvidenceDatabase
  let now = UTCClock.microseconds()

  /// How long a running server is waited for: 10 s.
  private static let attempts = 100
  private static let pauseMicroseconds: UInt32 = 100_000

  /// Waits for the running server, or scores the stored hits itself when none runs.
  init(_ settings: Settings) throws {
    self.settings = settings
    do {
      options = try EvidenceSetup.options(settings)
    } catch {
      throw CommandFailure.failed("\(error)")
    }
    try Self.catchUp(settings, options)
    database = try Self.open(settings)
  }

  /// Opens the database without waiting for anything.
  static func open(_ settings: Settings) throws -> EvidenceDatabase {
    do {
      return try EvidenceDatabase(
        path: EvidencePaths(dataDirectory: settings.dataDirectory).database)
    } catch {
      throw CommandFailure.failed(error.message)
    }
  }

  /// Answers as of now.
  func reader() throws -> EvidenceReader {
    try Self.storage { () throws(HitStorageError) in
      try EvidenceReader(database, options: options, now: now)
    }
  }

  /// The episodes that a word means; a message when it means none.
  func episodes(meaning word: String) throws -> [EpisodeView] {
    let reader = try reader()
    let found = try Self.storage { () throws(HitStorageError) in
      try reader.episodes(meaning: word)
    }
    guard !found.isEmpty else {
      throw CommandFailure.failed(
        "'\(SafeText.terminal(word))' is no case, episode or client that is known; "
          + "see 'ponor infections list'")
    }
    return found
  }

  /// A view with the steps of the work, for showing.
  func report(_ view: EpisodeView, steps: Bool = false) throws -> EpisodeReport {
    var report = EpisodeReport(view)
    guard steps else { return report }
    let reader = try reader()
    report.steps = try Self.storage { () throws(HitStorageError) in
      try reader.transitions(of: view.caseRow.number)
    }.map { .init(time: $0.time, state: $0.to, who: $0.who, note: $0.note) }
    return report
  }

  /// Runs what reads or writes; its failure is one line.
  static func storage<Result>(
    _ body: () throws(HitStorageError) -> Result
  ) throws -> Result {
    do {
      return try body()
    } catch {
      throw CommandFailure.failed(error.message)
    }
  }

  // MARK: - Catching up

  private static func catchUp(_ settings: Settings, _ options: EvidenceOptions) throws {
    if let pending = waitForServer(settings) {
      guard pending > 0 else { return }
      StandardError.write("\(pending) hits are stored but not scored yet")
      return
    }
    let engine = EvidenceEngine(
      dataDirectory: settings.dataDirectory, options: options,
      subscribers: EvidenceSetup.subscribers(settings), now: { UTCClock.microseconds() },
      log: { _, line in StandardError.write(line) })
    while true {
      switch engine.step() {
      case .more: continue
      case .idle: return engine.close()
      case .failed:
        throw CommandFailure.failed(engine.statistics.lastError ?? "hits cannot be scored")
      }
    }
  }

  /// Hits a running server has not scored in time; nil when none runs.
  private static func waitForServer(_ settings: Settings) -> Int? {
    var pending: Int?
    for _ in 0..<attempts {
      guard let body = try? RunningServer.request(settings, "GET", "/status", seconds: 2),
        let status = try? ControlJSON.decode(ServerStatus.self, from: body),
        let evidence = status.evidence
      else { return nil }
      pending = status.hits.pending + evidence.pending
      if pending == 0 || status.hits.lastError != nil || evidence.lastError != nil { break }
      usleep(pauseMicroseconds)
    }
    return pending
  }
}

extension EpisodeReport {
  /// A stored episode as commands show it.
  init(_ view: EpisodeView) {
    self.init(
      id: view.id, caseNumber: view.caseRow.number, facts: view.caseRow.facts,
      suspect: view.suspect, family: view.row.family, first: view.row.first, last: view.row.last,
      isOpen: view.row.isOpen, scope: view.row.scope, devices: view.row.devices,
      verifiedLookups: UInt64(max(0, view.row.verified)), state: view.row.state,
      score: view.score)
  }
}
