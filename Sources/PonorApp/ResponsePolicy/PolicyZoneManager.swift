import CheckedYAML
import ControlPlane
import DNSServer
import DNSWire
import Foundation
import ListSources
import Logging
import PolicyZoneFiles
import QueryPath
import ResponsePolicy
import Settings
import ZoneRecords

/// Policy zones in force and what they share.
struct PolicyZoneSet: Sendable {
  /// All zones in order.
  let policy: ResponsePolicy
  /// What is known of name servers.
  let facts: ServerFactsCache

  /// What the view of this name gets; nil when no zone is for it.
  func stage(forView name: String) -> PolicyStage? {
    policy.restricted(toView: name).map { PolicyStage(policy: $0, facts: facts) }
  }
}

/// Keeps the response policy zones loaded: reads what has changed, aside and off the query threads.
actor PolicyZoneManager {
  /// What is known of one zone.
  private struct State {
    var stamp: FileStatus?
    var isProtecting = true
    var rules: PolicyRules?
    var loadedAt: Date?
    var loadError: String?
    var fetchError: String?
    var nextFetch = Date.distantPast
    var isFetching = false
    var validators: PolicyDownload.Validators?
    var url: String?
  }

  /// Seconds after which a failed fetch is tried again, unless the interval is shorter.
  private static let retry: TimeInterval = 60

  private let directory: String
  private let logger: Logger
  private let key = SipHash.Key.random()
  private let facts = ServerFactsCache()
  private var states: [String: State] = [:]
  private var counters: [String: PolicyZoneCounters] = [:]
  private var sources: [RPZSource] = []
  private var copies = PolicyCopies()
  private var isLoading = false
  private(set) var current: PolicyZoneSet?
  private var changed: (@Sendable () async -> Void)?

  init(dataDirectory: String, logger: Logger) {
    directory = dataDirectory + "/rpz"
    self.logger = logger
  }

  /// Has `body` called when a fetched zone is there to be loaded.
  func whenFetched(_ body: @escaping @Sendable () async -> Void) { changed = body }

  /// Loads what is on disk, and fetches nothing.
  func load(_ sources: [RPZSource]) async {
    self.sources = sources
    for source in sources { _ = await loadIfChanged(source) }
    current = makeSet()
  }

  /// Loads what has changed and starts fetches that are due.
  ///
  /// - Returns: whether there is a new set.
  func update(_ sources: [RPZSource]) async -> Bool {
    // What changes while a load runs is seen by the next check.
    guard !isLoading else { return false }
    isLoading = true
    defer { isLoading = false }
    var isChanged = copies.takeNews() || sources != self.sources
    self.sources = sources
    states = states.filter { name, _ in sources.contains { $0.name == name } }
    for source in sources {
      fetchIfDue(source)
      if await loadIfChanged(source) { isChanged = true }
    }
    if isChanged { current = makeSet() }
    return isChanged
  }

  private func makeSet() -> PolicyZoneSet? {
    let zones = sources.compactMap { source -> PolicyZone? in
      guard let rules = states[source.name]?.rules, let name = try? Name(source.name),
        copies.isUsable(source, name)
      else { return nil }
      return PolicyZone(
        name: name, options: source.options, rules: rules, counters: counters(of: source.name))
    }
    return zones.isEmpty
      ? nil : PolicyZoneSet(policy: ResponsePolicy(zones: zones, key: key), facts: facts)
  }

  private func counters(of name: String) -> PolicyZoneCounters {
    if let known = counters[name] { return known }
    let new = PolicyZoneCounters()
    counters[name] = new
    return new
  }

  // MARK: - Loading

  private func path(of source: RPZSource) -> String {
    if !source.primaries.isEmpty, let name = try? Name(source.name) {
      return PolicyCopies.path(of: name, in: directory)
    }
    return source.file ?? "\(directory)/\(Self.fileName(source.name)).zone"
  }

  /// Notes that a new copy of a zone stands in its file; the next update loads it.
  func noteTransfer(_ apex: Name) { copies.noteTransfer(apex) }

  /// Notes that the rules of a copy must not be used any more, or may again.
  func noteExpired(_ apex: Name, _ isExpired: Bool) { copies.noteExpired(apex, isExpired) }

  /// A name as part of a path, whatever octets it has.
  private static func fileName(_ name: String) -> String {
    let allowed = CharacterSet(charactersIn: "abcdefghijklmnopqrstuvwxyz0123456789-_")
      .union(CharacterSet(charactersIn: "."))
    let text = name.addingPercentEncoding(withAllowedCharacters: allowed) ?? "zone"
    return text.hasPrefix(".") ? "_" + text : text
  }

  private func loadIfChanged(_ source: RPZSource) async -> Bool {
    let path = path(of: source)
    guard let apex = try? Name(source.name) else { return false }
    let stamp = copies.stamp(source, apex, at: path)
    let old = states[source.name] ?? State()
    guard old.stamp != stamp || old.isProtecting != source.protect else { return false }
    // A zone that is fetched for the first time is not missing yet.
    if source.file == nil, !stamp.exists { return false }
    let isProtected = source.protect ? PolicyGuard.refusing(.builtIn) : nil
    let key = key
    let started = ContinuousClock.now
    let result = await Self.aside { () -> Result<PolicyRules, SourceProblem> in
      do throws(SourceProblem) {
        return .success(try Self.read(source, apex, path, key, isProtected))
      } catch {
        return .failure(error)
      }
    }
    var state = states[source.name] ?? State()
    state.isProtecting = source.protect
    defer { states[source.name] = state }
    switch result {
    case .failure(let problem):
      // A file that changed meanwhile is read again at the next check; others when they change.
      state.stamp = copies.stamp(source, apex, at: path) == stamp ? stamp : nil
      state.loadError = "rpz \(source.name): \(problem)"
      logger.error("rpz zone not loaded, its former version stays: \(problem)")
      return false
    case .success(let rules):
      state.stamp = stamp
      state.rules = rules
      state.loadedAt = Date()
      state.loadError = nil
      let seconds = started.duration(to: .now).components
      logger.info(
        "rpz zone loaded",
        metadata: [
          "zone": "\(source.name)", "rules": "\(rules.ruleCount)",
          "skipped": "\(rules.skipped.total)", "octets": "\(rules.memory)",
          "milliseconds":
            "\(seconds.seconds * 1000 + seconds.attoseconds / 1_000_000_000_000_000)",
        ])
      return true
    }
  }

  private static func read(
    _ source: RPZSource, _ apex: Name, _ path: String, _ key: SipHash.Key,
    _ isProtected: PolicyRulesBuilder.Guard?
  ) throws(SourceProblem) -> PolicyRules {
    guard !source.primaries.isEmpty else {
      return try PolicyFile.read(
        path, apex: apex, key: key, isProtected: isProtected,
        sizeLimit: Int(clamping: source.maximumSize.bytes))
    }
    do {
      return try PolicyFile.read(
        RecordFile(path: path, apex: apex), key: key, isProtected: isProtected)
    } catch let error as RecordFileError {
      throw SourceProblem(file: error.path, error.problem)
    } catch {
      throw SourceProblem(file: path, "cannot be read: \(error)")
    }
  }

  /// Runs work of seconds on a thread that nobody else waits for.
  private static func aside<Value: Sendable>(
    _ work: @escaping @Sendable () -> Value
  ) async -> Value {
    await withCheckedContinuation { continuation in
      DispatchQueue.global(qos: .utility).async { continuation.resume(returning: work()) }
    }
  }

  // MARK: - Fetching

  private func fetchIfDue(_ source: RPZSource) {
    guard source.file == nil, let url = source.url else { return }
    var state = states[source.name] ?? State()
    if state.url != url {
      state.url = url
      state.nextFetch = .distantPast
    }
    guard !state.isFetching, state.nextFetch <= Date() else { return }
    state.isFetching = true
    if state.validators == nil { state.validators = readValidators(source) }
    states[source.name] = state
    let path = path(of: source)
    let known = FileManager.default.fileExists(atPath: path) ? state.validators : nil
    let limit = Int(clamping: source.maximumSize.bytes)
    try? FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true)
    Task {
      let outcome = await PolicyDownload.run(url: url, path: path, limit: limit, known: known)
      await self.fetched(source, outcome)
    }
  }

  private func fetched(_ source: RPZSource, _ outcome: PolicyDownload.Outcome) async {
    guard var state = states[source.name] else { return }
    state.isFetching = false
    let interval = TimeInterval(source.interval.components.seconds)
    state.nextFetch = Date() + interval
    state.fetchError = nil
    switch outcome {
    case .unchanged: break
    case .fetched(let validators):
      state.validators = validators
      writeValidators(validators, source)
    case .failed(let problem):
      state.nextFetch = Date() + min(interval, Self.retry)
      state.fetchError = "rpz \(source.name): not fetched from \(source.url ?? ""): \(problem)"
      logger.error("rpz zone not fetched, its former version stays: \(problem)")
    }
    states[source.name] = state
    if case .fetched = outcome { await changed?() }
  }

  private func readValidators(_ source: RPZSource) -> PolicyDownload.Validators? {
    guard let data = FileManager.default.contents(atPath: path(of: source) + ".json") else {
      return nil
    }
    return try? JSONDecoder().decode(PolicyDownload.Validators.self, from: data)
  }

  private func writeValidators(_ validators: PolicyDownload.Validators, _ source: RPZSource) {
    // Lost, it costs one fetch.
    guard let data = try? JSONEncoder().encode(validators) else { return }
    try? data.write(to: URL(filePath: path(of: source) + ".json"), options: .atomic)
  }

  // MARK: - Status

  private static func origin(of source: RPZSource) -> String {
    source.file ?? source.url
      ?? source.primaries.map(\.description).joined(separator: ", ")
  }

  /// What went wrong, one sentence each.
  var problems: [String] {
    sources.flatMap { source in
      let state = states[source.name]
      return [state?.loadError, state?.fetchError].compactMap(\.self)
    }
  }

  /// The zones as status shows them.
  var status: [PolicyZoneStatus] {
    sources.map { source in
      let state = states[source.name]
      var status = PolicyZoneStatus(name: source.name, source: Self.origin(of: source))
      status.error = state?.loadError ?? state?.fetchError
      status.loaded = state?.loadedAt
      if let rules = state?.rules {
        status.serial = rules.serial
        status.rules = rules.ruleCount
        status.bytes = rules.memory
        status.records = rules.recordCount
        for (reason, count) in rules.skipped.present { status.skipped[reason.word] = count }
        status.examples = rules.examples
      }
      if let counters = counters[source.name] {
        for outcome in PolicyOutcome.allCases {
          let count = Int(truncatingIfNeeded: counters[outcome])
          if count > 0 { status.matches[outcome.word] = count }
        }
      }
      return status
    }
  }
}

extension RPZSource {
  /// What the query path needs to know of the zone.
  var options: PolicyZoneOptions {
    var options = PolicyZoneOptions()
    switch policy {
    case .given: options.override = .given
    case .disabled: options.override = .disabled
    case .passthru: options.override = .rule(.passthru)
    case .drop: options.override = .rule(.drop)
    case .nxdomain: options.override = .rule(.nxdomain)
    case .nodata: options.override = .rule(.nodata)
    case .tcpOnly: options.override = .rule(.tcpOnly)
    case .cname:
      // Without a target there is nothing to point to: the name gets no data.
      options.override = target.flatMap { try? Name($0) }.map { .alias($0) } ?? .rule(.nodata)
    }
    options.usesServerNames = serverNames
    options.usesServerAddresses = serverAddresses
    options.explains = error != .none
    let codes: [RPZError: UInt16] = [
      .forged: 4, .blocked: 15, .censored: 16, .filtered: 17, .prohibited: 18,
    ]
    options.extendedError = codes[error].map { ExtendedError(rawValue: $0) }
    options.records = record
    options.comesAfterIndex = afterIndex
    options.views = Set(views)
    return options
  }
}
