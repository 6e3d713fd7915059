public import Addressing

/// The header field in which a web proxy says who its client is.
///
/// Which one a proxy sets has to be told: most pass on what clients write into the other one.
public enum ForwardingField: String, Sendable, CaseIterable {
  /// The list of addresses that most proxies keep; no standard.
  case xForwardedFor = "x-forwarded-for"
  /// RFC 7239.
  case forwarded = "forwarded"

  /// Reads the client that the proxy next to us names: the last one in the field.
  ///
  /// Entries further left are what that client says of itself.
  /// - Returns: its address, and port if that is told (0 if not); nil when the field names nobody.
  public func client(in value: String) -> SocketEndpoint? {
    let elements = Self.split(value, at: UInt8(ascii: ","))
    guard let last = elements.last else { return nil }
    switch self {
    case .xForwardedFor: return Self.endpoint(Self.trimmed(last))
    case .forwarded: return Self.node(in: last)
    }
  }

  /// The value of `for` in an element of `Forwarded` (RFC 7239 §4).
  private static func node(in element: Substring.UTF8View) -> SocketEndpoint? {
    var found: SocketEndpoint?
    for pair in split(Substring(element), at: UInt8(ascii: ";")) {
      let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1)
      guard parts.count == 2, String(Substring(trimmed(parts[0]))).lowercased() == "for" else {
        continue
      }
      // §4: each parameter at most once.
      guard found == nil, let value = unquoted(trimmed(parts[1])), let read = endpoint(value)
      else { return nil }
      found = read
    }
    return found
  }

  /// A token, or what stands in a quoted string; escapes have no use in addresses.
  private static func unquoted(_ text: Substring.UTF8View) -> Substring.UTF8View? {
    let quote = UInt8(ascii: "\"")
    guard text.first == quote else { return text.contains(quote) ? nil : text }
    let inner = text.dropFirst().dropLast()
    guard text.count >= 2, text.last == quote,
      !inner.contains(where: { $0 == quote || $0 == UInt8(ascii: "\\") })
    else { return nil }
    return inner
  }

  /// An address; with a port, an IPv6 address stands in brackets (RFC 7239 §6).
  private static func endpoint(_ text: Substring.UTF8View) -> SocketEndpoint? {
    SocketEndpoint(String(Substring(text)), defaultPort: 0)
  }

  private static func trimmed(_ text: Substring.UTF8View) -> Substring.UTF8View {
    let isSpace = { (octet: UInt8) in octet == UInt8(ascii: " ") || octet == 9 }
    var text = text.drop(while: isSpace)
    while let last = text.last, isSpace(last) { text = text.dropLast() }
    return text
  }

  /// Splits where a separator stands outside of quotes.
  private static func split(
    _ text: some StringProtocol, at separator: UInt8
  ) -> [Substring.UTF8View] {
    let octets = Substring(text).utf8
    var parts: [Substring.UTF8View] = []
    var start = octets.startIndex
    var isQuoted = false
    var index = octets.startIndex
    while index < octets.endIndex {
      let octet = octets[index]
      if octet == UInt8(ascii: "\"") { isQuoted.toggle() }
      if octet == separator, !isQuoted {
        parts.append(octets[start..<index])
        start = octets.index(after: index)
      }
      index = octets.index(after: index)
    }
    parts.append(octets[start...])
    return parts
  }
}
