import CheckedYAML
import ControlPlane
import DGAKit
import DNSServer
import DNSWire
import DomainIndex
import Exporters
import Foundation
import Generation
import ListSources
import Logging
import Policy
import QueryPath
import Settings
import Zones

/// The control half of a server: keeps settings, index and zones, and publishes a new state when
/// one of them changes. No query ever waits for it.
actor Supervisor {
  private let configuration: String?
  let files: IndexFiles
  let provenance: IndexProvenance
  private let builder: BuildProcess
  let logger: Logger
  private(set) var settings: Settings
  var index: DomainIndex?
  private(set) var zones: ZoneSet
  let transfers: ZoneTransfers
  lazy var secondaries = Self.makeSecondaries(
    gate: transfers.gate,
    isPolicy: { [weak self] in await self?.settings.policyCopies.contains($0) ?? false }
  ) { [weak self] apex, event in
    await self?.note(event, about: apex)
  }
  private var lists: ClientLists
  private var stamp: SourceStamp?
  var problems: [String: [String]] = [:]
  private var credentials: TLSCredentials?
  private(set) var isBuilding = false
  var builds = BuildRecord()
  private var isAnotherWanted = false
  private let healthState: HealthState
  private var applyLive: (@Sendable (Settings, Settings) async -> LiveReload.Outcome)?
  nonisolated let published: Published<ServingState>
  private(set) var resolution: ResolutionControl?
  nonisolated let policyManager: PolicyZoneManager
  var policies: PolicyZoneSet?
  nonisolated let rpzOut: RPZOutZones
  nonisolated let dnstap: DnstapControl
  nonisolated let delivery: DeliveryChild
  nonisolated let sharing = SharingDesk()

  /// Opens the newest index and the zones, and publishes the first state.
  init(
    settings: Settings, configuration: String?, files: IndexFiles, provenance: IndexProvenance,
    executable: String, healthState: HealthState, logger: Logger
  ) {
    self.settings = settings
    self.healthState = healthState
    self.configuration = configuration
    self.files = files
    self.provenance = provenance
    self.logger = logger
    policyManager = PolicyZoneManager(dataDirectory: settings.dataDirectory, logger: logger)
    builder = BuildProcess(configuration: configuration, executable: executable)
    dnstap = DnstapControl(provenance)
    delivery = DeliveryChild(configuration: configuration, executable: executable, logger: logger)
    rpzOut = RPZOutZones(dataDirectory: settings.dataDirectory, logger: logger)
    let (index, indexProblems) = files.openNewest()
    for problem in indexProblems { logger.error("\(problem)") }
    if let index { provenance.adopt(index) }
    transfers = ZoneTransfers(logger: logger)
    let (zones, zoneErrors) = ZoneSet.load(
      transfers.sources(settings), previous: nil)
    for error in zoneErrors { logger.error("\(error)") }
    let lists = ClientLists(settings)
    for problem in lists.problems { logger.error("\(problem)") }
    self.index = index
    self.zones = zones
    self.lists = lists
    problems["lists"] = lists.problems
    problems["index"] = indexProblems
    problems["zones"] = zoneErrors.map { "\($0)" }
    published = Published(
      ServingState.make(
        settings, index: index, zones: zones, lists: lists, tap: dnstap.apply(settings),
        health: healthState))
    for problem in CookieKeys.problems { logger.error("\(problem)") }
  }

  func publish() {
    let offered = transfers.update(settings, zones)
    published.publish(
      ServingState.make(
        settings, index: index, zones: zones, lists: lists, policies: policies,
        transfers: offered, tap: dnstap.apply(settings), health: healthState))
  }

  /// Sets what the status says about one topic.
  func setProblems(_ sentences: [String], about topic: String) { problems[topic] = sentences }

  /// Has a reload also change the parts that run.
  func setLiveReload(_ apply: @escaping @Sendable (Settings, Settings) async -> LiveReload.Outcome)
  {
    applyLive = apply
  }

  /// Looks after the certificate of the DNS half from now on.
  func watch(_ credentials: TLSCredentials?) {
    self.credentials = credentials
    refreshCertificate(credentials)
  }

  // MARK: - Index

  func now() -> Instant { Instant(unixSeconds: UTCClock.seconds()) }

  /// Builds a first index if there is none, so that the server starts with its names in place.
  func prepareIndex() async {
    await watchResponsePolicy()
    await updateResponsePolicy()
    if index == nil { await rebuild(reason: "there is none") }
    await updateRPZOut()
  }

  /// Looks whether a new index is due, and whether zone files have changed.
  func tick() async {
    if zones.needsReload(transfers.sources(settings)) { reloadZones() }
    await updateResponsePolicy()
    refreshCertificate(credentials)
    if lists.needsReload(settings) {
      reloadLists()
      publish()
    }
    await updateRPZOut()
    let schedule = IndexSchedule(settings)
    let due = index.map { isDue($0, schedule) } ?? true
    if due { return await rebuild(reason: "the window has moved on") }
    let current = sourceStamp()
    if let stamp, stamp != current {
      let changed = current.changedPaths(since: stamp)
      await rebuild(reason: "changed: \(changed.joined(separator: ", "))")
    } else if stamp == nil {
      await rebuildUnlessCurrent()
    }
  }

  /// After a start: an index made from the same inputs is kept, any other replaced.
  private func rebuildUnlessCurrent() async {
    stamp = sourceStamp()
    let note = index.flatMap {
      try? String(contentsOfFile: files.notePath(of: $0.generation), encoding: .utf8)
    }
    if note != inputsNote() { await rebuild(reason: "made from other inputs") }
  }

  private func sourceStamp() -> SourceStamp {
    SourceStamp(paths: settings.generationInputs.sourcePaths)
  }

  /// What an index is made from, in words that differ when the inputs do.
  private func inputsNote() -> String {
    let inputs = settings.generationInputs
    let window = "\(settings.models.daysBefore) \(settings.models.daysAfter)"
    let names = settings.rpzOut.isEmpty ? "" : "with names\n"
    return "\(ServerVersion.text)\n\(window)\n\(inputs)\n\(sourceStamp())\n\(names)"
  }

  /// Builds a new index in a process of its own and swaps it in.
  func rebuild(reason: String) async {
    // What changes while a build runs is taken up by another one right after it.
    guard !isBuilding else {
      isAnotherWanted = true
      while isBuilding { try? await Task.sleep(for: .milliseconds(50)) }
      return
    }
    isBuilding = true
    repeat {
      isAnotherWanted = false
      await buildOnce(reason: reason)
    } while isAnotherWanted
    isBuilding = false
  }

  private func buildOnce(reason: String) async {
    let generation = UInt64(max(UTCClock.microseconds(), 0))
    let window = IndexSchedule(settings).window(at: now())
    let before = sourceStamp()
    let note = inputsNote()
    logger.info("building an index", metadata: ["reason": "\(reason)"])
    let started = ContinuousClock.now
    do {
      try files.create()
      let path = files.path(of: generation)
      let names = settings.rpzOut.isEmpty ? nil : files.namesPath(of: generation)
      let report = try await builder.run(
        output: path, generation: generation, window: window, names: names)
      try? note.write(toFile: files.notePath(of: generation), atomically: true, encoding: .utf8)
      adopt(try DomainIndex(path: path), report)
      builds.succeeded(after: ContinuousClock.now - started)
      stamp = before
      await updateRPZOut()
    } catch {
      builds.failed += 1
      // Not tried again until something changes or the next check finds the window too short.
      stamp = before
      problems["index"] = ["index not built: \(error)"]
      logger.error("index not built, the one in force stays: \(error)")
    }
  }

  private func adopt(_ index: DomainIndex, _ report: GenerationReport) {
    self.index = index
    provenance.adopt(index)
    publish()
    files.prune(keeping: settings.index.keepGenerations)
    problems["index"] = report.problems
    for problem in report.problems { logger.warning("\(problem)") }
    logger.info(
      "new index in force",
      metadata: [
        "generation": "\(index.generation)", "names": "\(index.nameCount)",
        "colliding": "\(index.collidingCount)", "octets": "\(index.fileSize)",
      ])
  }

  // MARK: - Reload

  private func reloadLists() {
    lists = ClientLists(settings, previous: lists)
    problems["lists"] = lists.problems
    for problem in lists.problems { logger.error("\(problem)") }
  }

  func reloadZones() {
    let (zones, errors) = ZoneSet.load(transfers.sources(settings), previous: self.zones)
    self.zones = zones
    problems["zones"] = errors.map { "\($0)" }
    for error in errors { logger.error("\(error)") }
    publish()
  }

  /// Has changed settings of resolution applied as well.
  func attach(_ resolution: ResolutionControl?) { self.resolution = resolution }

  /// Reads the configuration again and applies what can be applied without a restart.
  func reloadConfiguration() async -> ReloadResult {
    var fresh = Settings()
    if let configuration {
      do {
        let loaded = try ConfigurationFile.load(configuration)
        fresh = loaded.settings
      } catch {
        logger.error("configuration not reloaded, the one in force stays: \(error)")
        return ReloadResult(errors: error.problems.map(\.description))
      }
    }
    let changes = fresh.changes(from: settings)
    let before = settings
    settings = settings.reloading(fresh)
    var live = LiveReload.Outcome(settings: settings)
    if let applyLive { live = await applyLive(before, settings) }
    settings = live.settings
    reloadLists()
    await configureTransfers()
    reloadZones()
    provenance.adopt(policyZones: settings.rpz.map(\.name))
    await updateResponsePolicy()
    refreshCertificate(credentials)
    await rebuildIfNeeded(since: before)
    await updateRPZOut()
    await delivery.apply(settings)
    let open = fresh.changes(from: settings).filter { $0.effect == .restart }
    problems["restart"] = (open.map(\.description) + live.needsRestart).map {
      "not in force: \($0)"
    }
    let cookieErrors = CookieKeys.problems
    for error in cookieErrors { logger.error("\(error)") }
    let zoneErrors =
      ["zones", "lists", "certificate"].flatMap { problems[$0] ?? [] } + cookieErrors
      + (await resolution?.apply(settings) ?? [])
    let result = ReloadResult(
      applied: changes.filter { change in
        change.effect == .reload && !live.refused.contains(change.key)
      }.map(\.description),
      needsRestart: open.map(\.description) + live.needsRestart,
      errors: live.errors + zoneErrors)
    for error in live.errors { logger.error("\(error)") }
    logger.info(
      "configuration reloaded",
      metadata: [
        "applied": "\(result.applied.count)", "needs_restart": "\(result.needsRestart)",
      ])
    return result
  }

  private func rebuildIfNeeded(since before: Settings) async {
    let inputsChanged = "\(before.generationInputs)" != "\(settings.generationInputs)"
    let windowChanged =
      IndexSchedule(before).window(at: now()) != IndexSchedule(settings).window(at: now())
    if inputsChanged || windowChanged || lacksNames || stamp.map({ $0 != sourceStamp() }) ?? true {
      await rebuild(reason: "reload")
    } else {
      publish()
    }
  }
}

/// What the program calls itself.
package enum ServerVersion {
  /// Version of the program.
  package static let text = "ponor \(ProductVersion.text)"
}
