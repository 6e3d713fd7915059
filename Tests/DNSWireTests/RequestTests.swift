import DNSWire
import Testing
import WireSamples

@Suite struct RequestTests {
  @Test("a query of our own making is read back")
  func roundTrip() throws {
    let seed = testSeed()
    var random = SeededGenerator(seed: seed)
    for _ in 0..<500 {
      let query = random.query()
      let octets = try #require(query.encoded())
      var request = Request()
      #expect(request.parse(octets.span) == .query, "seed \(seed) \(octets)")
      #expect(request.id == query.id)
      #expect(Name(request.qname) == query.questions[0].name)
      #expect(request.qtype == query.questions[0].type)
      #expect(request.questionEnd == 16 + request.qname.count)
      #expect((request.edns != nil) == (query.edns != nil))
      #expect(request.edns?.dnssecOK == query.edns?.dnssecOK)
      let asksNSID = query.edns?.options.contains { $0.code == EDNSOptionCode.nsid }
      #expect(request.edns?.wantsNSID == asksNSID)
    }
  }

  private func outcome(_ change: (inout [UInt8]) -> Void) throws -> Request.Outcome {
    let query = Message(query: try Name("example.com"), .a, edns: .init(udpSize: 4_096))
    var octets = try #require(query.encoded())
    change(&octets)
    var request = Request()
    return request.parse(octets.span)
  }

  @Test("damage is answered, responses and fragments of headers are not")
  func outcomes() throws {
    #expect(try outcome { _ in } == .query)
    #expect(try outcome { $0.removeSubrange(11...) } == .ignore)
    #expect(try outcome { $0[2] |= 0x80 } == .ignore)
    #expect(try outcome { $0[2] |= 0x28 } == .error(.notImplemented))
    #expect(try outcome { $0[5] = 2 } == .error(.formatError))
    #expect(try outcome { $0[5] = 0 } == .error(.formatError))
    #expect(try outcome { $0.removeLast() } == .error(.formatError))
    #expect(try outcome { $0.append(0) } == .error(.formatError))
    #expect(try outcome { $0[12] = 0xC0 } == .error(.formatError))
    #expect(try outcome { $0[11] = 2 } == .error(.formatError))
    // The OPT record starts at octet 29: owner, type, size, extended code, version.
    #expect(try outcome { $0[35] = 1 } == .error(.badVersion))
    #expect(try outcome { $0[29] = 1 } == .error(.formatError))
    #expect(
      try outcome { octets in
        octets[7] = 1
        octets[11] = 0
      } == .error(.formatError))
    #expect(
      try outcome { octets in
        octets += octets[29...]
        octets[11] = 2
      } == .error(.formatError))
  }
}
