import Addressing
import DNSServer
import Testing

@Suite("TCP connection census")
struct TCPCensusTests {
  @Test("limits hold in all and per client, and counts go back to nothing")
  func limits() throws {
    var settings = TCPSettings()
    settings.connections = 3
    settings.connectionsPerClient = 2
    let census = TCPCensus(settings: settings)
    let clients = try ["192.0.2.1", "192.0.2.2", "192.0.2.3"].map { try #require(IPAddress($0)) }
    #expect(census.enter(clients[0]) == nil)
    #expect(census.enter(clients[0]) == nil)
    #expect(census.enter(clients[0]) == .client)
    #expect(census.enter(clients[1]) == nil)
    #expect(census.enter(clients[2]) == .total)
    // The client's own limit is named first, so that nobody is closed for its sake.
    #expect(census.enter(clients[0]) == .client)
    census.leave(clients[0])
    #expect(census.enter(clients[2]) == nil)
    #expect(census.open == 3)
    for client in clients { census.leave(client) }
    #expect(census.open == 0)
    #expect(census.clients == 0)
  }

  @Test("an IPv6 client is its /64, an IPv4 client its address")
  func keys() throws {
    func key(_ text: String) throws -> IPAddress {
      TCPCensus.client(of: try #require(IPAddress(text)))
    }
    #expect(try key("2001:db8::1") == key("2001:db8::2:3:4:5"))
    #expect(try key("2001:db8::1") != key("2001:db8:0:1::1"))
    #expect(try key("192.0.2.1") != key("192.0.2.2"))
    #expect(try key("192.0.2.1") == key("::ffff:192.0.2.1"))
  }
}
