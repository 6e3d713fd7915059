import DNSWire

/// Default bounds of DNS over TCP, each with where it comes from.
///
/// RFC 7766 §6.2.2 and §6.2.3 and RFC 9210 §4.1 and §4.2 speak of limits on connections, per client
/// and on idle time and leave the figures to the operator; these are ours, with the reason for each.
public enum TCPLimits {
  /// Octets of the length that stands before each message (RFC 1035 §4.2.2, RFC 7766 §8).
  public static let lengthOctets = 2
  /// Shortest message that can be answered: the header (RFC 1035 §4.1.1).
  public static let messageOctets = Limits.headerOctets
  /// How long a connection may be idle (RFC 7766 §6.2.3: "on the order of a few seconds"; Unbound
  /// takes 30 s, Knot 10 s).
  public static let idleTimeout = Duration.seconds(10)
  /// How long one message may take from its first octet to its last (RFC 7766 §10: connections held
  /// open to exhaust a server); as long as the idle time-out, so trickling octets gains nothing.
  public static let messageTimeout = Duration.seconds(10)
  /// How long a connection is kept for answers that do not come; ours: longer than a recursive
  /// resolver keeps trying, so that it only meets answers that were lost.
  public static let answerTimeout = Duration.seconds(30)
  /// How long a connection over TLS or HTTP may be idle: longer than over TCP, since opening one
  /// costs both sides a handshake (RFC 7858 §3.4 asks to keep connections open).
  public static let encryptedIdleTimeout = Duration.seconds(30)
  /// How long a TLS handshake may take; ours: three round trips of a bad mobile network.
  public static let handshakeTimeout = Duration.seconds(5)
  /// How long the client's farewell of TLS is waited for, milliseconds; we have sent everything.
  public static let closeMilliseconds: Int64 = 200
  /// TLS handshakes that one client may begin within a second; ours: more than a network behind one
  /// address needs, and a P-256 handshake takes some 0.2 ms, so that it costs 2 % of a processor.
  public static let handshakesPerSecond = 100
  /// Streams of an HTTP/2 connection at a time (RFC 9113 §6.5.2: no fewer than 100).
  public static let streams = 100
  /// Octets of header fields of a request (RFC 9113 §6.5.2): a query in the target takes some
  /// hundred; browsers send no more than 8 KiB.
  public static let headerOctets = 16 * 1024
  /// Queries of one connection being worked on at once (RFC 7766 §6.2.1.1 pipelining); reading
  /// stops there, so TCP itself slows the client.
  public static let outstandingQueries = 64
  /// Connections in all (RFC 7766 §6.2.2, RFC 9210 §4.1); under the 4,096 descriptors that are a
  /// common hard limit.
  public static let connections = 2_048
  /// Connections of one client: an IPv4 address or an IPv6 /64 (RFC 7766 §6.2.2 "any particular
  /// client IP address or subnet"); wide enough for a small network behind one NAT address.
  public static let connectionsPerClient = 64
  /// Octets a client may leave unread: four messages of the largest size.
  public static let unsentOctets = 4 * Limits.messageOctets
  /// Unsent octets at which reading pauses: one message of the largest size.
  public static let unsentPauseOctets = Limits.messageOctets
  /// Octets received but not yet worked on; the receive buffer below keeps an orderly kernel from
  /// ever delivering more.
  public static let unreadOctets = 256 * 1024
  /// Kernel receive buffer per connection: queries are small, and what it holds is memory that a
  /// stranger fills (RFC 7766 §10).
  public static let receiveBufferOctets: Int32 = 64 * 1024
  /// Connections that wait to be accepted; the kernel cuts it to `net.core.somaxconn`.
  public static let backlog: Int32 = 1_024
  /// How long answers still being worked on are waited for when the server stops.
  public static let drainTimeout = Duration.seconds(5)
}

/// The bounds a TCP server keeps to.
public struct TCPSettings: Sendable, Equatable {
  /// Time without a whole message or an answer after which an idle connection is closed.
  public var idleTimeout = TCPLimits.idleTimeout
  /// Time from the first octet of a message to its last.
  public var messageTimeout = TCPLimits.messageTimeout
  /// Time without progress after which a connection that waits for answers is closed.
  public var answerTimeout = TCPLimits.answerTimeout
  /// Time without a query or an answer after which a connection over TLS or HTTP is closed.
  public var encryptedIdleTimeout = TCPLimits.encryptedIdleTimeout
  /// Time a TLS handshake may take.
  public var handshakeTimeout = TCPLimits.handshakeTimeout
  /// Queries of one connection worked on at once, at least 1.
  public var outstandingQueries = TCPLimits.outstandingQueries
  /// Connections in all, at least 1.
  public var connections = TCPLimits.connections
  /// Connections of one IPv4 address or IPv6 /64, at least 1.
  public var connectionsPerClient = TCPLimits.connectionsPerClient
  /// TLS handshakes that one IPv4 address or IPv6 /64 may begin within a second; 0 for no limit.
  public var handshakesPerSecond = TCPLimits.handshakesPerSecond
  /// Octets of answers a client may leave unread before it is cut off.
  public var unsentOctets = TCPLimits.unsentOctets
  /// How long `TCPServer.stop` waits for answers being worked on.
  public var drainTimeout = TCPLimits.drainTimeout

  /// The default bounds of `TCPLimits`.
  public init() {}

  /// The idle time-out that counts for a transport.
  public func idleTimeout(over transport: Transport) -> Duration {
    transport == .tcp ? idleTimeout : encryptedIdleTimeout
  }
}
