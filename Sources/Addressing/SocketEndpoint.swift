/// An address and a port.
public struct SocketEndpoint: Sendable, Hashable, CustomStringConvertible {
  /// The address.
  public var address: IPAddress
  /// The port, 0 … 65,535.
  public var port: UInt16

  /// Makes an endpoint.
  @inlinable public init(address: IPAddress, port: UInt16) {
    self.address = address
    self.port = port
  }

  /// Reads `192.0.2.1:53`, `[2001:db8::1]:53`, or an address alone when `defaultPort` is given.
  public init?(_ text: String, defaultPort: UInt16? = nil) {
    if let address = IPAddress(text), let defaultPort {
      self.init(address: address, port: defaultPort)
      return
    }
    let (host, port) = Self.split(text)
    guard let address = IPAddress(host) else { return nil }
    guard let number = port.map({ $0.isDecimal ? UInt16($0) : nil }) ?? defaultPort else {
      return nil
    }
    self.init(address: address, port: number)
  }

  private static func split(_ text: String) -> (host: Substring, port: Substring?) {
    if text.hasPrefix("["), let close = text.firstIndex(of: "]") {
      let rest = text[text.index(after: close)...]
      let host = text[text.index(after: text.startIndex)..<close]
      guard !rest.isEmpty else { return (host, nil) }
      return rest.hasPrefix(":") ? (host, rest.dropFirst()) : ("", nil)
    }
    guard let colon = text.lastIndex(of: ":") else { return (text[...], nil) }
    let host = text[..<colon]
    // An IPv6 address needs brackets, or its last group would be read as a port.
    return host.contains(":") ? ("", nil) : (host, text[text.index(after: colon)...])
  }

  /// What is shown to people.
  public var description: String {
    address.isIPv4 ? "\(address):\(port)" : "[\(address)]:\(port)"
  }
}
