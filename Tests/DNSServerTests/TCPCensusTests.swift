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

  @Test("handshakes of a client within a second are bounded, connections without are not")
  func handshakes() throws {
    var settings = TCPSettings()
    settings.handshakesPerSecond = 2
    let census = TCPCensus(settings: settings)
    let client = try #require(IPAddress("192.0.2.1"))
    let other = try #require(IPAddress("192.0.2.2"))
    let taken = (0..<4).map { _ in census.enter(client, over: .dot, handshakeAt: 7) }
    #expect(taken == [nil, nil, .handshakes, .handshakes])
    #expect(census.enter(other, over: .dot, handshakeAt: 7) == nil)
    #expect(census.enter(client) == nil)
    #expect(census.enter(client, over: .doh, handshakeAt: 8) == nil)
    #expect(census.open(over: .dot) == 3 && census.open(over: .tcp) == 1)
    census.leave(client, over: .dot)
    #expect(census.open(over: .dot) == 2 && census.open == 4)
    settings.handshakesPerSecond = 0
    census.update(settings)
    #expect((0..<9).allSatisfy { _ in census.enter(other, over: .dot, handshakeAt: 8) == nil })
  }
}
