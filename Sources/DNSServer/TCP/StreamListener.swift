public import Addressing

/// What is spoken at a listening address of a stream transport.
public enum StreamService: Sendable, Equatable {
  /// Plain DNS (RFC 7766).
  case dns
  /// DNS over TLS (RFC 7858).
  case dnsOverTLS
  /// DNS over HTTPS (RFC 8484).
  case dnsOverHTTPS
  /// DNS over HTTP without TLS, for a proxy of the operator's that speaks TLS itself.
  case dnsOverHTTP

  /// The transport that handlers and hits see.
  var transport: Transport {
    switch self {
    case .dns: .tcp
    case .dnsOverTLS: .dot
    case .dnsOverHTTPS, .dnsOverHTTP: .doh
    }
  }

  var usesTLS: Bool { self == .dnsOverTLS || self == .dnsOverHTTPS }

  /// The setting its addresses stand in.
  var setting: String {
    switch self {
    case .dns: "server.listen"
    case .dnsOverTLS: "server.tls_listen"
    case .dnsOverHTTPS: "server.https_listen"
    case .dnsOverHTTP: "server.https.plain_listen"
    }
  }
}

/// A listening address of a stream transport.
public struct StreamListener: Sendable, Equatable {
  /// Where it listens; port 0 lets the system choose.
  public var endpoint: SocketEndpoint
  /// What is spoken there.
  public var service: StreamService
  /// Its number among the server's listening addresses, for `Client.listener`.
  public var number: UInt8

  /// Describes an address.
  public init(_ endpoint: SocketEndpoint, _ service: StreamService, number: UInt8 = 0) {
    self.endpoint = endpoint
    self.service = service
    self.number = number
  }
}
