public import Addressing
import CLinuxShims
import DNSWire

/// Why a socket could not be opened.
public struct SocketError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The address that was asked for.
  public let endpoint: SocketEndpoint
  /// The transport.
  public let transport: Transport
  /// The system's error number.
  public let errno: Int32

  /// Describes a failure.
  public init(endpoint: SocketEndpoint, transport: Transport, errno: Int32) {
    self.endpoint = endpoint
    self.transport = transport
    self.errno = errno
  }

  /// What is shown to people.
  public var description: String {
    "cannot listen on \(endpoint) (\(transport)): \(systemErrorText(errno)); "
      + "choose another address in server.listen or stop the program that holds it"
  }
}

/// An open socket that is closed when the last part of the program lets go of it.
public final class SocketDescriptor: Sendable {
  /// The system's number of it.
  public let number: Int32

  /// Takes charge of an open descriptor.
  public init(owning number: Int32) { self.number = number }

  deinit { closeDescriptor(number) }
}

/// One bound UDP socket; several may share an address and the kernel spreads clients over them.
public final class UDPSocket: ReplySink {
  /// Time after which an idle worker looks whether something else is to be done.
  public static let wakeMilliseconds: Int32 = 250
  /// Kernel buffers: room for about 8,000 queries while a worker is held up for some milliseconds.
  public static let bufferOctets: Int32 = 4 << 20

  private let owner: SocketDescriptor
  let descriptor: Int32
  /// Where it is bound; the port is the real one when 0 was asked for.
  public let endpoint: SocketEndpoint
  /// Its number among the listening addresses, for `Client.listener`.
  public let listener: UInt8

  /// Uses an open socket, which others may use too.
  public init(_ owner: SocketDescriptor, at endpoint: SocketEndpoint, listener: UInt8) {
    self.owner = owner
    self.endpoint = endpoint
    self.listener = listener
    descriptor = owner.number
  }

  /// Opens a socket with `SO_REUSEPORT`.
  ///
  /// - Throws: `SocketError` with the system's reason.
  public convenience init(
    _ wanted: SocketEndpoint, listener: UInt8 = 0
  ) throws(SocketError) {
    let owner = try Self.open(wanted)
    let port = ponor_bound_port(owner.number)
    let endpoint = SocketEndpoint(
      address: wanted.address, port: UInt16(truncatingIfNeeded: max(port, 0)))
    self.init(owner, at: endpoint, listener: listener)
  }

  /// Opens a socket with `SO_REUSEPORT` and leaves its use to the caller.
  static func open(_ wanted: SocketEndpoint) throws(SocketError) -> SocketDescriptor {
    let opened = ponor_open_udp(
      wanted.address.high, wanted.address.low, wanted.port, wakeMilliseconds, bufferOctets)
    guard opened >= 0 else {
      throw SocketError(endpoint: wanted, transport: .udp, errno: -opened)
    }
    return SocketDescriptor(owning: opened)
  }

  /// Sends one datagram, or loses it.
  public func send(_ message: Span<UInt8>, to client: Client) {
    let address = client.peer.address
    _ = message.withUnsafeBufferPointer { octets in
      // A full socket buffer loses the datagram, as any network would: the client asks again.
      ponor_send_datagram(
        descriptor, address.high, address.low, client.peer.port, octets.baseAddress,
        octets.count, endpoint.address.isIPv4 ? 0 : 1)
    }
  }
}
