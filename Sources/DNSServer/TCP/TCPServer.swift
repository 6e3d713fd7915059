public import Addressing
import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// What a TCP server is made of, common to its event loops.
struct TCPServerParts: Sendable {
  let settings: TCPSettings
  let census: TCPCensus
  let gate: TCPGate
  let credentials: TLSCredentials?
  let dohPath: String
  let wallClock: @Sendable () -> Int64
  let makeHandler: @Sendable (Int) -> any QueryHandler
}

/// A listening socket and where it listens.
private typealias TCPListener = (endpoint: SocketEndpoint, channel: any Channel)

/// Why the TCP transport could not start.
public struct TCPServerError: Error, Equatable, CustomStringConvertible {
  /// The address that could not be listened on.
  public let endpoint: SocketEndpoint
  /// The setting it stands in.
  public let setting: String
  /// What the system said.
  public let reason: String

  /// One line: what, where, and what to do.
  public var description: String {
    "cannot listen on TCP \(endpoint): \(reason); "
      + "free the address or change \(setting)"
  }
}

/// DNS over TCP (RFC 7766): listens, frames, limits, and hands each message to a query handler.
///
/// Each event loop is one thread with its own handler, made by the factory on that thread and
/// called there synchronously. Answers go out as they get ready, in any order (§7).
public final class TCPServer: Sendable {
  private let parts: TCPServerParts
  private let group: MultiThreadedEventLoopGroup
  private let counters: [TCPCounters]
  private let loops: Mutex<[ObjectIdentifier: NIOLoopBound<TCPLoop>]> = Mutex([:])
  private let listeners: Mutex<[TCPListener]> = Mutex([])
  private let sockets: ListenSockets

  /// A server that does not listen yet; its threads run until `stop`.
  ///
  /// - Parameters:
  ///   - eventLoops: threads, at least 1.
  ///   - sockets: where the listening sockets come from.
  ///   - credentials: the certificate; needed for listeners that use TLS.
  ///   - dohPath: where DNS over HTTPS is answered, as it stands in requests.
  ///   - wallClock: microseconds since 1970, UTC; the instant handed to the query handler.
  ///   - makeHandler: makes the handler of event loop 0, 1, …; called on that loop's thread.
  public init(
    settings: TCPSettings, eventLoops: Int, sockets: ListenSockets = ListenSockets(),
    credentials: TLSCredentials? = nil, dohPath: String = "/dns-query",
    wallClock: @escaping @Sendable () -> Int64,
    makeHandler: @escaping @Sendable (Int) -> any QueryHandler
  ) {
    self.sockets = sockets
    parts = TCPServerParts(
      settings: settings, census: TCPCensus(settings: settings), gate: TCPGate(),
      credentials: credentials, dohPath: dohPath, wallClock: wallClock, makeHandler: makeHandler)
    group = MultiThreadedEventLoopGroup(numberOfThreads: max(1, eventLoops))
    counters = (0..<max(1, eventLoops)).map { _ in TCPCounters() }
  }

  /// Listens for plain DNS on all of `endpoints`, or on none if one cannot be had.
  ///
  /// - Returns: the endpoints with the ports the system chose where 0 was asked for.
  /// - Throws: `TCPServerError` naming the endpoint; the server is stopped then.
  public func start(on endpoints: [SocketEndpoint]) async throws -> [SocketEndpoint] {
    try await start(
      on: endpoints.enumerated().map {
        StreamListener($1, .dns, number: UInt8(clamping: $0))
      })
  }

  /// Listens on all of `wanted`, or on none if one cannot be had.
  ///
  /// - Returns: the endpoints with the ports the system chose where 0 was asked for.
  /// - Throws: `TCPServerError` naming the endpoint; the server is stopped then.
  public func start(on wanted: [StreamListener]) async throws -> [SocketEndpoint] {
    try await makeLoops()
    var bound: [SocketEndpoint] = []
    for listener in wanted {
      do {
        bound.append(try await listen(listener))
      } catch {
        await stop()
        throw TCPServerError(
          endpoint: listener.endpoint, setting: listener.service.setting,
          reason: Self.describe(error))
      }
    }
    return bound
  }

  /// Stops accepting, waits for answers being worked on up to `drainTimeout`, and closes.
  ///
  /// Answers sent by handlers after that are dropped.
  public func stop() async {
    await stopAccepting()
    let loops = loops.withLock { Array($0.values) }
    for loop in loops { try? await loop.eventLoop.submit { loop.value.drain() }.get() }
    await waitUntilEmpty()
    for loop in loops { try? await loop.eventLoop.submit { loop.value.stop() }.get() }
    while !parts.gate.close() { try? await Task.sleep(for: .milliseconds(1)) }
    self.loops.withLock { $0 = [:] }
    try? await group.shutdownGracefully()
  }

  /// What has been done so far.
  public var statistics: TCPStatistics {
    var sum = TCPStatistics()
    for counters in counters { counters.add(to: &sum) }
    sum.open = parts.census.open
    sum.openDoT = parts.census.open(over: .dot)
    sum.openDoH = parts.census.open(over: .doh)
    return sum
  }
}

// MARK: - Changes while it runs

