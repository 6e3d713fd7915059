import CCurl
import Glibc

/// How a server is reached.
package struct ServerAccess: Sendable {
  /// Address, `https://soc.example.net/hook`.
  package var url: String
  /// User at the server.
  package var user: String?
  /// Password there; never printed.
  package var password: String?
  /// File of certificates that are trusted in place of the system's.
  package var caFile: String?
  /// How long one message may take, microseconds.
  package var timeout: Int64 = 15_000_000

  /// A server that asks for no password.
  package init(url: String) { self.url = url }

  /// The timeout in the milliseconds that C libraries want.
  var milliseconds: Int32 { Int32(clamping: max(1, timeout / 1_000)) }

  /// Host and port of the address; nil if there is no host.
  package var hostAndPort: (host: String, port: String?)? {
    let rest = url.firstRange(of: "://").map { url[$0.upperBound...] } ?? url[...]
    let authority = rest.prefix { $0 != "/" }
    if authority.first == "[" {
      guard let end = authority.firstIndex(of: "]") else { return nil }
      let host = authority[authority.index(after: authority.startIndex)..<end]
      let tail = authority[end...].dropFirst()
      return (String(host), tail.first == ":" ? String(tail.dropFirst()) : nil)
    }
    let parts = authority.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard let host = parts.first, !host.isEmpty else { return nil }
    return (String(host), parts.count > 1 ? String(parts[1]) : nil)
  }

  /// Calls a body with the form libcurl's shim takes; valid for the length of the call.
  func withAccess<Result>(
    url: String? = nil, _ body: (UnsafePointer<ponor_access>) -> Result
  ) -> Result {
    let texts = [url ?? self.url, user, password, caFile].map { $0.map { strdup($0) } ?? nil }
    defer { for text in texts { free(text) } }
    var access = ponor_access(
      url: texts[0], user: texts[1], password: texts[2], ca_file: texts[3],
      connect_milliseconds: milliseconds, whole_milliseconds: milliseconds)
    return withUnsafePointer(to: &access, body)
  }
}
