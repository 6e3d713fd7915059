import DNSWire
import FuzzEntries
import Testing
import WireSamples

@Suite struct MessageTests {
  @Test("what is encoded is decoded to the same value")
  func roundTrip() throws {
    let seed = testSeed()
    var random = SeededGenerator(seed: seed)
    for round in 0..<3_000 {
      let message = round % 2 == 0 ? random.message() : random.response()
      let octets = try #require(message.encoded())
      #expect(try Message(decoding: octets.span) == message, "seed \(seed) round \(round)")
    }
  }

  @Test("compression pays and stays within the message")
  func compression() throws {
    var message = Message(query: try Name("www.example.com"), .mx)
    for host in ["a", "b", "c"] {
      let mx = MX(preference: 10, exchange: try Name("\(host).example.com"))
      message.answers.append(
        ResourceRecord(owner: message.questions[0].name, ttl: 60, rdata: .mx(mx)))
    }
    // Header 12, question 21; a record has a pointer, 10 fixed octets, preference, label, pointer.
    let perRecord: Int = 2 + 10 + 2 + 2 + 2
    #expect(message.encoded()?.count == 33 + 3 * perRecord)
  }

  @Test("a message above 65,535 octets is not encoded")
  func tooLong() {
    var message = Message()
    let txt = TXT(String(repeating: "x", count: 30_000))
    message.answers = [ResourceRecord](
      repeating: ResourceRecord(owner: .root, ttl: 0, rdata: .txt(txt)), count: 2)
    #expect(message.encoded() != nil)
    message.answers += [message.answers[0]]
    #expect(message.encoded() == nil)
  }

  @Test("upper bits of the response code travel in the OPT record")
  func extendedCode() throws {
    var message = Message(query: .root, .ns, edns: .init())
    message.rcode = .badVersion
    let octets = try #require(message.encoded())
    #expect(octets[3] & 0x0F == 0)
    #expect(try Message(decoding: octets.span).rcode == .badVersion)
  }

  @Test("names inside old types are expanded, so that records can move")
  func oldTypes() throws {
    // MINFO (type 14) with two pointers to the question's name.
    var octets = try #require(Message(query: try Name("a.b"), .any).encoded())
    octets[7] = 1
    octets += [0xC0, 12, 0, 14, 0, 1, 0, 0, 0, 0, 0, 4, 0xC0, 12, 0xC0, 14]
    let message = try Message(decoding: octets.span)
    #expect(message.answers[0].rdata == .unknown(.init(rawValue: 14), [1, 97, 1, 98, 0, 1, 98, 0]))
  }

  @Test(
    "malformed client subnets are refused",
    arguments: [
      [0, 1, 24, 0, 192, 0],  // address too short
      [0, 1, 24, 0, 192, 0, 2, 1],  // too long
      [0, 1, 23, 0, 192, 0, 3],  // a bit behind the prefix
      [0, 1, 33, 0, 192, 0, 2, 1, 0],  // wider than the address
      [0, 3, 0, 0],  // no such family
      [0, 1, 24],
    ] as [[UInt8]])
  func clientSubnet(_ data: [UInt8]) {
    var reader = WireReader(data.span)
    #expect(throws: WireError.self) { try EDNSOption(code: 8, reading: &reader) }
  }

  @Test("damaged messages never trap, and what is taken does not contradict itself")
  func mutations() {
    let seed = testSeed()
    var random = SeededGenerator(seed: seed)
    let entry = fuzzEntries.first { $0.name == "message" }
    for round in 0..<4_000 {
      let message = round % 2 == 0 ? random.message() : random.response()
      entry?.run(random.mutate(message.encoded() ?? [], changes: 1 + round % 6))
    }
  }
}
