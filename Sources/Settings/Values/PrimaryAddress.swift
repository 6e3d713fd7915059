package import Addressing

/// A server that a zone is transferred from: `address`, `address:port`, or with `#name` for TLS.
package struct PrimaryAddress: Hashable, Sendable, CustomStringConvertible {
  /// Its address and port.
  package var endpoint: SocketEndpoint
  /// The name its certificate must have; nil for plain TCP.
  package var tlsName: String?

  /// Reads the text; the port is 53 if left out, with a name 853 (RFC 9103 §7.2).
  init(text: String) throws(BadValue) {
    let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    let isTLS = parts.count == 2
    endpoint = try SocketEndpoint(text: String(parts[0]), defaultPort: isTLS ? 853 : 53)
    tlsName = isTLS ? try DomainNameText.normalized(String(parts[1])) : nil
  }

  package var description: String { tlsName.map { "\(endpoint)#\($0)" } ?? "\(endpoint)" }
}
