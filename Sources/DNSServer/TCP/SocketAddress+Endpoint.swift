import Addressing
import NIOCore

extension SocketEndpoint {
  // Offsets of the address in the kernel's `sockaddr_in` and `sockaddr_in6`, fixed by its ABI; read
  // by offset because NIO's own C module hides the members of those structures.
  private static let offsetOfIPv4 = 4
  private static let offsetOfIPv6 = 8

  /// The endpoint of an IP socket address, nil for a UNIX one.
  ///
  /// IPv4 and its IPv6-mapped form (RFC 4291 §2.5.5.2) become the same address.
  init?(_ address: SocketAddress) {
    guard let port = address.port, let number = UInt16(exactly: port) else { return nil }
    let ip: IPAddress? = address.withSockAddr { start, size in
      let octets = UnsafeRawBufferPointer(start: start, count: size)
      switch address {
      case .v4:
        let bits = octets.loadUnaligned(fromByteOffset: Self.offsetOfIPv4, as: UInt32.self)
        return IPAddress(ipv4: UInt32(bigEndian: bits))
      case .v6:
        let high = octets.loadUnaligned(fromByteOffset: Self.offsetOfIPv6, as: UInt64.self)
        let low = octets.loadUnaligned(fromByteOffset: Self.offsetOfIPv6 + 8, as: UInt64.self)
        return IPAddress(high: UInt64(bigEndian: high), low: UInt64(bigEndian: low))
      case .unixDomainSocket:
        return nil
      }
    }
    guard let ip else { return nil }
    self.init(address: ip, port: number)
  }
}

extension SocketAddress {
  /// The socket address of an endpoint.
  init(_ endpoint: SocketEndpoint) throws {
    try self.init(ipAddress: endpoint.address.description, port: Int(endpoint.port))
  }
}
