package import Addressing
import Synchronization

/// Why a new connection was not taken.
package enum TCPRefusal: Sendable, Equatable {
  /// As many connections as allowed are open.
  case total
  /// This client has as many connections as allowed.
  case client
}

/// How many connections are open, in all and per client; shared by all event loops.
///
/// Locked once when a connection opens and once when it closes, never per query.
package final class TCPCensus: Sendable {
  private struct Counts {
    var total = 0
    var perClient: [IPAddress: Int] = [:]
  }

  private let total: Int
  private let perClient: Int
  private let counts = Mutex(Counts())

  /// Counts nobody yet.
  package init(settings: TCPSettings) {
    total = max(1, settings.connections)
    perClient = max(1, settings.connectionsPerClient)
  }

  /// Whom a connection is counted for: the IPv4 address or the IPv6 /64, since an end site holds at
  /// least that many addresses (RFC 6177).
  package static func client(of address: IPAddress) -> IPAddress {
    address.isIPv4 ? address : IPAddress(high: address.high, low: 0)
  }

  /// Counts a connection of `client` unless a limit is reached; nil means it was counted.
  package func enter(_ client: IPAddress) -> TCPRefusal? {
    counts.withLock { counts in
      // The client's own limit comes first: who is over it must not make room by evicting others.
      let own = counts.perClient[client, default: 0]
      guard own < perClient else { return .client }
      guard counts.total < total else { return .total }
      counts.perClient[client] = own + 1
      counts.total += 1
      return nil
    }
  }

  /// Takes a connection of `client` out of the count.
  package func leave(_ client: IPAddress) {
    counts.withLock { counts in
      counts.total -= 1
      let own = counts.perClient[client, default: 0]
      // An entry at zero is removed, or the table would grow with every client ever seen.
      counts.perClient[client] = own > 1 ? own - 1 : nil
    }
  }

  /// Connections open now.
  package var open: Int { counts.withLock { $0.total } }

  /// Clients with a connection open now.
  package var clients: Int { counts.withLock { $0.perClient.count } }
}
