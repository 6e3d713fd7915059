package import Addressing
package import DNSWire

/// How a query reached us.
package enum Transport: UInt8, Sendable, Hashable, CaseIterable {
  /// Plain DNS over UDP: the client's address may be forged.
  case udp = 0
  /// Plain DNS over TCP.
  case tcp = 1
  /// DNS over TLS (RFC 7858).
  case dot = 2
  /// DNS over HTTPS (RFC 8484).
  case doh = 3
}

/// Who asked, where, and over what.
package struct Client: Sendable {
  /// The client's address and port.
  package var remote: SocketEndpoint
  /// The address and port of ours the query came to.
  package var local: SocketEndpoint
  /// The transport.
  package var transport: Transport

  /// Describes a client.
  @inlinable package init(remote: SocketEndpoint, local: SocketEndpoint, transport: Transport) {
    self.remote = remote
    self.local = local
    self.transport = transport
  }
}

/// Where an answer that could not be given at once is sent later, from any thread.
package protocol ReplySink: AnyObject, Sendable {
  /// Sends `message` to `client`; called at most once per query, never blocks, may drop.
  func send(_ message: Span<UInt8>, to client: Client)
}

/// What became of a query.
package enum HandlerOutcome: Sendable, Equatable {
  /// The answer stands in the writer.
  case reply
  /// Nothing is sent.
  case drop
  /// The handler keeps the sink and will send through it.
  case pending
}

/// The function from (packet, peer, instant) to reply that every transport calls.
///
/// A handler belongs to one thread: each UDP worker and each TCP event loop has its own.
package protocol QueryHandler: AnyObject {
  /// Answers one message.
  ///
  /// - Parameters:
  ///   - packet: the message without any length prefix.
  ///   - now: microseconds since 1970, UTC.
  ///   - reply: receives the answer; over UDP the handler also keeps to the client's EDNS size.
  ///   - sink: kept only when the result is `.pending`.
  func handle(
    _ packet: Span<UInt8>, from client: Client, at now: Int64, reply: inout WireWriter,
    sink: any ReplySink
  ) -> HandlerOutcome
}
