import Addressing
import DNSServer
import DNSWire
import QueryPath
import Settings

/// What the settings of the encrypted transports mean to the parts.
extension Settings {
  /// The files of the certificate; nil without one.
  var tlsOptions: TLSOptions? {
    guard let certificate = server.tls.certificate, let key = server.tls.key else { return nil }
    return TLSOptions(
      certificate: certificate, key: key,
      minimumVersion: server.tls.minimumVersion == .tls13 ? .tls13 : .tls12)
  }

  /// Listening addresses of the stream transports, numbered on from those of plain DNS.
  ///
  /// - Parameter plain: addresses of plain DNS, wildcards replaced.
  func streamListeners(plain: [SocketEndpoint]) -> [StreamListener] {
    let all =
      plain.map { ($0, StreamService.dns) }
      + ListenAddresses.expand(server.tlsListen).map { ($0, .dnsOverTLS) }
      + ListenAddresses.expand(server.httpsListen).map { ($0, .dnsOverHTTPS) }
      + ListenAddresses.expand(server.https.plainListen).map { ($0, .dnsOverHTTP) }
    return all.enumerated().map { number, listener in
      StreamListener(listener.0, listener.1, number: UInt8(clamping: number))
    }
  }

  var idleTimes: IdleTimes {
    IdleTimes(
      tcp: Self.tenths(server.tcp.idleTimeout), tls: Self.tenths(server.tls.idleTimeout))
  }

  private static func tenths(_ duration: Duration) -> UInt16 {
    UInt16(clamping: duration.milliseconds / 100)
  }

  /// What clients are told that look for encryption.
  var designatedResolver: DesignatedResolver? {
    guard let text = server.tls.name, let name = try? Name(text) else { return nil }
    return DesignatedResolver(
      name: name,
      services: [
        .init(protocolName: "dot", endpoints: ListenAddresses.expand(server.tlsListen)),
        .init(
          protocolName: "h2", path: server.https.path,
          endpoints: ListenAddresses.expand(server.httpsListen)),
      ])
  }
}
