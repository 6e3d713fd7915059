public import Addressing
public import DNSWire
public import DoHMessages

/// How a query reached us.
public enum Transport: UInt8, Sendable, Hashable, CaseIterable {
  /// Plain DNS over UDP: the client's address may be forged.
  case udp = 0
  /// Plain DNS over TCP.
  case tcp = 1
  /// DNS over TLS (RFC 7858).
  case dot = 2
  /// DNS over HTTPS (RFC 8484).
  case doh = 3

  /// Whether it is plain UDP; asked several times per query, and so not by the generic operator.
  @inlinable public var isUDP: Bool {
    if case .udp = self { true } else { false }
  }
}

/// Who asked, where, and over what.
public struct Client: Sendable {
  /// Whom policy, limits and hits are about: the client's address and port.
  public var remote: SocketEndpoint
  /// The address and port the client asked.
  public var local: SocketEndpoint
  /// Who sent the packet and gets the answer: the client, or the balancer that speaks for it.
  public var peer: SocketEndpoint
  /// The transport between the client and the first of our machines.
  public var transport: Transport
  /// The transport between the peer and us: another than the client's when a balancer is between.
  public var carrier: Transport
  /// Which of the server's listening addresses the query came to, in the order they were given.
  public var listener: UInt8
  /// Whether the address cannot have been forged: a connection stands, or a cookie was returned.
  public var isVerified: Bool
  /// Whom access lists and cookies are about: the client, or the forwarder that asks for it and
  /// told of it by EDNS.
  public var asker: SocketEndpoint
  /// Who vouches for `remote`: the forwarder or else the balancer nearest to the client; nil when
  /// the client asked us itself.
  public var relay: SocketEndpoint?
  /// Bits of the remote address that are known, in its own family; 0 = all.
  public var prefixLength: UInt8

  /// Describes a client that asks without a balancer in between.
  @inlinable public init(
    remote: SocketEndpoint, local: SocketEndpoint, transport: Transport, listener: UInt8 = 0
  ) {
    self.remote = remote
    self.local = local
    self.transport = transport
    self.listener = listener
    peer = remote
    asker = remote
    carrier = transport
    isVerified = transport != .udp
    prefixLength = 0
  }
}

/// Where an answer that could not be given at once is sent later, from any thread.
public protocol ReplySink: AnyObject, Sendable {
  /// Sends `message` to `client`; called at most once per query, never blocks, may drop.
  func send(_ message: Span<UInt8>, to client: Client)

  /// Takes over an answer of many messages, before the handler returns `.stream`; false, and
  /// nothing done, where the transport carries no such answers.
  func stream(_ producer: any MessageProducer) -> Bool
}

/// What became of a query.
public enum HandlerOutcome: Sendable, Equatable {
  /// The answer stands in the writer.
  case reply
  /// Nothing is sent.
  case drop
  /// The handler keeps the sink and will send through it.
  case pending
  /// The sink has been given a producer of many messages.
  case stream
}

/// The function from (packet, peer, instant) to reply that every transport calls.
///
/// A handler belongs to one thread: each UDP worker and each TCP event loop has its own.
public protocol QueryHandler: AnyObject {
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

  /// Whether a peer is a balancer, which puts a PROXY protocol header in front of each datagram and
  /// each connection; from others such a header is never believed.
  func expectsProxyHeader(from peer: IPAddress) -> Bool

  /// The header field in which a web proxy names its client; nil when the peer is none of ours, so
  /// that no field of it is believed.
  func forwardingField(from peer: IPAddress) -> ForwardingField?
}

extension QueryHandler {
  /// Nobody is a balancer unless a handler knows better.
  public func expectsProxyHeader(from peer: IPAddress) -> Bool { false }

  /// Nobody is a web proxy unless a handler knows better.
  public func forwardingField(from peer: IPAddress) -> ForwardingField? { nil }
}
