import AnswerCache
import ControlPlane
import DNSServer
import DomainIndex
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

  func status() async -> ServerStatus {
    let uptime = Int(Date().timeIntervalSince(started))
    var status = ServerStatus(
      version: ServerVersion.text, pid: getpid(), started: started, uptimeSeconds: uptime,
      mode: mode)
    status.index = await indexStatus()
    status.queries = queryStatus()
    status.tcp = connectionStatus()
    status.hits = hitStatus()
    status.cache = cacheStatus()
    status.recursion = recursionStatus()
    status.zones = parts.state.value.parts.zones.summaries.map {
      ZoneStatus(name: "\($0.name)", serial: $0.serial, records: $0.recordCount)
    }
    status.warnings = await supervisor.problems.values.flatMap { $0 }
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
    if await supervisor.isBuilding { status.state = "current, building the next" }
    return status
  }

  private func queryStatus() -> QueryStatus {
    var status = QueryStatus()
    status.udp = parts.udpQueries
    status.tcp = parts.tcp.statistics.queries
    status.total = status.udp + status.tcp
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
    status.byKind.dropped = parts.count(.dropped)
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

  private func cacheStatus() -> CacheStatus {
    var status = CacheStatus()
    status.entries = parts.cache.count
    status.bytes = parts.cache.memory
    status.hits = parts.count(.cacheHit)
    status.misses = parts.count(.recursed) + parts.count(.overloaded)
    return status
  }

  private func recursionStatus() -> RecursionStatus {
    var status = RecursionStatus()
    guard let total = parts.resolver?.statistics.total else { return status }
    status.inFlight = total.inFlight
    status.finished = Int(truncatingIfNeeded: total.answered)
    status.refused = Int(truncatingIfNeeded: total.refused)
    status.servfail = parts.count(.failed)
    return status
  }

  func health() async -> HealthReport {
    var reasons: [String] = []
    if let index = await supervisor.index {
      if index.windowTo <= UTCClock.seconds() { reasons.append("the index is stale") }
    } else {
      reasons.append("there is no index")
    }
    if let error = parts.hits.statistics.lastError { reasons.append("hits: \(error)") }
    return HealthReport(reasons: reasons)
  }

  func metrics() async -> [MetricSample] { StatusMetrics.samples(await status()) }

  func reload() async -> ReloadResult { await supervisor.reloadConfiguration() }
}
