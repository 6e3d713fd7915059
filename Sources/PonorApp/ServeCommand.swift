import Addressing
import ControlPlane
import DNSServer
import Dispatch
import DomainIndex
import Foundation
import Glibc
import HitLog
import Logging
import NIOCore
import NIOPosix
import Recursion
import ServiceLifecycle
package import Settings

/// Runs a server until it is told to stop.
package enum ServeCommand {
  /// How long questions under way may take to finish when the server stops.
  private static let drain = Duration.seconds(3)

  /// Starts everything, serves, and stops everything.
  ///
  /// - Parameters:
  ///   - configuration: path of the file `settings` came from, nil for none.
  /// - Throws: an error whose description says what to do; nothing is left running.
  package static func run(_ settings: Settings, configuration: String?) async throws {
    ignoreBrokenPipes()
    raiseDescriptorLimit()
    let logger = LogOutput.logger(settings.log)
    let started = Date()
    let processors = max(1, ProcessInfo.processInfo.activeProcessorCount)
    let threads = ServerParts.Threads(settings, processors: processors)
    let files = IndexFiles(dataDirectory: settings.dataDirectory)
    let provenance = IndexProvenance(files)
    let hits = try openHits(settings, threads, provenance, logger)
    let supervisor = Supervisor(
      settings: settings, configuration: configuration, files: files, provenance: provenance,
      executable: executablePath(), logger: logger)
    await supervisor.prepareIndex()
    let parts = try ServerParts(
      settings, state: supervisor.published, hits: hits, threads: threads,
      processors: processors)
    let running = try await parts.start()
    let names = await supervisor.index?.nameCount ?? 0
    logger.info(
      "answering",
      metadata: [
        "listen": "\(parts.endpoints.map(\.description).joined(separator: " "))",
        "workers": "\(threads.workers)", "names": "\(names)",
      ])
    let report = StatusReport(
      parts: parts, supervisor: supervisor, started: started,
      mode: settings.resolution.mode.rawValue)
    await serve(settings, supervisor, report, logger)
    logger.info("stopping")
    parts.stopReceiving()
    for thread in running { thread.join() }
    await parts.tcp.stop()
    parts.resolver?.stop(drain: drain)
    hits.stop()
    logger.info("stopped")
  }

  private static func openHits(
    _ settings: Settings, _ threads: ServerParts.Threads, _ provenance: IndexProvenance,
    _ logger: Logger
  ) throws -> HitLog {
    var options = HitLogOptions(
      dataDirectory: settings.dataDirectory, ringCount: threads.total)
    options.ringBytes = Int(settings.hits.ringSize.bytes)
    options.hitRetentionDays = settings.hits.retentionDays
    return try HitLog.open(
      options, source: provenance, now: { UTCClock.microseconds() },
      log: { level, message in
        switch level {
        case .notice: logger.notice("\(message)")
        case .warning: logger.warning("\(message)")
        case .error: logger.error("\(message)")
        }
      })
  }

  /// Waits for the signal to stop, and meanwhile looks after index, reloads and the control plane.
  private static func serve(
    _ settings: Settings, _ supervisor: Supervisor, _ report: StatusReport, _ logger: Logger
  ) async {
    let signals = SignalStream([SIGTERM, SIGINT, SIGHUP])
    let control = controlGroup(settings, report, logger)
    let controlTask = Task { await run(control, logger) }
    let clock = Task {
      while !Task.isCancelled {
        await supervisor.tick()
        try? await Task.sleep(for: await supervisor.settings.index.checkInterval)
      }
    }
    for await signal in signals.stream {
      guard signal == SIGHUP else { break }
      _ = await supervisor.reloadConfiguration()
    }
    clock.cancel()
    await control.triggerGracefulShutdown()
    await controlTask.value
  }

  private static func controlGroup(
    _ settings: Settings, _ report: StatusReport, _ logger: Logger
  ) -> ServiceGroup {
    let server = ControlServer(
      socketPath: ControlClient.socketPath(dataDirectory: settings.dataDirectory),
      http: settings.http.listen.map { (host: "\($0.address)", port: Int($0.port)) },
      source: report, on: MultiThreadedEventLoopGroup.singleton, logger: logger)
    // The library's own words about starting and stopping add nothing to ours.
    var quiet = logger
    quiet.logLevel = .critical
    return ServiceGroup(services: [server], logger: quiet)
  }

  private static func run(_ control: ServiceGroup, _ logger: Logger) async {
    do {
      try await control.run()
    } catch {
      logger.error("control plane: \(error)")
    }
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

  private static func executablePath() -> String {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      ?? CommandLine.arguments[0]
  }
}

/// The signals a process gets, as a stream.
private struct SignalStream {
  let stream: AsyncStream<Int32>
  private let sources: [any DispatchSourceSignal]

  init(_ numbers: [Int32]) {
    let (stream, continuation) = AsyncStream<Int32>.makeStream()
    self.stream = stream
    sources = numbers.map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { continuation.yield(number) }
      source.resume()
      return source
    }
  }
}
