import Addressing

/// Checks over the options of the encrypted transports.
extension SettingsDecoding {
  mutating func checkEncryption() {
    let server = settings.server
    let listeners = [
      ("server.listen", server.listen), ("server.tls_listen", server.tlsListen),
      ("server.https_listen", server.httpsListen),
      ("server.https.plain_listen", server.https.plainListen),
      ("http.listen", settings.http.listen.map { [$0] } ?? []),
    ]
    var holders: [SocketEndpoint: String] = [:]
    for (key, endpoints) in listeners {
      for endpoint in endpoints {
        // What the two lists that have always been there share is reported elsewhere.
        let isReported = key == "server.listen" || key == "http.listen"
        if let other = holders[endpoint], !isReported || other != "server.listen" {
          report(key, "'\(key)' has \(endpoint), as has '\(other)'; use another port")
        }
        holders[endpoint] = key
      }
    }
    checkCertificate()
  }

  private mutating func checkCertificate() {
    let server = settings.server
    let missing = [
      ("server.tls.certificate", server.tls.certificate), ("server.tls.key", server.tls.key),
    ].filter { $0.1 == nil }.map(\.0)
    guard !missing.isEmpty else { return }
    if missing.count == 1, let key = missing.first {
      report(key, "'\(key)' is missing; a certificate and its key come together")
    }
    for (key, endpoints) in [
      ("server.tls_listen", server.tlsListen), ("server.https_listen", server.httpsListen),
    ] where !endpoints.isEmpty && missing.count == 2 {
      report(
        key,
        "'\(key)' needs a certificate; set 'server.tls.certificate' and 'server.tls.key'")
    }
  }
}
