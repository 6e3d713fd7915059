import Glibc
package import Hummingbird
package import Logging
package import NIOCore
import Synchronization

/// Serves HTTP at a UNIX socket: who may connect is a matter of the socket's rights.
package struct SocketServer: Sendable {
  let socket: ControlSocket
  let limits: Limits
  let group: any EventLoopGroup
  let logger: Logger

  /// What connections may do.
  package struct Limits: Sendable {
    /// How long one may be idle.
    var idleTimeout: TimeAmount
    /// How many are served at once.
    var connections: Int

    /// Makes limits.
    package init(idleTimeout: TimeAmount, connections: Int) {
      self.idleTimeout = idleTimeout
      self.connections = connections
    }
  }

  /// Takes a path, unless somebody serves it already.
  ///
  /// - Parameters:
  ///   - mode: rights of the socket; who may write to it may connect (unix(7)).
  ///   - group: the event loops to run on.
  package init(
    claiming path: String, mode: UInt32, limits: Limits, on group: any EventLoopGroup,
    logger: Logger
  ) throws(ControlError) {
    self.init(
      socket: try ControlSocket(claiming: path, mode: mode), limits: limits, group: group,
      logger: logger)
  }

  init(socket: ControlSocket, limits: Limits, group: any EventLoopGroup, logger: Logger) {
    self.socket = socket
    self.limits = limits
    self.group = group
    self.logger = logger
  }

  /// Gives the path back; call it when `run` has ended.
  package func withdraw() { socket.withdraw() }

  /// Serves until the task is cancelled or a graceful shutdown is asked for.
  ///
  /// - Parameter onListening: called once the socket is in its place.
  package func run<Context: RequestContext>(
    _ router: Router<Context>, onListening: @escaping @Sendable () -> Void
  ) async throws where Context.Source == ApplicationRequestContextSource {
    let failure = Mutex<ControlError?>(nil)
    let app = Application(
      router: router, server: .http1(configuration: .init(idleTimeout: limits.idleTimeout)),
      configuration: .init(
        address: .unixDomainSocket(path: socket.stagingPath), serverName: nil,
        availableConnectionsDelegate: .maximum(limits.connections, logger: logger)),
      onServerRunning: { channel in
        do throws(ControlError) {
          try socket.publish()
          onListening()
        } catch {
          failure.withLock { $0 = error }
          // A server that nobody can find is none: end it, so that `run` throws.
          channel.close(promise: nil)
        }
      }, eventLoopGroupProvider: .shared(group), logger: logger)
    do {
      try await ControlError.naming(socket.path) { try await app.run() }
    } catch {
      throw failure.withLock { $0 } ?? error
    }
  }
}

extension ControlError {
  /// Names the address in what goes wrong with it.
  static func naming(_ address: String, _ body: () async throws -> Void) async throws {
    do {
      try await body()
    } catch let error as IOError {
      throw ControlError.cannotListen(address, String(cString: strerror(error.errnoCode)))
    }
  }
}
