package import Addressing

extension Settings {
  /// DNS over TLS and over HTTPS.
  package struct TLS: Equatable, Sendable {
    /// Path of the certificate chain, PEM; nil for none.
    package var certificate: String?
    /// Path of its private key, PEM; nil for none.
    package var key: String?
    /// Oldest version of TLS that is spoken.
    package var minimumVersion = TLSVersion.tls12
    /// Name in the certificate, told to clients that look for encryption; nil tells nobody.
    package var name: String?
    /// Time a TLS handshake may take.
    package var handshakeTimeout = Duration.seconds(5)
    /// TLS handshakes one client may begin within a second; 0 for no limit.
    package var handshakesPerSecond = 100
    /// Time after which a connection over TLS or HTTP without a query is closed.
    package var idleTimeout = Duration.seconds(30)
  }

  /// DNS over HTTPS.
  package struct HTTPS: Equatable, Sendable {
    /// Path at which DNS is answered.
    package var path = "/dns-query"
    /// Addresses DNS over HTTP without TLS is answered on.
    package var plainListen: [SocketEndpoint] = []
  }

  /// Whether DNS is answered over TLS or HTTP anywhere.
  package var hasEncryptedListeners: Bool {
    !server.tlsListen.isEmpty || !server.httpsListen.isEmpty || !server.https.plainListen.isEmpty
  }
}

/// A version of TLS.
package enum TLSVersion: String, CaseIterable, Equatable, Sendable {
  /// TLS 1.2 (RFC 5246).
  case tls12 = "1.2"
  /// TLS 1.3 (RFC 8446).
  case tls13 = "1.3"
}

extension Settings.TLS {
  static let section = Section(
    key: "server.tls", summary: "The certificate of DNS over TLS and HTTPS (RFC 7858, RFC 8310).",
    options: [
      Option(
        "server.tls.certificate", \.server.tls.certificate, .optional(.path, word: "none"),
        .reload, "File with the certificate chain in PEM form, the server's own first.",
        details: """
          Read again at a reload and when it has changed; a pair that does not fit is refused and \
          the former stays.
          """),
      Option(
        "server.tls.key", \.server.tls.key, .optional(.path, word: "none"), .reload,
        "File with the private key of the certificate in PEM form, not encrypted."),
      Option(
        "server.tls.minimum_version", \.server.tls.minimumVersion, .choice, .reload,
        "Oldest version of TLS that is spoken."),
      Option(
        "server.tls.name", \.server.tls.name, .optional(.domainName, word: "none"), .reload,
        "Name in the certificate, told to clients that ask for `_dns.resolver.arpa` (RFC 9462).",
        details: """
          With it, clients that know only this server's address switch to TLS or HTTPS by \
          themselves, if the certificate also holds that address.
          """),
      Option(
        "server.tls.handshake_timeout", \.server.tls.handshakeTimeout,
        .duration(.milliseconds(100)...(.seconds(60))), .restart,
        "Time a TLS handshake may take."),
      Option(
        "server.tls.handshakes_per_second", \.server.tls.handshakesPerSecond,
        .integer(0...1_000_000), .reload,
        "TLS handshakes one client may begin within a second, 0 for no limit.",
        details: """
          A client is an IPv4 address or an IPv6 /64, the one behind a balancer. A connection over \
          the limit is closed before the handshake, which is what costs.
          """),
      Option(
        "server.tls.idle_timeout", \.server.tls.idleTimeout,
        .duration(.milliseconds(100)...(.seconds(600))), .restart,
        "Time after which a connection over TLS or HTTP without a query is closed."),
    ])
}

extension Settings.HTTPS {
  static let section = Section(
    key: "server.https", summary: "DNS over HTTPS (RFC 8484).",
    options: [
      Option(
        "server.https.path", \.server.https.path, .httpPath, .restart,
        "Path at which DNS is answered; all others are not found."),
      Option(
        "server.https.plain_listen", \.server.https.plainListen,
        .list(of: .endpoint, count: 0...64), .restart,
        "Addresses DNS over HTTP without TLS is answered on, for a proxy of your own.",
        details: "HTTP/1.1, and HTTP/2 with prior knowledge. Never let strangers reach them."),
    ])
}

extension ValueKind where Value == String {
  /// The path of a URL, as it stands in requests.
  static var httpPath: ValueKind {
    .scalar(
      "path",
      parse: { (text) throws(BadValue) in
        let isPlain = text.utf8.allSatisfy { octet in
          (0x21...0x7E).contains(octet) && !"?#%\"<>\\^`{|}".utf8.contains(octet)
        }
        guard text.hasPrefix("/"), isPlain, text.utf8.count <= 255 else {
          throw BadValue("is not a path of a URL; write it like /dns-query")
        }
        return text
      }, encode: { YAMLText.quoted($0) })
  }
}
