import Addressing
import DNSServer
import DomainIndex
import Foundation
import Glibc
import HitLog
import Logging
import Operation
import QueryPath
package import Settings

/// Runs a server until it is told to stop.
package enum ServeCommand {
  /// A server with its sockets open and its bounds in force, and not a single thread yet.
  package struct Prepared {
    let settings: Settings
    let configuration: String?
    let processors: Int
    let logging: LogOutput.Options
    let logger: Logger
    var start: StartUp
  }

  /// Takes the first steps, see `StartUp`.
  ///
  /// - Parameters:
  ///   - configuration: path of the file `settings` came from, nil for none.
  ///   - takeover: whether to take the place of the server that runs on the data directory.
  /// - Throws: an error whose description says what to do.
  package static func prepare(
    _ settings: Settings, configuration: String?, takeover: Bool = false
  ) throws -> Prepared {
    ignoreBrokenPipes()
    raiseDescriptorLimit()
    MemoryTuning.apply()
    let logging = LogOutput.Options(settings.log)
    let logger = LogOutput.logger(logging)
    let processors = max(1, ProcessInfo.processInfo.activeProcessorCount)
    let start = try StartUp(
      settings, configuration: configuration, takeover: takeover, processors: processors, logger)
    return Prepared(
      settings: settings, configuration: configuration, processors: processors, logging: logging,
      logger: logger, start: start)
  }

  /// Starts everything, serves, and stops everything.
  ///
  /// - Throws: an error whose description says what to do; nothing is left running.
  package static func run(_ prepared: Prepared) async throws {
    let (settings, logger, processors) = (prepared.settings, prepared.logger, prepared.processors)
    var start = prepared.start
    let threads = ServerParts.Threads(settings, processors: processors)
    let files = IndexFiles(dataDirectory: settings.dataDirectory)
    let provenance = IndexProvenance(files)
    provenance.adopt(policyZones: settings.rpz.map(\.name))
    let fitness = HealthState()
    // A server that is taken over from keeps the hit log until this one has its index.
    var hits: HitLog?
    if start.successor == nil {
      hits = try openHits(settings, threads, provenance, start.lock, logger)
    }
    let supervisor = Supervisor(
      settings: settings, configuration: prepared.configuration, files: files,
      provenance: provenance, executable: executablePath(), healthState: fitness, logger: logger)
    start.notifier.status("preparing the index")
    await supervisor.prepareIndex()
    await supervisor.startTransfers()
    try start.successor?.takeDataDirectory()
    let log = try hits ?? openHits(settings, threads, provenance, nil, logger)
    let parts = try ServerParts(
      settings, state: supervisor.published, hits: log,
      evidence: try EvidenceSetup.service(settings, logger), threads: threads,
      processors: processors, sockets: start.sockets, cache: CacheFile(settings).open(logger))
    await supervisor.watch(parts.credentials)
    try start.confineCalls()
    for problem in start.sandbox.problems { logger.warning("\(problem)") }
    await supervisor.setProblems(start.sandbox.problems, about: "sandbox")
    let life = ServerLife(
      settings, parts: parts, supervisor: supervisor, fitness: fitness, start: start,
      logging: prepared.logging, logger: logger)
    try await life.run()
    logger.info("stopped")
  }

  private static func openHits(
    _ settings: Settings, _ threads: ServerParts.Threads, _ provenance: IndexProvenance,
    _ lock: DataDirectoryLock?, _ logger: Logger
  ) throws -> HitLog {
    var options = HitLogOptions(
      dataDirectory: settings.dataDirectory, ringCount: threads.total)
    options.ringBytes = Int(settings.hits.ringSize.bytes)
    options.hitRetentionDays = settings.hits.retentionDays
    return try HitLog.open(
      options, lock: lock, source: provenance, now: { UTCClock.microseconds() },
      log: { level, message in
        switch level {
        case .notice: logger.notice("\(message)")
        case .warning: logger.warning("\(message)")
        case .error: logger.error("\(message)")
        }
      })
  }

  private static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }

  /// Thousands of TCP connections and outgoing sockets need more than the usual 1,024.
  private static func raiseDescriptorLimit() {
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    _ = setrlimit(resource, &limit)
  }

  /// The program that runs, even when its file has been replaced by a newer one meanwhile: what
  /// builds an index should be of the same version as what reads it, and a confined process may run
  /// no other file.
  private static func executablePath() -> String { "/proc/self/exe" }
}
