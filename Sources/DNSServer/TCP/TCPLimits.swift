import DNSWire

/// Default bounds of DNS over TCP, each with where it comes from.
///
/// RFC 7766 §6.2.2 and §6.2.3 and RFC 9210 §4.1 and §4.2 speak of limits on connections, per client
/// and on idle time and leave the figures to the operator; these are ours, with the reason for each.
package enum TCPLimits {
  /// Octets of the length that stands before each message (RFC 1035 §4.2.2, RFC 7766 §8).
  package static let lengthOctets = 2
  /// Shortest message that can be answered: the header (RFC 1035 §4.1.1).
  package static let messageOctets = Limits.headerOctets
  /// How long a connection may be idle (RFC 7766 §6.2.3: "on the order of a few seconds"; Unbound
  /// takes 30 s, Knot 10 s).
  package static let idleTimeout = Duration.seconds(10)
  /// How long one message may take from its first octet to its last (RFC 7766 §10: connections held
  /// open to exhaust a server); as long as the idle time-out, so trickling octets gains nothing.
  package static let messageTimeout = Duration.seconds(10)
  /// How long a connection is kept for answers that do not come; ours: longer than a recursive
  /// resolver keeps trying, so that it only meets answers that were lost.
  package static let answerTimeout = Duration.seconds(30)
  /// How long a connection over TLS or HTTP may be idle: longer than over TCP, since opening one
  /// costs both sides a handshake (RFC 7858 §3.4 asks to keep connections open).
  package static let encryptedIdleTimeout = Duration.seconds(30)
  /// How long a TLS handshake may take; ours: three round trips of a bad mobile network.
  package static let handshakeTimeout = Duration.seconds(5)
  /// How long the client's farewell of TLS is waited for, milliseconds; we have sent everything.
  package static let closeMilliseconds: Int64 = 200
  /// TLS handshakes that one client may begin within a second; ours: more than a network behind one
  /// address needs, and a P-256 handshake takes some 0.2 ms, so that it costs 2 % of a processor.
  package static let handshakesPerSecond = 100
  /// Streams of an HTTP/2 connection at a time (RFC 9113 §6.5.2: no fewer than 100).
  package static let streams = 100
  /// Octets of header fields of a request (RFC 9113 §6.5.2): a query in the target takes some
  /// hundred; browsers send no more than 8 KiB.
  package static let headerOctets = 16 * 1024
  /// Queries of one connection being worked on at once (RFC 7766 §6.2.1.1 pipelining); reading
  /// stops there, so TCP itself slows the client.
  package static let outstandingQueries = 64
  /// Connections in all (RFC 7766 §6.2.2, RFC 9210 §4.1); under the 4,096 descriptors that are a
  /// common hard limit.
  package static let connections = 2_048
  /// Connections of one client: an IPv4 address or an IPv6 /64 (RFC 7766 §6.2.2 "any particular
  /// client IP address or subnet"); wide enough for a small network behind one NAT address.
  package static let connectionsPerClient = 64
  /// Octets a client may leave unread: four messages of the largest size.
  package static let unsentOctets = 4 * Limits.messageOctets
  /// Unsent octets at which reading pauses: one message of the largest size.
  package static let unsentPauseOctets = Limits.messageOctets
  /// Octets received but not yet worked on; the receive buffer below keeps an orderly kernel from
  /// ever delivering more.
  package static let unreadOctets = 256 * 1024
  /// Kernel receive buffer per connection: queries are small, and what it holds is memory that a
  /// stranger fills (RFC 7766 §10).
  package static let receiveBufferOctets: Int32 = 64 * 1024
  /// Connections that wait to be accepted; the kernel cuts it to `net.core.somaxconn`.
  package static let backlog: Int32 = 1_024
  /// How long answers still being worked on are waited for when the server stops.
  package static let drainTimeout = Duration.seconds(5)
}

/// The bounds a TCP server keeps to.
package struct TCPSettings: Sendable, Equatable {
  /// Time without a whole message or an answer after which an idle connection is closed.
  package var idleTimeout = TCPLimits.idleTimeout
  /// Time from the first octet of a message to its last.
  package var messageTimeout = TCPLimits.messageTimeout
  /// Time without progress after which a connection that waits for answers is closed.
  package var answerTimeout = TCPLimits.answerTimeout
  /// Time without a query or an answer after which a connection over TLS or HTTP is closed.
  package var encryptedIdleTimeout = TCPLimits.encryptedIdleTimeout
  /// Time a TLS handshake may take.
  package var handshakeTimeout = TCPLimits.handshakeTimeout
  /// Queries of one connection worked on at once, at least 1.
  package var outstandingQueries = TCPLimits.outstandingQueries
  /// Connections in all, at least 1.
  package var connections = TCPLimits.connections
  /// Connections of one IPv4 address or IPv6 /64, at least 1.
  package var connectionsPerClient = TCPLimits.connectionsPerClient
  /// TLS handshakes that one IPv4 address or IPv6 /64 may begin within a second; 0 for no limit.
  package var handshakesPerSecond = TCPLimits.handshakesPerSecond
  /// Octets of answers a client may leave unread before it is cut off.
  package var unsentOctets = TCPLimits.unsentOctets
  /// How long `TCPServer.stop` waits for answers being worked on.
  package var drainTimeout = TCPLimits.drainTimeout

  /// The default bounds of `TCPLimits`.
  package init() {}

  /// The idle time-out that counts for a transport.
  package func idleTimeout(over transport: Transport) -> Duration {
    transport == .tcp ? idleTimeout : encryptedIdleTimeout
  }
}
