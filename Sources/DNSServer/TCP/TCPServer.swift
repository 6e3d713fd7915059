package import Addressing
import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// What a TCP server is made of, common to its event loops.
struct TCPServerParts: Sendable {
  let settings: TCPSettings
  let census: TCPCensus
  let gate: TCPGate
  let wallClock: @Sendable () -> Int64
  let makeHandler: @Sendable (Int) -> any QueryHandler
}

/// Why the TCP transport could not start.
package struct TCPServerError: Error, Equatable, CustomStringConvertible {
  /// The address that could not be listened on.
  package let endpoint: SocketEndpoint
  /// What the system said.
  package let reason: String

  /// One line: what, where, and what to do.
  package var description: String {
    "cannot listen on TCP \(endpoint): \(reason); "
      + "free the address or change server.listen"
  }
}

/// DNS over TCP (RFC 7766): listens, frames, limits, and hands each message to a query handler.
///
/// Each event loop is one thread with its own handler, made by the factory on that thread and
/// called there synchronously. Answers go out as they get ready, in any order (§7).
package final class TCPServer: Sendable {
  private let parts: TCPServerParts
  private let group: MultiThreadedEventLoopGroup
  private let counters: [TCPCounters]
  private let loops: Mutex<[ObjectIdentifier: NIOLoopBound<TCPLoop>]> = Mutex([:])
  private let listeners: Mutex<[any Channel]> = Mutex([])

  /// A server that does not listen yet; its threads run until `stop`.
  ///
  /// - Parameters:
  ///   - eventLoops: threads, at least 1.
  ///   - wallClock: microseconds since 1970, UTC; the instant handed to the query handler.
  ///   - makeHandler: makes the handler of event loop 0, 1, …; called on that loop's thread.
  package init(
    settings: TCPSettings, eventLoops: Int, wallClock: @escaping @Sendable () -> Int64,
    makeHandler: @escaping @Sendable (Int) -> any QueryHandler
  ) {
    parts = TCPServerParts(
      settings: settings, census: TCPCensus(settings: settings), gate: TCPGate(),
      wallClock: wallClock, makeHandler: makeHandler)
    group = MultiThreadedEventLoopGroup(numberOfThreads: max(1, eventLoops))
    counters = (0..<max(1, eventLoops)).map { _ in TCPCounters() }
  }

  /// Listens on all of `endpoints`, or on none if one cannot be had.
  ///
  /// - Returns: the endpoints with the ports the system chose where 0 was asked for.
  /// - Throws: `TCPServerError` naming the endpoint; the server is stopped then.
  package func start(on endpoints: [SocketEndpoint]) async throws -> [SocketEndpoint] {
    try await makeLoops()
    var bound: [SocketEndpoint] = []
    for endpoint in endpoints {
      do {
        let channel = try await bind(endpoint)
        listeners.withLock { $0.append(channel) }
        bound.append(channel.localAddress.flatMap { SocketEndpoint($0) } ?? endpoint)
      } catch {
        await stop()
        throw TCPServerError(endpoint: endpoint, reason: Self.describe(error))
      }
    }
    return bound
  }

  /// Stops accepting, waits for answers being worked on up to `drainTimeout`, and closes.
  ///
  /// Answers sent by handlers after that are dropped.
  package func stop() async {
    let open = listeners.withLock { listeners in
      defer { listeners = [] }
      return listeners
    }
    for listener in open { try? await listener.close() }
    let loops = loops.withLock { Array($0.values) }
    for loop in loops { try? await loop.eventLoop.submit { loop.value.drain() }.get() }
    await waitUntilEmpty()
    for loop in loops { try? await loop.eventLoop.submit { loop.value.stop() }.get() }
    while !parts.gate.close() { try? await Task.sleep(for: .milliseconds(1)) }
    self.loops.withLock { $0 = [:] }
    try? await group.shutdownGracefully()
  }

  /// What has been done so far.
  package var statistics: TCPStatistics {
    var sum = TCPStatistics()
    for counters in counters { counters.add(to: &sum) }
    sum.open = parts.census.open
    return sum
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

  private func bind(_ endpoint: SocketEndpoint) async throws -> any Channel {
    let loops = loops.withLock { $0 }
    var bootstrap = ServerBootstrap(group: group)
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
        channel.eventLoop.makeCompletedFuture { try Self.setUp(channel, loops: loops) }
      }
    if !endpoint.address.isIPv4 {
      // One socket per family (RFC 3493 §5.3): an IPv4 client never appears on an IPv6 socket.
      let only = ChannelOptions.Types.SocketOption(level: .ipv6, name: .ipv6_v6only)
      bootstrap = bootstrap.serverChannelOption(only, value: 1)
    }
    return try await bootstrap.bind(to: SocketAddress(endpoint)).get()
  }

  private static func setUp(
    _ channel: any Channel, loops: [ObjectIdentifier: NIOLoopBound<TCPLoop>]
  ) throws {
    guard let loop = loops[ObjectIdentifier(channel.eventLoop)],
      let remote = channel.remoteAddress.flatMap({ SocketEndpoint($0) }),
      let local = channel.localAddress.flatMap({ SocketEndpoint($0) })
    else { throw ChannelError.unknownLocalAddress }
    let connection = TCPConnection(loop: loop.value, remote: remote, local: local)
    try channel.pipeline.syncOperations.addHandler(connection)
  }

  private func waitUntilEmpty() async {
    let clock = ContinuousClock()
    let end = clock.now.advanced(by: parts.settings.drainTimeout)
    while parts.census.open > 0, clock.now < end {
      try? await Task.sleep(for: .milliseconds(5))
    }
  }

  private static func describe(_ error: any Error) -> String {
    guard let error = error as? IOError else { return "\(error)" }
    return String(cString: strerror(error.errnoCode))
  }
}
