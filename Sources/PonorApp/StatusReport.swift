import Addressing
import AnswerCache
import ControlPlane
import DNSServer
import DomainIndex
import Evidence
import EvidenceStore
import Foundation
import Glibc
import HitLog
import QueryPath
import Recursion
import Zones

/// Answers the control plane's questions from the two halves of a server.
struct StatusReport: ControlSource {
  let parts: ServerParts
  let supervisor: Supervisor
  let started: Date
  let mode: String
  let health: HealthWatch
  let operation: OperationStatus

  func status() async -> ServerStatus {
    let uptime = Int(Date().timeIntervalSince(started))
    var status = ServerStatus(
      version: ServerVersion.text, pid: getpid(), started: started, uptimeSeconds: uptime,
      mode: mode)
    status.index = await indexStatus()
    status.queries = queryStatus()
    for reason in LimitCounters.Reason.allCases where parts.count(reason) > 0 {
      status.limits[reason.name] = parts.count(reason)
    }
    status.views = parts.state.value.parts.views.others.map(\.parts.name)
    status.tcp = connectionStatus()
    status.hits = hitStatus()
    status.evidence = evidenceStatus()
    status.cache = cacheStatus()
    status.recursion = recursionStatus()
    status.zones = await supervisor.zoneStatuses()
    status.rpz = await supervisor.policyZoneStatuses()
    status.operation = operation
    status.operation?.listening = parts.endpoints.map(\.description)
    status.operation?.unfit = health.reasons
    status.warnings = await supervisor.policyManager.problems
    status.warnings +=
      await supervisor.problems.sorted { $0.key < $1.key }.flatMap(\.value)
      + CookieKeys.problems
    status.rpzOut = await supervisor.rpzOut.statuses
    status.dnstap = supervisor.dnstap.status
    status.delivery = await supervisor.delivery.status(await supervisor.settings)
    status.warnings += supervisor.dnstap.problems
    status.warnings += supervisor.sharing.problems(await supervisor.settings)
    return status
  }

  private func indexStatus() async -> IndexStatus? {
    guard let index = await supervisor.index else { return nil }
    var status = IndexStatus(
      generation: String(index.generation),
      built: Date(timeIntervalSince1970: Double(index.builtAt)),
      windowFrom: Date(timeIntervalSince1970: Double(index.windowFrom)),
      windowTo: Date(timeIntervalSince1970: Double(index.windowTo)))
    status.names = index.nameCount
    status.rows = index.rowCount
    status.families = Set(index.generators.map(\.family)).count
    status.ageSeconds = Int(UTCClock.seconds() - index.builtAt)
    status.bytes = index.fileSize
    if index.windowTo <= UTCClock.seconds() { status.state = "stale" }
    let builds = await supervisor.builds
    status.buildSeconds = builds.seconds
    status.builds = builds.done
    status.failedBuilds = builds.failed
    if builds.held == index.generation {
      status.state = "put back, held until the next rebuild"
    }
    if await supervisor.isBuilding { status.state = "current, building the next" }
    return status
  }

  private func queryStatus() -> QueryStatus {
    var status = QueryStatus()
    status.udp = parts.udpQueries
    let stream = parts.tcp.statistics
    status.dot = stream.dotQueries
    status.doh = stream.dohQueries
    status.tcp = stream.queries - status.dot - status.doh
    status.total = status.udp + stream.queries
    status.byKind.sinkholed = parts.count(.sinkholed)
    status.byKind.nxdomain = parts.count(.nxdomain)
    status.byKind.observed = parts.count(.observed)
    status.byKind.colliding = parts.count(.colliding)
    status.byKind.cacheHit = parts.count(.cacheHit)
    status.byKind.recursed = parts.count(.recursed)
    status.byKind.authoritative = parts.count(.authoritative)
    status.byKind.special = parts.count(.special) + parts.count(.chaos)
    status.byKind.refused = parts.count(.refused)
    status.byKind.formerr = parts.count(.formatError)
    status.byKind.notimp = parts.count(.notImplemented)
    status.byKind.dropped = parts.count(.dropped) + parts.unproxied
    status.byKind.challenged = parts.count(QueryCounters.Kind.challenged)
    status.byKind.policy = parts.count(.policy)
    return status
  }

