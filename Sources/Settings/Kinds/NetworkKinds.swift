import Addressing

extension ValueKind where Value == SocketEndpoint {
  /// `address:port`, the port required.
  static var endpoint: ValueKind {
    .scalar(
      "address:port",
      parse: { (text) throws(BadValue) in try SocketEndpoint(text: text, defaultPort: nil) },
      encode: { YAMLText.quoted($0.description) })
  }

  /// `address` or `address:port`.
  static func endpoint(defaultPort: UInt16) -> ValueKind {
    .scalar(
      "address or address:port", allowed: "port \(defaultPort) if left out",
      parse: { (text) throws(BadValue) in
        try SocketEndpoint(text: text, defaultPort: defaultPort)
      }, encode: { YAMLText.quoted($0.description) })
  }
}

extension ValueKind where Value == IPPrefix {
  /// A network prefix, or an address as the prefix that holds just it.
  static var prefix: ValueKind {
    .scalar(
      "prefix",
      parse: { (text) throws(BadValue) in try IPPrefix(text: text) },
      encode: { YAMLText.quoted($0.description) })
  }
}

extension ValueKind where Value == IPAddress {
  /// An IPv4 address.
  static var ipv4: ValueKind {
    .scalar(
      "IPv4 address",
      parse: { (text) throws(BadValue) in
        guard let address = IPAddress(text), address.isIPv4 else {
          throw BadValue("is not an IPv4 address; write it like 192.0.2.53")
        }
        return address
      }, encode: { YAMLText.quoted($0.description) })
  }

  /// An IPv6 address.
  static var ipv6: ValueKind {
    .scalar(
      "IPv6 address",
      parse: { (text) throws(BadValue) in
        guard let address = IPAddress(text), !address.isIPv4 else {
          throw BadValue("is not an IPv6 address; write it like 2001:db8::53, without brackets")
        }
        return address
      }, encode: { YAMLText.quoted($0.description) })
  }
}
