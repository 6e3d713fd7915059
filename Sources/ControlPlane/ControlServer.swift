import Hummingbird
package import Logging
package import NIOCore
import ServiceLifecycle

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
    let server = SocketServer(
      socket: socket, limits: .init(idleTimeout: Self.idleTimeout, connections: Self.connections),
      group: group, logger: logger)
    try await server.run(ControlRouter.make(source, verbs: .all)) {
      onListening(.socket(path: socket.path))
    }
  }

  private func serve(host: String, port: Int) async throws {
    let app = Application(
      router: ControlRouter.make(source, verbs: .readOnly),
      server: .http1(configuration: .init(idleTimeout: Self.idleTimeout)),
      configuration: .init(
        address: .hostname(host, port: port), serverName: nil,
        availableConnectionsDelegate: .maximum(Self.connections, logger: logger)),
      onServerRunning: { channel in
        onListening(.http(host: host, port: channel.localAddress?.port ?? port))
      }, eventLoopGroupProvider: .shared(group), logger: logger)
    try await ControlError.naming("\(host):\(port)") { try await app.run() }
  }
}