  private func connectionStatus() -> ConnectionStatus {
    let statistics = parts.tcp.statistics
    var status = ConnectionStatus()
    status.open = statistics.open
    status.accepted = statistics.accepted
    status.refused = statistics.refusedTotal + statistics.refusedPerClient
    status.timeouts = statistics.timeouts
    status.malformed = statistics.malformed
    status.handshakes = statistics.handshakes
    status.failedHandshakes = statistics.failedHandshakes
    status.refusedRequests = statistics.refusedRequests
    return status
  }

  private func hitStatus() -> HitStatus {
    let statistics = parts.hits.statistics
    var status = HitStatus()
    status.appended = Int(truncatingIfNeeded: statistics.appended)
    status.stored = Int(truncatingIfNeeded: statistics.storedRows)
    status.folded = Int(truncatingIfNeeded: statistics.folded)
    status.dropped = Int(truncatingIfNeeded: statistics.dropped)
    status.pending = Int(truncatingIfNeeded: statistics.waiting)
    status.lastError = statistics.lastError
    return status
  }

  private func evidenceStatus() -> EvidenceStatus {
    let statistics = parts.evidence.engine.statistics
    var status = EvidenceStatus()
    status.pending = Int(max(0, parts.hits.statistics.newestRow - statistics.cursor))
    status.scored = Int(truncatingIfNeeded: statistics.folded)
    status.records = Int(truncatingIfNeeded: statistics.records)
    status.newestSequence = Int(statistics.newestSequence)
    for gate in InfectionRecord.Gate.allCases {
      status.open[gate.rawValue] = statistics.open[gate.rank]
    }
    status.quarantined = statistics.quarantined
    status.isRebuilding = statistics.isRebuilding
    status.damagedDatabases = statistics.damagedDatabases
    status.lastStep = statistics.lastStep.map {
      Date(timeIntervalSince1970: Double($0) / Double(UTCTime.microsecondsPerSecond))
    }
    for (state, count) in statistics.attributed {
      status.attributed[state.rawValue] = Int(truncatingIfNeeded: count)
    }
    status.attributionProblem = statistics.attributionProblem
    status.lastError = statistics.lastError
    return status
  }

  private func cacheStatus() -> CacheStatus {
    var status = CacheStatus()
    status.entries = parts.cache.count
    status.bytes = parts.cache.memory
    status.hits = parts.count(.cacheHit)
    status.misses = parts.count(.cacheMiss)
    return status
  }

  private func recursionStatus() -> RecursionStatus {
    var status = RecursionStatus()
    guard let recursor = parts.recursor else { return status }
    let total = recursor.statistics
    status.inFlight = recursor.resolvers.main.inFlight
    status.finished = Int(truncatingIfNeeded: total.answered)
    status.refused = Int(truncatingIfNeeded: total.refused)
    status.servfail = parts.count(.failed)
    return status
  }

  func health() async -> HealthReport { HealthReport(reasons: health.reasons) }

  func metrics() async -> [MetricSample] {
    StatusMetrics.samples(await status()) + ServingMetrics.samples(parts, started: started)
      + StatusMetrics.generations(supervisor.files.generations.count)
  }

  func flush(_ range: FlushRange) async -> VerbResult {
    await CacheFlush(cache: parts.cache, resolution: supervisor.resolution).run(range)
  }

  func rollBack() async -> VerbResult { await supervisor.rollBack() }

  func generations() async -> [GenerationEntry] { await supervisor.generations() }

  func explain(_ query: ExplainQuery) async throws -> Explanation {
    try Explainer(
      settings: await supervisor.settings, state: parts.state, cache: parts.cache,
      hasRecursion: parts.recursor != nil
    ).explain(query)
  }

  func download(_ name: String) async -> ControlDownload? {
    await supervisor.rpzOut.download(name, settings: await supervisor.settings)
  }

  func fetch(_ request: FetchRequest) async -> FetchAnswer? {
    await supervisor.sharing.answer(request, settings: await supervisor.settings)
  }

  func reload() async -> ReloadResult { await supervisor.reloadConfiguration() }
}
