import Addressing
import DNSServer
import Glibc
import Testing

@Suite struct UDPFleetTests {
  private func endpoint(_ number: UInt32) -> SocketEndpoint {
    // Every test process takes ports of its own from the whole of 127/8.
    SocketEndpoint(
      address: IPAddress(ipv4: 0x7F00_0000 | UInt32(getpid() & 0xFFF) << 8 | number),
      port: 5_301)
  }

  private func fleet(_ plan: UDPFleet.Plan, _ sockets: ListenSockets) throws -> UDPFleet {
    try UDPFleet(
      plan, sockets: sockets, makeHandler: { _ in TestHandler(kept: Kept()) }, onIdle: { _ in })
  }

  /// Sends `count` queries to an address, and says how many came back.
  private func ask(_ endpoint: SocketEndpoint, _ count: Int) -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    defer { close(descriptor) }
    var time = timeval(tv_sec: 2, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = endpoint.port.bigEndian
    address.sin_addr.s_addr = (endpoint.address.ipv4 ?? 0).bigEndian
    let code = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard code == 0 else { return 0 }
    var answered = 0
    for number in 0..<count {
      var query = [UInt8](repeating: 0, count: 12)
      query[1] = UInt8(truncatingIfNeeded: number)
      guard send(descriptor, query, query.count, 0) == query.count else { continue }
      var reply = [UInt8](repeating: 0, count: 64)
      if recv(descriptor, &reply, reply.count, 0) == 12, reply[2] & 0x80 != 0 { answered += 1 }
    }
    return answered
  }

  @Test("more and fewer workers, other addresses: every query is answered")
  func changes() throws {
    let sockets = ListenSockets()
    var plan = UDPFleet.Plan(endpoints: [endpoint(1)], workers: 1, gatherMicroseconds: 0)
    let fleet = try fleet(plan, sockets)
    fleet.start()
    #expect(ask(endpoint(1), 20) == 20)
    plan.workers = 3
    try fleet.change(to: plan)
    #expect(ask(endpoint(1), 20) == 20)
    plan.endpoints.append(endpoint(2))
    try fleet.change(to: plan)
    #expect(ask(endpoint(1), 20) == 20)
    #expect(ask(endpoint(2), 20) == 20)
    plan.workers = 2
    plan.endpoints = [endpoint(2)]
    try fleet.change(to: plan)
    #expect(ask(endpoint(2), 20) == 20)
    fleet.stop(emptying: true)
    #expect(fleet.statistics.received == 100)
    #expect(!sockets.endpoints.contains(endpoint(2)), "nobody has them open any more")
  }

  @Test("an address that cannot be had leaves everything as it was")
  func refused() throws {
    let sockets = ListenSockets()
    var plan = UDPFleet.Plan(endpoints: [endpoint(3)], workers: 1, gatherMicroseconds: 0)
    let fleet = try fleet(plan, sockets)
    fleet.start()
    let before = plan
    // No interface has a documentation address (RFC 5737).
    plan.endpoints.append(
      SocketEndpoint(address: IPAddress(ipv4: 0xC000_0201), port: 5_301))
    #expect(throws: SocketError.self) { try fleet.change(to: plan) }
    #expect(fleet.plan == before)
    #expect(ask(endpoint(3), 5) == 5)
    fleet.stop(emptying: true)
  }

  @Test("fewer sockets than workers are shared, more are all read")
  func inherited() throws {
    let place = endpoint(4)
    let first = ListenSockets()
    _ = try first.udp(place, wanted: 3)
    let plan = UDPFleet.Plan(endpoints: [place], workers: 2, gatherMicroseconds: 0)
    let fleet = try fleet(plan, ListenSockets(inherited: first.all))
    fleet.start()
    // The kernel spreads clients over the three sockets by their ports.
    for _ in 0..<24 { #expect(ask(place, 1) == 1) }
    fleet.stop(emptying: true)
  }

  @Test("as many addresses as the settings allow, each answered by one worker")
  func manyAddresses() throws {
    // server.listen takes 256; a watch reports at most 64 sockets at a time.
    let places = (0..<256).map { number in
      SocketEndpoint(address: endpoint(5).address, port: 20_000 + UInt16(number))
    }
    let plan = UDPFleet.Plan(endpoints: places, workers: 1, gatherMicroseconds: 0)
    let fleet = try fleet(plan, ListenSockets())
    fleet.start()
    for place in places { #expect(ask(place, 1) == 1) }
    fleet.stop(emptying: true)
    #expect(fleet.statistics.received == 256)
  }
}
