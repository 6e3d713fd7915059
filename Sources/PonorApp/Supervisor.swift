import CheckedYAML
import ControlPlane
import DGAKit
import DNSServer
import DNSWire
import DomainIndex
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
  private let files: IndexFiles
  private let provenance: IndexProvenance
  private let builder: BuildProcess
  private let logger: Logger
  private(set) var settings: Settings
  private(set) var index: DomainIndex?
  private var zones: ZoneSet
  private var stamp: SourceStamp?
  private(set) var problems: [String: [String]] = [:]
  private(set) var isBuilding = false
  private var isAnotherWanted = false
  nonisolated let published: Published<ServingState>

  /// Opens the newest index and the zones, and publishes the first state.
  init(
    settings: Settings, configuration: String?, files: IndexFiles, provenance: IndexProvenance,
    executable: String, logger: Logger
  ) {
    self.settings = settings
    self.configuration = configuration
    self.files = files
    self.provenance = provenance
    self.logger = logger
    builder = BuildProcess(configuration: configuration, executable: executable)
    let (index, indexProblems) = files.openNewest()
    for problem in indexProblems { logger.error("\(problem)") }
    if let index { provenance.adopt(index) }
    let (zones, zoneErrors) = ZoneSet.load(settings.zoneSources, previous: nil)
    for error in zoneErrors { logger.error("\(error)") }
    self.index = index
    self.zones = zones
    problems["index"] = indexProblems
    problems["zones"] = zoneErrors.map { "\($0)" }
    published = Published(
      ServingState.make(settings, index: index, zones: zones))
  }

  private func publish() {
    published.publish(ServingState.make(settings, index: index, zones: zones))
  }

  // MARK: - Index

  private func now() -> Instant { Instant(unixSeconds: UTCClock.seconds()) }

  /// Builds a first index if there is none, so that the server starts with its names in place.
  func prepareIndex() async {
    if index == nil { await rebuild(reason: "there is none") }
  }

  /// Looks whether a new index is due, and whether zone files have changed.
  func tick() async {
    if zones.needsReload(settings.zoneSources) { reloadZones() }
    let schedule = IndexSchedule(settings)
    let due = index.map { schedule.isDue(windowEnd: $0.windowTo, at: now()) } ?? true
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
    return "\(ServerVersion.text)\n\(window)\n\(inputs)\n\(sourceStamp())\n"
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
    do {
      try files.create()
      let path = files.path(of: generation)
      let report = try await builder.run(output: path, generation: generation, window: window)
      try? note.write(toFile: files.notePath(of: generation), atomically: true, encoding: .utf8)
      adopt(try DomainIndex(path: path), report)
      stamp = before
    } catch {
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

  private func reloadZones() {
    let (zones, errors) = ZoneSet.load(settings.zoneSources, previous: self.zones)
    self.zones = zones
    problems["zones"] = errors.map { "\($0)" }
    for error in errors { logger.error("\(error)") }
    publish()
  }

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
    reloadZones()
    await rebuildIfNeeded(since: before)
    let zoneErrors = problems["zones"] ?? []
    let result = ReloadResult(
      applied: changes.filter { $0.effect == .reload }.map(\.description),
      needsRestart: changes.filter { $0.effect == .restart }.map(\.description),
      errors: zoneErrors)
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
    if inputsChanged || windowChanged || stamp.map({ $0 != sourceStamp() }) ?? true {
      await rebuild(reason: "reload")
    } else {
      publish()
    }
  }
}

extension Settings {
  var zoneSources: [Zones.ZoneSource] {
    zones.compactMap { zone in
      (try? Name(zone.name)).map { Zones.ZoneSource(name: $0, path: zone.file) }
    }
  }
}

extension ServingState {
  static func make(_ settings: Settings, index: DomainIndex?, zones: ZoneSet) -> ServingState {
    let allowed = settings.policy.allowlist.compactMap { try? Name($0) }
    return ServingState(
      Parts(
        policy: Policy(index: index, actions: settings.actionTable, allowed: NameSet(allowed)),
        zones: zones,
        recursionAccess: AccessList(settings.access.recursion),
        sinkholeAccess: AccessList(settings.access.effectiveSinkhole),
        sinkhole: SinkholeAnswers(settings.sinkholeOptions),
        identity: ServerIdentity(
          version: settings.server.version, identifier: settings.server.identity),
        udpPayload: settings.server.udpPayloadSize,
        offersRecursion: settings.resolution.mode != .none))
  }
}

/// What the program calls itself.
package enum ServerVersion {
  /// Version of the program.
  package static let text = "ponor 0.1.0"
}
