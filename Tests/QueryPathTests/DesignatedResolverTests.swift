import Addressing
import DNSWire
import QueryPath
import Testing

@Suite struct DesignatedResolverTests {
  private func endpoint(_ address: String, _ port: UInt16) throws -> SocketEndpoint {
    SocketEndpoint(address: try #require(IPAddress(address)), port: port)
  }

  @Test("without a listener there is nothing to tell")
  func nothing() throws {
    let services = [DesignatedResolver.Service(protocolName: "dot", endpoints: [])]
    #expect(DesignatedResolver(name: try Name("dns.example"), services: services) == nil)
  }

  @Test("records are well-formed: one per protocol and port, loopback only where there is no other")
  func records() throws {
    let services = [
      DesignatedResolver.Service(
        protocolName: "dot",
        endpoints: [
          try endpoint("192.0.2.1", 853), try endpoint("2001:db8::1", 853),
          try endpoint("127.0.0.1", 853), try endpoint("192.0.2.1", 8853),
        ]),
      DesignatedResolver.Service(
        protocolName: "h2", path: "/dns-query", endpoints: [try endpoint("192.0.2.1", 443)]),
    ]
    let designated = try #require(
      DesignatedResolver(name: try Name("dns.example"), services: services))
    let bindings = designated.bindings.compactMap { rdata -> String? in
      var reader = WireReader(rdata.span)
      guard let binding = try? ServiceBinding(reading: &reader) else { return nil }
      let parameters = binding.parameters.map(\.description).joined(separator: " ")
      return "\(binding.priority) \(binding.target) \(parameters)"
    }
    #expect(
      bindings == [
        "1 dns.example. alpn=dot port=853 ipv4hint=192.0.2.1 ipv6hint=2001:db8::1",
        "2 dns.example. alpn=dot port=8853 ipv4hint=192.0.2.1",
        "3 dns.example. alpn=h2 port=443 ipv4hint=192.0.2.1 dohpath=\"/dns-query{?dns}\"",
      ])
  }
}
