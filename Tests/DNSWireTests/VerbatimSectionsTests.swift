import DNSWire
import Testing
import WireSamples

@Suite struct VerbatimSectionsTests {
  /// A response to `www.example.com. A` with OPT, as libunbound writes it.
  private func response(
    type: RRType = .a, answers: [ResourceRecord], authorities: [ResourceRecord] = []
  ) throws -> [UInt8] {
    var message = Message(query: try Name("www.example.com"), type, edns: .init(dnssecOK: true))
    message.flags = [.response, .recursionAvailable]
    message.answers = answers
    message.authorities = authorities
    return try #require(message.encoded())
  }

  private func record(_ owner: String, ttl: UInt32 = 300, _ rdata: RData) throws -> ResourceRecord {
    ResourceRecord(owner: try Name(owner), ttl: ttl, rdata: rdata)
  }

  private func signature(_ owner: String, ttl: UInt32 = 300) throws -> ResourceRecord {
    var random = SeededGenerator(seed: 1)
    return try record(owner, ttl: ttl, .rrsig(random.rrsig(covered: .a)))
  }

  private func take(_ octets: [UInt8], keepDNSSEC: Bool) -> VerbatimSections? {
    VerbatimSections(octets.span, keepDNSSEC: keepDNSSEC)
  }

  /// Takes a response over, and expects what rewriting it gives.
  private func expectTakenOver(_ octets: [UInt8], keepDNSSEC: Bool) throws {
    let taken = try #require(take(octets, keepDNSSEC: keepDNSSEC))
    let rewritten = try MessageRewriter(keepDNSSEC: keepDNSSEC).rewrite(octets.span)
    #expect(taken.octets == rewritten.octets)
    #expect(taken.ttlOffsets == rewritten.ttlOffsets)
    #expect(taken.minimumTTL == rewritten.minimumTTL)
    #expect(taken.answerCount == rewritten.answerCount)
    #expect(taken.authorityCount == rewritten.authorityCount)
    #expect(taken.additionalCount == rewritten.additionalCount)
  }

  @Test("addresses are taken over, OPT is left out", arguments: [false, true])
  func addresses(keepDNSSEC: Bool) throws {
    let octets = try response(
      answers: [
        record("www.example.com", .a(0xC000_0201)), record("www.example.com", ttl: 60, .a(2)),
      ])
    try expectTakenOver(octets, keepDNSSEC: keepDNSSEC)
  }

  @Test("signatures are kept for who wants them, and leave no gap for others")
  func signatures() throws {
    let octets = try response(
      answers: [
        record("www.example.com", .a(1)), signature("www.example.com", ttl: 9),
        record("www.example.com", .a(2)),
      ])
    try expectTakenOver(octets, keepDNSSEC: true)
    try expectTakenOver(octets, keepDNSSEC: false)
  }

  @Test("a name behind a gap could be pointed at: it is left to the rewriter")
  func namesBehindGaps() throws {
    let octets = try response(
      answers: [
        record("www.example.com", .a(1)), signature("www.example.com"),
        record("other.example.com", .a(2)),
      ])
    #expect(take(octets, keepDNSSEC: false) == nil)
    #expect(take(octets, keepDNSSEC: true) != nil)
  }

  @Test("aliases, names in data, questions for signatures and answers of nothing are left")
  func others() throws {
    let answers = try [
      [record("www.example.com", .cname(Name("a.example.com"))), record("a.example.com", .a(1))],
      [record("www.example.com", .mx(MX(preference: 1, exchange: Name("a.example.com"))))],
      [signature("www.example.com")],
      [record("www.example.com", ttl: 0x8000_0000, .a(1))],
      [],
    ]
    for answers in answers {
      let octets = try response(answers: answers)
      #expect(take(octets, keepDNSSEC: false) == nil)
    }
    for type in [RRType.rrsig, .any, .nsec] {
      let octets = try response(type: type, answers: [record("www.example.com", .a(1))])
      #expect(take(octets, keepDNSSEC: false) == nil)
    }
  }

  @Test("no prefix and no damaged octet traps")
  func damage() throws {
    let octets = try response(
      answers: [record("www.example.com", .a(1)), signature("www.example.com")])
    for count in octets.indices {
      let part = Array(octets[..<count])
      #expect(take(part, keepDNSSEC: false) == nil)
    }
    for index in octets.indices {
      for value in [0, 0x3F, 0xC0, 0xFF] as [UInt8] {
        var damaged = octets
        damaged[index] = value
        _ = take(damaged, keepDNSSEC: false)
      }
    }
  }
}
