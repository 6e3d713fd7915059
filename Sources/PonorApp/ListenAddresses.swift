import Addressing
import Glibc

/// Replaces wildcard addresses by the addresses of this machine.
///
/// A socket bound to one address always answers from the address it was asked at, and knows it for
/// the hit record, without control messages per datagram.
enum ListenAddresses {
  static func expand(_ endpoints: [SocketEndpoint]) -> [SocketEndpoint] {
    var result: [SocketEndpoint] = []
    for endpoint in endpoints {
      for address in addresses(for: endpoint.address) {
        let expanded = SocketEndpoint(address: address, port: endpoint.port)
        if !result.contains(expanded) { result.append(expanded) }
      }
    }
    return result
  }

  /// Numbers that an address of the configuration has among the listening ones (`Client.listener`).
  static func numbers(of endpoints: [SocketEndpoint]) -> [SocketEndpoint: [UInt8]] {
    let all = expand(endpoints)
    return Dictionary(
      endpoints.map { endpoint in
        let numbers = expand([endpoint]).compactMap { all.firstIndex(of: $0) }
        return (endpoint, numbers.map { UInt8(clamping: $0) })
      }, uniquingKeysWith: { first, _ in first })
  }

  private static func addresses(for address: IPAddress) -> [IPAddress] {
    if address == IPAddress(ipv4: 0) { return local().filter(\.isIPv4) }
    if address == IPAddress(high: 0, low: 0) { return local().filter { !$0.isIPv4 } }
    return [address]
  }

  private static func local() -> [IPAddress] {
    var list: UnsafeMutablePointer<ifaddrs>?
    guard getifaddrs(&list) == 0 else { return [] }
    defer { freeifaddrs(list) }
    var result: [IPAddress] = []
    var next = list
    while let entry = next {
      next = entry.pointee.ifa_next
      if let address = entry.pointee.ifa_addr.flatMap(read) { result.append(address) }
    }
    return result
  }

  private static func read(_ pointer: UnsafeMutablePointer<sockaddr>) -> IPAddress? {
    let raw = UnsafeRawPointer(pointer)
    switch Int32(pointer.pointee.sa_family) {
    case AF_INET:
      let bits = raw.load(as: sockaddr_in.self).sin_addr.s_addr
      return IPAddress(ipv4: UInt32(bigEndian: bits))
    case AF_INET6:
      let octets = raw.load(as: sockaddr_in6.self).sin6_addr
      return withUnsafeBytes(of: octets) { bytes in
        let high = UInt64(bigEndian: bytes.load(as: UInt64.self))
        let low = UInt64(bigEndian: bytes.load(fromByteOffset: 8, as: UInt64.self))
        // Link-local addresses need a zone id and serve no subscribers.
        return high >> 54 == 0x3FA ? nil : IPAddress(high: high, low: low)
      }
    default:
      return nil
    }
  }
}
