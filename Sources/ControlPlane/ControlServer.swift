import Glibc
import Hummingbird
package import Logging
package import NIOCore
import ServiceLifecycle
import Synchronization

/// Where the control plane listens.
package enum ControlListener: Sendable, Hashable {
  /// A UNIX socket, all verbs.
  case socket(path: String)
  /// A TCP address, read-only verbs.
  case http(host: String, port: Int)
}

/// Serves the control plane on a UNIX socket and, if wanted, read-only on a TCP address.
package struct ControlServer: Service {
  /// Connections served at once on each listener: people and monitors, never many.
  package static let connections = 64
  /// How long a connection may be idle.
  package static let idleTimeout = TimeAmount.seconds(30)

  private let socketPath: String?
  private let http: (host: String, port: Int)?
  private let source: any ControlSource
  private let group: any EventLoopGroup
  private let logger: Logger
  private let onListening: @Sendable (ControlListener) -> Void

  /// A control plane that does not listen yet.
  ///
  /// - Parameters:
  ///   - socketPath: of the UNIX socket, nil for none.
  ///   - http: the address of `http.listen`, nil for none; port 0 lets the system choose.
  ///   - group: the event loops to run on; one is plenty.
  ///   - onListening: called once per listener as soon as it takes connections.
  package init(
    socketPath: String?, http: (host: String, port: Int)?, source: any ControlSource,
    on group: any EventLoopGroup, logger: Logger,
    onListening: @escaping @Sendable (ControlListener) -> Void = { _ in }
  ) {
    self.socketPath = socketPath
    self.http = http
    self.source = source
    self.group = group
    self.onListening = onListening
    var quieter = logger
    // Hummingbird logs each start at `info`; the server has its own words for that.
    quieter.logLevel = max(logger.logLevel, .warning)
    self.logger = quieter
  }

  /// Serves until the task is cancelled or a graceful shutdown is asked for.
  ///
  /// - Throws: `ControlError` when the socket or the address cannot be had.
  package func run() async throws {
    let socket = try socketPath.map { path throws(ControlError) in
      try ControlSocket(claiming: path)
    }
    defer { socket?.withdraw() }
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      if let socket { tasks.addTask { try await serve(socket) } }
      if let http { tasks.addTask { try await serve(host: http.host, port: http.port) } }
      try await tasks.waitForAll()
    }
  }

  private func serve(_ socket: ControlSocket) async throws {
    let failure = Mutex<ControlError?>(nil)
    let app = application(.all, at: .unixDomainSocket(path: socket.stagingPath)) { channel in
      do throws(ControlError) {
        try socket.publish()
        onListening(.socket(path: socket.path))
      } catch {
        failure.withLock { $0 = error }
        // A server that nobody can find is none: end it, so that `run` throws.
        channel.close(promise: nil)
      }
    }
    do {
      try await naming(socket.path) { try await app.run() }
    } catch {
      throw failure.withLock { $0 } ?? error
    }
  }

  private func serve(host: String, port: Int) async throws {
    let app = application(.readOnly, at: .hostname(host, port: port)) { channel in
      onListening(.http(host: host, port: channel.localAddress?.port ?? port))
    }
    try await naming("\(host):\(port)") { try await app.run() }
  }

  private func naming(_ address: String, _ body: () async throws -> Void) async throws {
    do {
      try await body()
    } catch let error as IOError {
      throw ControlError.cannotListen(address, String(cString: strerror(error.errnoCode)))
    }
  }

  private func application(
    _ verbs: ControlRouter.Verbs, at address: BindAddress,
    onRunning: @escaping @Sendable (any Channel) async -> Void
  ) -> some ApplicationProtocol {
    Application(
      router: ControlRouter.make(source, verbs: verbs),
      server: .http1(configuration: .init(idleTimeout: Self.idleTimeout)),
      configuration: .init(
        address: address, serverName: nil,
        availableConnectionsDelegate: .maximum(Self.connections, logger: logger)),
      onServerRunning: onRunning, eventLoopGroupProvider: .shared(group), logger: logger)
  }
}
