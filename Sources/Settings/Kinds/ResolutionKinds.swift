import Addressing

extension ValueKind where Value == IPAddress {
  /// An address of either family.
  static var address: ValueKind {
    .scalar(
      "IP address",
      parse: { (text) throws(BadValue) in
        guard let address = IPAddress(text) else {
          throw BadValue("is no IP address; write it like 192.0.2.53 or 2001:db8::53")
        }
        return address
      }, encode: { YAMLText.quoted($0.description) })
  }
}

extension ValueKind where Value == String {
  /// A port, or a range of ports `N-M`.
  static var portRange: ValueKind {
    .scalar(
      "port or ports",
      parse: { (text) throws(BadValue) in
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { UInt16($0) }
        guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1],
          first <= last, text.utf8.allSatisfy({ $0 == 0x2D || (0x30...0x39).contains($0) })
        else { throw BadValue("is no port or range of ports; write it like 5353 or 5000-5100") }
        return text
      }, encode: { YAMLText.quoted($0) })
  }
}
