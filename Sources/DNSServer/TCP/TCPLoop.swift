import Addressing
import NIOCore

/// What the connections of one event loop share; used on that loop only.
final class TCPLoop {
  let eventLoop: any EventLoop
  let handler: any QueryHandler
  private(set) var settings: TCPSettings
  let census: TCPCensus
  let counters: TCPCounters
  let gate: TCPGate
  let credentials: TLSCredentials?
  let dohPath: String
  let reply = ReplyBuffer()
  /// Microseconds since 1970, for the query handler.
  let wallClock: @Sendable () -> Int64
  private(set) var connections = TCPConnectionList()
  private(set) var isDraining = false
  private var sweeper: RepeatedTask?

  /// Connections looked at for one that may be closed before a new one is refused.
  private static let evictionAttempts = 32

  init(eventLoop: any EventLoop, server: TCPServerParts, counters: TCPCounters, index: Int) {
    self.eventLoop = eventLoop
    self.counters = counters
    settings = server.settings
    census = server.census
    gate = server.gate
    credentials = server.credentials
    dohPath = server.dohPath
    wallClock = server.wallClock
    handler = server.makeHandler(index)
  }

  /// Nanoseconds of the monotonic clock.
  var now: Int64 { Int64(NIODeadline.now().uptimeNanoseconds) }

  // MARK: Opening and closing

  /// Counts a new connection; false means it must be closed.
  ///
  /// When as many as allowed are open, the one of this loop that has been silent longest and waits
  /// for no answer makes room: whoever opens connections and leaves them unused cannot lock others
  /// out. Who has reached the client's own limit is refused, since only their own would suffer.
  func admit(_ connection: StreamConnection) -> Bool {
    counters.accept(over: connection.client.carrier)
    guard !isDraining else { return false }
    let (key, carrier) = (connection.censusKey, connection.client.carrier)
    let second = connection.usesTLS ? now / 1_000_000_000 : nil
    var refusal = census.enter(key, over: carrier, handshakeAt: second)
    if refusal == .total, evict() { refusal = census.enter(key, over: carrier) }
    switch refusal {
    case .handshakes:
      counters.refusedHandshakes.increment()
      return false
    case .client:
      counters.refusedPerClient.increment()
      return false
    case .total:
      counters.refusedTotal.increment()
      return false
    case nil:
      connections.append(connection)
      return true
    }
  }

  /// Forgets a connection that `admit` took.
  func remove(_ connection: StreamConnection) {
    connections.remove(connection)
    census.leave(connection.censusKey, over: connection.client.carrier)
  }

  /// Moves a connection behind all others, as the one active last.
  func touch(_ connection: StreamConnection) { connections.moveToEnd(connection) }

  private func evict() -> Bool {
    guard let victim = connections.first(of: Self.evictionAttempts, where: { $0.isEvictable })
    else { return false }
    victim.close(.evicted)
    return true
  }

  // MARK: Time and the end

  /// Begins to look for connections whose time is over.
  func startSweeping() {
    let interval = Self.sweepInterval(settings)
    let bound = NIOLoopBound(self, eventLoop: eventLoop)
    sweeper = eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
      bound.value.sweep()
    }
  }

  /// Sets other limits for connections from now on.
  func update(_ settings: TCPSettings) {
    self.settings = settings
    sweeper?.cancel()
    startSweeping()
  }

  /// A quarter of the shortest limit, within 10 ms and 1 s: so late a time-out may be.
  static func sweepInterval(_ settings: TCPSettings) -> TimeAmount {
    let shortest = min(
      settings.idleTimeout, settings.messageTimeout, settings.answerTimeout,
      settings.handshakeTimeout, settings.encryptedIdleTimeout)
    let quarter = TCPConnectionState.nanoseconds(shortest) / 4
    return .nanoseconds(min(max(quarter, 10_000_000), 1_000_000_000))
  }

  private func sweep() {
    let now = now
    connections.forEach { $0.expire(at: now) }
  }

  /// Takes no more queries; connections close as their answers go out.
  func drain() {
    isDraining = true
    connections.forEach { $0.drain() }
  }

  /// Closes whatever is left.
  func stop() {
    sweeper?.cancel()
    sweeper = nil
    connections.forEach { $0.close(.shutdown) }
  }
}
