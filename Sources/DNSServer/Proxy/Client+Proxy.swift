import Addressing
import ClientIdentity

extension Client {
  /// Takes over what a listed balancer says of the client.
  ///
  /// A header that names no client (`LOCAL`, `UNSPEC`) leaves the balancer itself as the client.
  mutating func apply(_ header: ProxyHeader) {
    guard let endpoints = header.endpoints else { return }
    relay = peer
    remote = endpoints.source
    asker = endpoints.source
    local = endpoints.destination
    transport =
      switch header.encryption {
      case .none: endpoints.isStream ? (carrier == .udp ? .tcp : carrier) : .udp
      case .tls: .dot
      case .https: .doh
      }
    // Over UDP anybody could forge the balancer's address, and with it the header; and a datagram
    // that came to the balancer is no better for having been passed on over TCP.
    isVerified = carrier != .udp && transport != .udp
  }

  /// Takes over what a web proxy of ours says of the client of one request.
  ///
  /// The client came to the proxy by a connection, so its address cannot be forged.
  mutating func become(_ endpoint: SocketEndpoint) {
    relay = remote
    remote = endpoint
    asker = endpoint
    transport = .doh
    isVerified = true
  }

  /// Takes a header off a datagram that came from a listed balancer.
  ///
  /// - Returns: where the message starts; nil when the datagram must be dropped, because the header
  ///   is missing or damaged.
  mutating func takeProxyHeader(of datagram: Span<UInt8>) -> Int? {
    guard case .header(let header) = ProxyHeader.read(datagram) else { return nil }
    apply(header)
    return header.length
  }
}
