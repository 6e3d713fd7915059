package import Addressing
import CLinuxShims
import DNSWire

/// Why a socket could not be opened.
package struct SocketError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The address that was asked for.
  package let endpoint: SocketEndpoint
  /// The transport.
  package let transport: Transport
  /// The system's error number.
  package let errno: Int32

  /// Describes a failure.
  package init(endpoint: SocketEndpoint, transport: Transport, errno: Int32) {
    self.endpoint = endpoint
    self.transport = transport
    self.errno = errno
  }

  package var description: String {
    "cannot listen on \(endpoint) (\(transport)): \(systemErrorText(errno)); "
      + "choose another address in server.listen or stop the program that holds it"
  }
}

/// One bound UDP socket; several may share an address and the kernel spreads clients over them.
package final class UDPSocket: ReplySink {
  /// Time after which an idle worker looks whether something else is to be done.
  package static let wakeMilliseconds: Int32 = 250
  /// Kernel buffers: room for about 8,000 queries while a worker is held up for some milliseconds.
  package static let bufferOctets: Int32 = 4 << 20

  let descriptor: Int32
  /// Where it is bound; the port is the real one when 0 was asked for.
  package let endpoint: SocketEndpoint

  /// Opens a socket with `SO_REUSEPORT`.
  ///
  /// - Throws: `SocketError` with the system's reason.
  package init(_ wanted: SocketEndpoint) throws(SocketError) {
    let opened = ponor_open_udp(
      wanted.address.high, wanted.address.low, wanted.port, Self.wakeMilliseconds,
      Self.bufferOctets)
    guard opened >= 0 else {
      throw SocketError(endpoint: wanted, transport: .udp, errno: -opened)
    }
    descriptor = opened
    let port = ponor_bound_port(opened)
    endpoint = SocketEndpoint(
      address: wanted.address, port: UInt16(truncatingIfNeeded: max(port, 0)))
  }

  deinit { closeDescriptor(descriptor) }

  package func send(_ message: Span<UInt8>, to client: Client) {
    let address = client.remote.address
    _ = message.withUnsafeBufferPointer { octets in
      // A full socket buffer loses the datagram, as any network would: the client asks again.
      ponor_send_datagram(
        descriptor, address.high, address.low, client.remote.port, octets.baseAddress,
        octets.count, endpoint.address.isIPv4 ? 0 : 1)
    }
  }
}
