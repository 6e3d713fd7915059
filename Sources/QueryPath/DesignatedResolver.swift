package import Addressing
package import DNSWire

/// Tells clients that know only this server's address where it speaks TLS and HTTPS: the answer to
/// `_dns.resolver.arpa` type SVCB (RFC 9462 §4, with the parameters of RFC 9461).
package struct DesignatedResolver: Sendable {
  /// Where one protocol is spoken.
  package struct Service: Sendable, Equatable {
    /// Name in ALPN: `dot` or `h2`.
    package var protocolName: String
    /// The path of DNS over HTTPS; nil for DNS over TLS.
    package var path: String?
    /// Where it listens; wildcards replaced by addresses.
    package var endpoints: [SocketEndpoint]

    /// Describes a service.
    package init(protocolName: String, path: String? = nil, endpoints: [SocketEndpoint]) {
      self.protocolName = protocolName
      self.path = path
      self.endpoints = endpoints
    }
  }

  /// Seconds; ours: short enough to move a service within minutes.
  private static let ttl: UInt32 = 300
  private static let question = try? Name("_dns.resolver.arpa")

  private let target: [UInt8]
  /// Rdata of the SVCB records, by priority.
  package let bindings: [[UInt8]]
  /// Addresses of the target.
  private let addresses: [IPAddress]

  /// Makes the answer.
  ///
  /// - Parameters:
  ///   - name: the name in the certificate.
  /// - Returns: nil when no service has an endpoint.
  package init?(name: Name, services: [Service]) {
    target = name.wire
    var bindings: [[UInt8]] = []
    var addresses: [IPAddress] = []
    for service in services {
      let endpoints = Self.reachable(service.endpoints)
      for port in Self.distinct(endpoints.map(\.port)) {
        let hints = endpoints.filter { $0.port == port }.map(\.address)
        bindings.append(
          Self.rdata(
            UInt16(clamping: bindings.count + 1), name.wire, service, port: port, hints: hints))
        addresses += hints
      }
    }
    guard !bindings.isEmpty else { return nil }
    self.bindings = bindings
    self.addresses = Self.distinct(addresses)
  }

  /// Loopback addresses are told only if there are no others: they are of use on this machine.
  private static func reachable(_ endpoints: [SocketEndpoint]) -> [SocketEndpoint] {
    let outside = endpoints.filter { !isLoopback($0.address) }
    return outside.isEmpty ? endpoints : outside
  }

  private static func isLoopback(_ address: IPAddress) -> Bool {
    address.ipv4.map { $0 >> 24 == 127 } ?? (address == IPAddress(high: 0, low: 1))
  }

  private static func distinct<Element: Hashable>(_ elements: [Element]) -> [Element] {
    var seen: Set<Element> = []
    return elements.filter { seen.insert($0).inserted }
  }

  private static func rdata(
    _ priority: UInt16, _ target: [UInt8], _ service: Service, port: UInt16, hints: [IPAddress]
  ) -> [UInt8] {
    let protocolName = Array(service.protocolName.utf8.prefix(255))
    var octets = [UInt8(priority >> 8), UInt8(priority & 255)] + target
    // RFC 9460 §2.2: keys ascending.
    octets += parameter(.alpn, [UInt8(protocolName.count)] + protocolName)
    octets += parameter(.port, [UInt8(port >> 8), UInt8(port & 255)])
    octets += parameter(.ipv4Hint, hints.filter(\.isIPv4).flatMap(\.octets))
    octets += parameter(.ipv6Hint, hints.filter { !$0.isIPv4 }.flatMap(\.octets))
    if let path = service.path { octets += parameter(.dohPath, Array("\(path){?dns}".utf8)) }
    return octets
  }

  private static func parameter(_ key: ServiceParameter.Key, _ value: [UInt8]) -> [UInt8] {
    guard !value.isEmpty else { return [] }
    let head = [key.rawValue, UInt16(clamping: value.count)]
    return head.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] } + value
  }
}

extension DesignatedResolver {
  /// Whether a query is the one this answers.
  func answers(_ request: borrowing Request) -> Bool {
    guard request.qtype == .svcb else { return false }
    return Name(request.qname) == Self.question
  }

  /// Writes the sections; the question's name stands at octet 12.
  func write(counts: inout SectionCounts, into writer: inout WireWriter) {
    for binding in bindings {
      writer.append16(0xC000 | UInt16(truncatingIfNeeded: Limits.headerOctets))
      append(.svcb, binding, &writer)
      counts.answer += 1
    }
    for address in addresses {
      writer.append(target)
      append(address.isIPv4 ? .a : .aaaa, address.octets, &writer)
      counts.additional += 1
    }
  }

  private func append(_ type: RRType, _ rdata: [UInt8], _ writer: inout WireWriter) {
    writer.append16(type.rawValue)
    writer.append16(RRClass.internet.rawValue)
    writer.append32(Self.ttl)
    writer.append16(UInt16(clamping: rdata.count))
    writer.append(rdata)
  }
}