extension TCPServer {
  /// Listens for plain DNS on one more address.
  ///
  /// - Parameter number: its place among the listening addresses.
  /// - Returns: the endpoint with the port the system chose where 0 was asked for.
  /// - Throws: the system's reason.
  public func listen(on endpoint: SocketEndpoint, number: UInt8 = 0) async throws
    -> SocketEndpoint
  {
    try await listen(StreamListener(endpoint, .dns, number: number))
  }

  private func listen(_ listener: StreamListener) async throws -> SocketEndpoint {
    let (channel, bound) = try await bind(listener)
    listeners.withLock { $0.append((bound, channel)) }
    return bound
  }

  /// Takes no more connections at an address; those that are open go on.
  public func stopListening(on endpoint: SocketEndpoint) async {
    let closed = listeners.withLock { listeners in
      defer { listeners.removeAll { $0.endpoint == endpoint } }
      return listeners.filter { $0.endpoint == endpoint }
    }
    await close(closed)
  }

  /// Takes no more connections; those that are open go on.
  public func stopAccepting() async {
    let open = listeners.withLock { listeners in
      defer { listeners = [] }
      return listeners
    }
    await close(open)
  }

  private func close(_ listeners: [TCPListener]) async {
    for listener in listeners {
      try? await listener.channel.close()
      sockets.forget(.tcp, listener.endpoint)
    }
  }

  /// Sets other limits: those on numbers at once, those of a connection for new connections.
  public func update(_ settings: TCPSettings) async {
    parts.census.update(settings)
    for loop in loops.withLock({ Array($0.values) }) {
      try? await loop.eventLoop.submit { loop.value.update(settings) }.get()
    }
  }

  /// Whether all event loops still turn, asked with a patience.
  public func isAlive(within patience: Duration) async -> Bool {
    let loops = loops.withLock { Array($0.values) }
    return await withTaskGroup(of: Bool.self) { tasks in
      tasks.addTask {
        for loop in loops { try? await loop.eventLoop.submit {}.get() }
        return true
      }
      tasks.addTask {
        try? await Task.sleep(for: patience)
        return false
      }
      let first = await tasks.next() ?? false
      tasks.cancelAll()
      return first
    }
  }
}

// MARK: - Setting up

extension TCPServer {
  private func makeLoops() async throws {
    for (index, eventLoop) in group.makeIterator().enumerated() {
      let (parts, counters) = (parts, counters[index])
      let loop = try await eventLoop.submit {
        let loop = TCPLoop(eventLoop: eventLoop, server: parts, counters: counters, index: index)
        loop.startSweeping()
        return NIOLoopBound(loop, eventLoop: eventLoop)
      }.get()
      loops.withLock { $0[ObjectIdentifier(eventLoop)] = loop }
    }
  }

  private func bind(
    _ listener: StreamListener
  ) async throws -> (channel: any Channel, endpoint: SocketEndpoint) {
    let endpoint = listener.endpoint
    let loops = loops.withLock { $0 }
    let (descriptor, bound) = try sockets.tcp(endpoint)
    let bootstrap = ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: TCPLimits.backlog)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .serverChannelOption(.socketOption(.so_rcvbuf), value: .init(TCPLimits.receiveBufferOctets))
      .serverChannelInitializer { channel in
        // Out of descriptors: accept again a second later instead of spinning.
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(
            AcceptBackoffHandler(shouldForwardIOErrorCaught: false))
        }
      }
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelOption(
        .writeBufferWaterMark,
        value: .init(low: TCPLimits.unsentPauseOctets / 2, high: TCPLimits.unsentPauseOctets)
      )
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try Self.setUp(channel, listener, loops: loops) }
      }
    let channel = try await bootstrap.withBoundSocket(descriptor).get()
    // NIO listens on a bound socket before it knows the option; listening again sets the length.
    _ = Glibc.listen(descriptor, TCPLimits.backlog)
    return (channel, bound)
  }

  private static func setUp(
    _ channel: any Channel, _ listener: StreamListener,
    loops: [ObjectIdentifier: NIOLoopBound<TCPLoop>]
  ) throws {
    guard let loop = loops[ObjectIdentifier(channel.eventLoop)],
      let remote = channel.remoteAddress.flatMap({ SocketEndpoint($0) }),
      let local = channel.localAddress.flatMap({ SocketEndpoint($0) })
    else { throw ChannelError.unknownLocalAddress }
    let client = Client(
      remote: remote, local: local, transport: listener.service.transport,
      listener: listener.number)
    let install: (Client) throws -> Void = { client in
      try StreamPipeline.build(channel, listener.service, client, loop.value)
    }
    guard loop.value.handler.expectsProxyHeader(from: remote.address) else {
      return try install(client)
    }
    let preamble = ProxyPreamble(loop: loop.value, client: client, install: install)
    try channel.pipeline.syncOperations.addHandler(preamble)
  }

  private func waitUntilEmpty() async {
    let clock = ContinuousClock()
    let end = clock.now.advanced(by: parts.settings.drainTimeout)
    while parts.census.open > 0, clock.now < end {
      try? await Task.sleep(for: .milliseconds(5))
    }
  }

  private static func describe(_ error: any Error) -> String {
    if let error = error as? SocketError { return systemErrorText(error.errno) }
    guard let error = error as? IOError else { return "\(error)" }
    return String(cString: strerror(error.errnoCode))
  }
}
