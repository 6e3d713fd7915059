import Addressing
import ControlPlane
import DNSServer
import DomainIndex
import EvidenceStore
import Foundation
import Glibc
import HitLog
import Logging
import Operation
import QueryPath
import Recursion
import Settings

/// A server that answers, from its first query to its last.
struct ServerLife {
  /// How long resolutions under way may take to finish when the server stops.
  private static let recursionDrain = Duration.seconds(3)

  private let parts: ServerParts
  private let supervisor: Supervisor
  private let health: HealthWatch
  private let control: ControlPlaneLife
  private let notifier: ServiceNotifier
  private let takeoverPath: String
  private let http: Settings.HTTP
  private let logger: Logger
  private let live: LiveReload
  private let resolution: ResolutionControl?
  private let successor: Successor?
  private let sandbox: [String]
  private let events = ServerEvents()

  init(
    _ settings: Settings, parts: ServerParts, supervisor: Supervisor, fitness: HealthState,
    start: StartUp, logging: LogOutput.Options, logger: Logger
  ) {
    self.parts = parts
    self.supervisor = supervisor
    self.logger = logger
    notifier = start.notifier
    successor = start.successor
    sandbox = start.sandbox.measures
    http = settings.http
    takeoverPath = StartUp.takeoverPath(settings)
    health = HealthWatch(parts: parts, supervisor: supervisor, state: fitness)
    let operation = OperationStatus(
      user: getpwuid(geteuid()).map { String(cString: $0.pointee.pw_name) } ?? "\(geteuid())",
      sandbox: start.sandbox.measures, inheritedSockets: start.inherited)
    let report = StatusReport(
      parts: parts, supervisor: supervisor, started: Date(),
      mode: settings.resolution.mode.rawValue, health: health, operation: operation)
    control = ControlPlaneLife(
      socketPath: ControlClient.socketPath(dataDirectory: settings.dataDirectory), source: report,
      logger: logger)
    let processors = max(1, ProcessInfo.processInfo.activeProcessorCount)
    live = LiveReload(
      parts: parts, control: control, logging: logging, rules: start.sandbox.rules,
      processors: processors)
    resolution = ResolutionControl(parts, settings, processors: processors, logger: logger)
  }

  /// Serves until a signal or a successor ends it, then lets go of everything in order.
  func run() async throws {
    await supervisor.setLiveReload(live.apply)
    await supervisor.attach(resolution)
    try await begin()
    let predecessor = offerSockets()
    notifier.ready(await summary())
    let watchdog = Watchdog(parts: parts, supervisor: supervisor, notifier: notifier)
    let work = [
      Task { [supervisor] in await supervisor.keepCurrent() },
      Task { [health] in await health.run() },
      Task { [watchdog] in await watchdog.run() },
      Task { [resolution] in if let resolution { await resolution.track() } },
      Task { [supervisor] in await supervisor.delivery.run(await supervisor.settings) },
    ]
    let end = await waitForEnd()
    for task in work { task.cancel() }
    await supervisor.delivery.stop()
    switch end {
    case .succeeded: await linger()
    case .stop, .reload: await drain()
    }
    predecessor?.stop()
    await stop(isSucceeded: end == .succeeded)
  }

  /// Starts to answer.
  ///
  /// The control plane comes first, so that whoever gets an answer finds it; only a server that
  /// takes over from another waits until that one has given its own up.
  private func begin() async throws {
    await health.look()
    if let successor {
      try await parts.start()
      try successor.takeOver()
      await control.start(http: http.listen)
    } else {
      await control.start(http: http.listen)
      try await parts.start()
    }
    await supervisor.announceZones()
    let names = await supervisor.index?.nameCount ?? 0
    logger.info(
      "answering",
      metadata: [
        "listen": "\(parts.endpoints.map(\.description).joined(separator: " "))",
        "workers": "\(parts.udp.plan.workers)", "sandbox": "\(sandbox.joined(separator: ", "))",
        "names": "\(names)",
      ])
  }

  private func summary() async -> String {
    let names = await supervisor.index?.nameCount ?? 0
    return "answering, \(names) names listed"
  }

  /// Lets a successor have the sockets; without it a restart only takes longer.
  private func offerSockets() -> Predecessor? {
    let source = TakeoverSource(
      parts: parts, control: control, health: health, logger: logger,
      onSucceeded: { [continuation = events.continuation] in continuation.yield(.succeeded) })
    do throws(HandoverError) {
      return try Predecessor(at: takeoverPath, source: source)
    } catch {
      logger.warning("\(error): no other server can take over from this one")
      return nil
    }
  }

  private func waitForEnd() async -> ServerEvent {
    for await event in events.stream {
      guard event == .reload else { return event }
      await reload()
    }
    return .stop
  }

  private func reload() async {
    notifier.reloading()
    _ = await supervisor.reloadConfiguration()
    notifier.ready(await summary())
  }

  // MARK: - The end

  /// Answers for a while and says by its health that it is going.
  private func drain() async {
    let time = await supervisor.settings.server.drain
    health.beginDraining()
    notifier.stopping("draining")
    logger.info("stopping", metadata: ["drain": "\(time)"])
    guard time > .zero else { return }
    await wait(upTo: time) { false }
  }

  /// Finishes with the TCP connections that are still open; a successor has all else.
  private func linger() async {
    let time = await supervisor.settings.server.linger
    logger.info(
      "another server has taken over", metadata: ["connections": "\(parts.tcp.statistics.open)"])
    await wait(upTo: time) { [parts] in parts.tcp.statistics.open == 0 }
  }

  /// Waits for a time, until `isDone` says so or another signal to stop comes.
  private func wait(upTo time: Duration, until isDone: @escaping @Sendable () -> Bool) async {
    let timer = Task { [continuation = events.continuation] in
      let end = ContinuousClock.now.advanced(by: time)
      while ContinuousClock.now < end, !isDone(), !Task.isCancelled {
        try? await Task.sleep(for: .milliseconds(50))
      }
      continuation.yield(.succeeded)
    }
    for await event in events.stream where event != .reload { break }
    timer.cancel()
  }

  /// Lets go of everything: receiving first, storing last.
  private func stop(isSucceeded: Bool) async {
    await control.stop()
    await supervisor.stopTransfers()
    parts.udp.stop(emptying: !isSucceeded)
    await parts.tcp.stop()
    parts.recursor?.resolvers.stop(drain: Self.recursionDrain)
    supervisor.dnstap.stop()
    CacheFile(await supervisor.settings).save(parts.cache, logger)
    // First who reads the hits: the last to close a database moves its log into the file, and only
    // who may write can do that. What is not scored yet is scored after the next start.
    parts.evidence.stop()
    parts.hits.stop()
  }
}

extension Supervisor {
  /// Looks after index and zones until the task is cancelled.
  fileprivate func keepCurrent() async {
    while !Task.isCancelled {
      await tick()
      try? await Task.sleep(for: settings.index.checkInterval)
    }
  }
}
