import Addressing

extension SocketEndpoint {
  /// Reads `address:port`; without a port `defaultPort` is taken, if there is one.
  init(text: String, defaultPort: UInt16?) throws(BadValue) {
    let (hostText, portText) = try Self.split(text)
    guard let host = IPAddress(hostText) else {
      throw BadValue(
        hostText.contains("%")
          ? "has an IPv6 zone, which is not supported; use a global or unique local address"
          : "is not an IP address (host names are not allowed here); \(Self.example)")
    }
    guard let portText else {
      guard let defaultPort else { throw BadValue("has no port; \(Self.example)") }
      self.init(address: host, port: defaultPort)
      return
    }
    guard portText.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(portText),
      port > 0
    else { throw BadValue("has a bad port; expected 1…65535") }
    self.init(address: host, port: port)
  }

  private static let example = "write it like 127.0.0.1:53 or [::1]:53"

  /// Host and port parts of the text; a bare IPv6 address has colons but no port.
  private static func split(_ text: String) throws(BadValue) -> (String, String?) {
    if text.hasPrefix("[") {
      guard let close = text.firstIndex(of: "]") else {
        throw BadValue("has no closing bracket; \(example)")
      }
      let host = String(text[text.index(after: text.startIndex)..<close])
      let rest = text[text.index(after: close)...]
      guard rest.isEmpty || rest.hasPrefix(":") else {
        throw BadValue("has something other than :port after the bracket; \(example)")
      }
      return (host, rest.isEmpty ? nil : String(rest.dropFirst()))
    }
    let colons = text.utf8.count { $0 == UInt8(ascii: ":") }
    guard colons == 1, let colon = text.firstIndex(of: ":") else { return (text, nil) }
    return (String(text[..<colon]), String(text[text.index(after: colon)...]))
  }
}
