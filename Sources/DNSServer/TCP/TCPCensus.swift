public import Addressing
import Synchronization

/// Why a new connection was not taken.
public enum TCPRefusal: Sendable, Equatable {
  /// As many connections as allowed are open.
  case total
  /// This client has as many connections as allowed.
  case client
  /// This client has begun as many TLS handshakes within this second as allowed.
  case handshakes
}

/// How many connections are open, in all and per client; shared by all event loops.
///
/// Locked once when a connection opens and once when it closes, never per query.
public final class TCPCensus: Sendable {
  private struct Counts {
    var total = 0
    var perClient: [IPAddress: Int] = [:]
    var perTransport = [Int](repeating: 0, count: Transport.allCases.count)
    /// TLS handshakes begun within `second`, by client; no longer than the connections of a second.
    var handshakes: [IPAddress: Int] = [:]
    var second: Int64 = 0
    var handshakeLimit: Int
    var totalLimit: Int
    var perClientLimit: Int

    /// Counts a handshake unless the client has begun as many as allowed within this second.
    mutating func takeHandshake(_ client: IPAddress, at second: Int64) -> Bool {
      guard handshakeLimit > 0 else { return true }
      if second != self.second {
        self.second = second
        handshakes.removeAll(keepingCapacity: handshakes.count < 1_024)
      }
      let begun = handshakes[client, default: 0]
      guard begun < handshakeLimit else { return false }
      handshakes[client] = begun + 1
      return true
    }
  }

  private let counts: Mutex<Counts>

  /// Counts nobody yet.
  public init(settings: TCPSettings) {
    counts = Mutex(
      Counts(
        handshakeLimit: settings.handshakesPerSecond,
        totalLimit: max(1, settings.connections),
        perClientLimit: max(1, settings.connectionsPerClient)))
  }

  /// Sets other limits; connections beyond them stay open.
  public func update(_ settings: TCPSettings) {
    counts.withLock {
      $0.handshakeLimit = settings.handshakesPerSecond
      $0.totalLimit = max(1, settings.connections)
      $0.perClientLimit = max(1, settings.connectionsPerClient)
    }
  }

  /// Whom a connection is counted for: the IPv4 address or the IPv6 /64, since an end site holds at
  /// least that many addresses (RFC 6177).
  public static func client(of address: IPAddress) -> IPAddress {
    address.isIPv4 ? address : IPAddress(high: address.high, low: 0)
  }

  /// Counts a connection of `client` unless a limit is reached; nil means it was counted.
  ///
  /// - Parameter handshakeAt: the second at which it begins a TLS handshake, of any monotonic clock;
  ///   nil when there is none.
  public func enter(
    _ client: IPAddress, over transport: Transport = .tcp, handshakeAt second: Int64? = nil
  ) -> TCPRefusal? {
    counts.withLock { counts in
      // The client's own limit comes first: who is over it must not make room by evicting others.
      let own = counts.perClient[client, default: 0]
      guard own < counts.perClientLimit else { return .client }
      if let second, !counts.takeHandshake(client, at: second) { return .handshakes }
      guard counts.total < counts.totalLimit else { return .total }
      counts.perClient[client] = own + 1
      counts.total += 1
      counts.perTransport[Int(transport.rawValue)] += 1
      return nil
    }
  }

  /// Takes a connection of `client` out of the count.
  public func leave(_ client: IPAddress, over transport: Transport = .tcp) {
    counts.withLock { counts in
      counts.total -= 1
      counts.perTransport[Int(transport.rawValue)] -= 1
      let own = counts.perClient[client, default: 0]
      // An entry at zero is removed, or the table would grow with every client ever seen.
      counts.perClient[client] = own > 1 ? own - 1 : nil
    }
  }

  /// Connections open now.
  public var open: Int { counts.withLock { $0.total } }

  /// Connections open now over one transport.
  public func open(over transport: Transport) -> Int {
    counts.withLock { $0.perTransport[Int(transport.rawValue)] }
  }

  /// Clients with a connection open now.
  public var clients: Int { counts.withLock { $0.perClient.count } }
}
