import Addressing
import ControlPlane
import Logging
import NIOPosix
import ServiceLifecycle

/// The control socket and the HTTP listener of a running server, which come and go apart.
actor ControlPlaneLife {
  private struct Running {
    let group: ServiceGroup
    let task: Task<Void, Never>
  }

  private let source: any ControlSource
  private let socketPath: String
  private let logger: Logger
  private var socket: Running?
  private var http: Running?

  init(socketPath: String, source: any ControlSource, logger: Logger) {
    self.socketPath = socketPath
    self.source = source
    self.logger = logger
  }

  /// Serves the control socket and, if there is one, the HTTP address.
  func start(http endpoint: SocketEndpoint?) async {
    socket = await run(ControlPlaneLife.Place(socketPath: socketPath, http: nil)).running
    if let problem = await listenHTTP(endpoint) { logger.error("\(problem)") }
  }

  /// Serves HTTP at another address, or nowhere.
  ///
  /// - Returns: why not; what was served before then goes on.
  func listenHTTP(_ endpoint: SocketEndpoint?) async -> String? {
    var fresh: Running?
    if let endpoint {
      let (running, problem) = await run(Place(socketPath: nil, http: endpoint))
      if let problem { return problem }
      fresh = running
    }
    await end(http)
    http = fresh
    return nil
  }

  /// Ends both; the control socket's file is gone when this returns.
  func stop() async {
    await end(socket)
    await end(http)
    socket = nil
    http = nil
  }

  private struct Place {
    let socketPath: String?
    let http: SocketEndpoint?
  }

  /// Starts a listener and waits until it takes connections or has failed.
  private func run(_ place: Place) async -> (running: Running?, problem: String?) {
    let (outcome, report) = AsyncStream<String?>.makeStream()
    let server = ControlServer(
      socketPath: place.socketPath,
      http: place.http.map { (host: "\($0.address)", port: Int($0.port)) }, source: source,
      on: MultiThreadedEventLoopGroup.singleton, logger: logger,
      onListening: { _ in report.yield(nil) })
    // The library's own words about starting and stopping add nothing to ours.
    var quiet = logger
    quiet.logLevel = .critical
    let group = ServiceGroup(services: [server], logger: quiet)
    let logger = logger
    let task = Task {
      do {
        try await group.run()
      } catch {
        logger.error("control plane: \(error)")
        report.yield("\(error)")
      }
      report.finish()
    }
    var problem: String? = "control plane: it ended at once"
    for await result in outcome {
      problem = result
      break
    }
    return (Running(group: group, task: task), problem)
  }

  private func end(_ running: Running?) async {
    guard let running else { return }
    await running.group.triggerGracefulShutdown()
    await running.task.value
  }
}
