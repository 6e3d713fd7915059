public import Addressing
import CLinuxShims
import Synchronization

/// Every socket the server receives on, whoever opened it.
///
/// The transports get sockets from here and nowhere else, so that all of them can be handed to the
/// next process: the very same sockets, with the queries that wait in them.
public final class ListenSockets: Sendable {
  /// Runs the opening of a socket, on a thread that may bind low ports.
  public typealias Opener = @Sendable (@escaping @Sendable () -> Void) -> Void

  private struct Pool {
    var udp: [SocketEndpoint: [SocketDescriptor]] = [:]
    var tcp: [SocketEndpoint: SocketDescriptor] = [:]
  }

  private let pool: Mutex<Pool>
  /// Addresses whose UDP sockets outlive the process: one more, which would not, would take its
  /// share of the queries with it (`SO_REUSEPORT` spreads them over all).
  private let fixed: Set<SocketEndpoint>
  private let opener: Mutex<Opener>

  /// Begins with the sockets that were inherited.
  ///
  /// - Parameter fixed: addresses to which no further sockets are opened.
  public init(inherited: [InheritedSocket] = [], fixed: Set<SocketEndpoint> = []) {
    self.fixed = fixed
    var pool = Pool()
    for socket in inherited {
      switch socket.kind {
      case .udp:
        ponor_prepare_udp(
          socket.descriptor.number, UDPSocket.wakeMilliseconds, UDPSocket.bufferOctets)
        pool.udp[socket.endpoint, default: []].append(socket.descriptor)
      case .tcp: pool.tcp[socket.endpoint] = socket.descriptor
      }
    }
    self.pool = Mutex(pool)
    opener = Mutex({ body in body() })
  }

  /// Has sockets opened in another way from now on.
  public func setOpener(_ opener: @escaping Opener) {
    self.opener.withLock { $0 = opener }
  }

  // MARK: - Sockets for the transports

  /// The UDP sockets of an address: those there are, and more until there are `wanted`.
  ///
  /// - Returns: at least one; fewer than wanted when the service manager keeps them, or when another
  ///   user opened the first ones, whom the kernel lets nobody join (`SO_REUSEPORT`, socket(7)).
  ///   Workers then share.
  /// - Throws: `SocketError` when there is none and none can be opened.
  public func udp(
    _ endpoint: SocketEndpoint, wanted: Int
  ) throws(SocketError) -> [SocketDescriptor] {
    var sockets = pool.withLock { $0.udp[endpoint] ?? [] }
    while sockets.count < wanted, sockets.isEmpty || !fixed.contains(endpoint) {
      let attempt = opened { () throws(SocketError) in try UDPSocket.open(endpoint) }
      switch attempt {
      case .success(let socket): sockets.append(socket)
      case .failure(let error):
        if sockets.isEmpty { throw error }
        return keep(sockets, endpoint)
      }
    }
    return keep(sockets, endpoint)
  }

  private func keep(
    _ sockets: [SocketDescriptor], _ endpoint: SocketEndpoint
  ) -> [SocketDescriptor] {
    // Port 0 names no socket that could be asked for again.
    if endpoint.port != 0 { pool.withLock { $0.udp[endpoint] = sockets } }
    return sockets
  }

  /// A descriptor of the TCP socket of an address, for the caller to listen on and to close.
  ///
  /// - Returns: the descriptor, and the endpoint with the port the system chose where 0 was asked.
  public func tcp(
    _ endpoint: SocketEndpoint
  ) throws(SocketError) -> (descriptor: Int32, endpoint: SocketEndpoint) {
    var socket = pool.withLock { $0.tcp[endpoint] }
    if socket == nil {
      let attempt = opened { () throws(SocketError) in
        let number = ponor_open_tcp(endpoint.address.high, endpoint.address.low, endpoint.port)
        guard number >= 0 else {
          throw SocketError(endpoint: endpoint, transport: .tcp, errno: -number)
        }
        return SocketDescriptor(owning: number)
      }
      socket = try attempt.get()
    }
    guard let socket else { throw SocketError(endpoint: endpoint, transport: .tcp, errno: 0) }
    let port = ponor_bound_port(socket.number)
    let bound = SocketEndpoint(
      address: endpoint.address, port: UInt16(truncatingIfNeeded: max(port, 0)))
    let copy = ponor_duplicate(socket.number)
    guard copy >= 0 else { throw SocketError(endpoint: endpoint, transport: .tcp, errno: -copy) }
    pool.withLock { $0.tcp[bound] = socket }
    return (copy, bound)
  }

  private func opened(
    _ open: @escaping @Sendable () throws(SocketError) -> SocketDescriptor
  ) -> Result<SocketDescriptor, SocketError> {
    let outcome = OpeningOutcome()
    let opener = opener.withLock { $0 }
    opener {
      do throws(SocketError) {
        let socket = try open()
        outcome.result.withLock { $0 = .success(socket) }
      } catch {
        outcome.result.withLock { $0 = .failure(error) }
      }
    }
    return outcome.result.withLock { $0 }
  }

  // MARK: - Letting go

  /// Lets go of an address that is not listened on any more; what still uses it goes on.
  public func forget(_ endpoint: SocketEndpoint) {
    forget(.udp, endpoint)
    forget(.tcp, endpoint)
  }

  /// Lets go of the sockets of one kind of an address: the kernel turns clients away once nobody
  /// has them open.
  func forget(_ kind: InheritedSocket.Kind, _ endpoint: SocketEndpoint) {
    pool.withLock {
      switch kind {
      case .udp: $0.udp[endpoint] = nil
      case .tcp: $0.tcp[endpoint] = nil
      }
    }
  }

  /// The addresses there are sockets for.
  public var endpoints: Set<SocketEndpoint> {
    pool.withLock { Set($0.udp.keys).union($0.tcp.keys) }
  }

  /// All sockets, for the process that takes over.
  public var all: [InheritedSocket] {
    pool.withLock { pool in
      pool.udp.flatMap { endpoint, sockets in
        sockets.map { InheritedSocket(kind: .udp, endpoint: endpoint, descriptor: $0) }
      }
        + pool.tcp.map { endpoint, socket in
          InheritedSocket(kind: .tcp, endpoint: endpoint, descriptor: socket)
        }
    }
  }
}

/// What came of opening a socket on another thread.
private final class OpeningOutcome: Sendable {
  let result = Mutex<Result<SocketDescriptor, SocketError>>(
    .failure(
      SocketError(
        endpoint: SocketEndpoint(address: IPAddress(high: 0, low: 0), port: 0), transport: .udp,
        errno: 0)))
}
