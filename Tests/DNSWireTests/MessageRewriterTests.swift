import DNSWire
import FuzzEntries
import Testing
import WireSamples

@Suite struct MessageRewriterTests {
  /// A response to `www.example.com. A` with the given records in presentation-like form.
  private func response(
    _ rcode: ResponseCode = .noError, type: RRType = .a, answers: [ResourceRecord] = [],
    authorities: [ResourceRecord] = [], additionals: [ResourceRecord] = []
  ) throws -> [UInt8] {
    var message = Message(query: try Name("www.example.com"), type, edns: .init(dnssecOK: true))
    message.flags = [.response, .recursionAvailable, .authenticData]
    message.rcode = rcode
    message.answers = answers
    message.authorities = authorities
    message.additionals = additionals
    return try #require(message.encoded())
  }

  private func record(_ owner: String, ttl: UInt32 = 300, _ rdata: RData) throws -> ResourceRecord {
    ResourceRecord(owner: try Name(owner), ttl: ttl, rdata: rdata)
  }

  private func signature(_ owner: String, _ covered: RRType) throws -> ResourceRecord {
    var random = SeededGenerator(seed: 1)
    return try record(owner, .rrsig(random.rrsig(covered: covered)))
  }

  private func soa(_ owner: String, ttl: UInt32, minimum: UInt32) throws -> ResourceRecord {
    try record(
      owner, ttl: ttl,
      .soa(
        SOA(
          primary: .root, mailbox: .root, serial: 1, refresh: 2, retry: 3, expire: 4,
          minimum: minimum)))
  }

  private func rewrite(
    _ octets: [UInt8], keepDNSSEC: Bool = false, limit: Int = Limits.messageOctets
  ) throws -> RewrittenAnswer {
    try MessageRewriter(keepDNSSEC: keepDNSSEC, maximumOctets: limit).rewrite(octets.span)
  }

  @Test("an address record is a pointer to the question and its data")
  func address() throws {
    let answer = try rewrite(
      response(answers: [record("WWW.example.com", ttl: 258, .a(0xC000_0201))]))
    #expect(answer.octets == [0xC0, 12, 0, 1, 0, 1, 0, 0, 1, 2, 0, 4, 192, 0, 2, 1])
    #expect(answer.ttlOffsets == [6] && answer.minimumTTL == 258 && answer.answerCount == 1)
    #expect(answer.answerEnd == 16 && answer.authorityEnd == 16 && answer.additionalCount == 0)
    #expect(!answer.isNegative && answer.negativeTTL == nil && answer.chain.isEmpty)
    #expect(answer.flags.contains([.response, .authenticData]))
  }

  @Test("aliases come first and in order, each with its signature, and can be cut")
  func chain() throws {
    let records = try [
      record("b.example.net", .a(1)), signature("b.example.net", .a),
      signature("a.example.net", .cname), record("a.example.net", .cname(Name("b.example.net"))),
      record("www.example.com", .cname(Name("a.example.net"))),
      signature("www.example.com", .cname),
    ]
    let octets = try response(answers: records)
    let answer = try rewrite(octets, keepDNSSEC: true)
    #expect(answer.chain.map(\.target) == [try Name("a.example.net"), try Name("b.example.net")])
    #expect(answer.chain.map(\.recordCount) == [2, 4])
    let whole = answer.message(answers: answer.answerCount, end: nil)
    let types = try Message(decoding: whole.span).answers.map(\.type)
    #expect(types == [.cname, .rrsig, .cname, .rrsig, .a, .rrsig])
    #expect(contradiction(in: answer, of: octets, keepDNSSEC: true) == nil)

    let plain = try rewrite(octets)
    #expect(plain.chain.map(\.recordCount) == [1, 2] && plain.answerCount == 3)
    let cut = plain.message(answers: 1, end: Int(plain.chain[0].end))
    #expect(try Message(decoding: cut.span).answers == [records[4]])
  }

  @Test("a DNAME stands before the alias made of it")
  func dname() throws {
    let records = try [
      record("www.example.com", .cname(Name("www.example.net"))),
      record("example.com", .dname(Name("example.net"))),
      record("www.example.net", .a(1)),
    ]
    let answer = try rewrite(response(answers: records))
    #expect(answer.chain.map(\.target) == [try Name("www.example.net")])
    #expect(answer.chain.map(\.recordCount) == [2])
    let whole = answer.message(answers: answer.answerCount, end: nil)
    #expect(try Message(decoding: whole.span).answers.map(\.type) == [.dname, .cname, .a])
  }

  @Test("a loop of aliases ends")
  func loop() throws {
    let records = try [
      record("www.example.com", .cname(Name("b.test"))),
      record("b.test", .cname(Name("www.example.com"))),
    ]
    let answer = try rewrite(response(answers: records))
    #expect(answer.chain.count == 2 && answer.answerCount == 2 && answer.isNegative)
  }

  @Test(
    "absence is remembered for the lower of the SOA's TTL and minimum",
    arguments: [
      (60, 300, 60), (300, 60, 60), (300, 0x8000_0000, 0),
    ] as [(UInt32, UInt32, UInt32)])
  func negative(_ ttl: UInt32, _ minimum: UInt32, _ expected: UInt32) throws {
    for rcode in [ResponseCode.noError, .nameError] {
      let authorities = [try soa("example.com", ttl: ttl, minimum: minimum)]
      let answer = try rewrite(response(rcode, authorities: authorities))
      #expect(answer.isNegative && answer.negativeTTL == expected && answer.rcode == rcode)
    }
  }

  @Test("a SOA of another zone, in another section, or with data says nothing of absence")
  func noNegativeTTL() throws {
    let foreign = try soa("example.net", ttl: 60, minimum: 60)
    #expect(try rewrite(response(.nameError, authorities: [foreign])).negativeTTL == nil)
    let own = try soa("example.com", ttl: 60, minimum: 60)
    #expect(try rewrite(response(.nameError, additionals: [own])).negativeTTL == nil)
    let data = try record("www.example.com", .a(1))
    let positive = try rewrite(response(answers: [data], authorities: [own]))
    #expect(!positive.isNegative && positive.negativeTTL == nil)
    #expect(try !rewrite(response(.serverFailure)).isNegative)
    // The SOA must be above the end of the chain, not above the question.
    let alias = try record("www.example.com", .cname(Name("a.example.net")))
    let chained = try rewrite(response(.nameError, answers: [alias], authorities: [foreign]))
    #expect(chained.isNegative && chained.negativeTTL == 60)
  }

  @Test("without DO, DNSSEC records stay only where they were asked for (RFC 4035 §3.2.1)")
  func stripping() throws {
    let answers = try [record("www.example.com", .a(1)), signature("www.example.com", .a)]
    let ds = DS(keyTag: 1, algorithm: 13, digestType: 2, digest: [1])
    let authorities = try [
      record("example.com", .ns(Name("ns.example.com"))), signature("example.com", .ns),
      record("example.com", .ds(ds)),
      record("example.com", .nsec(NSEC(next: .root, types: TypeBitmap([.a])))),
    ]
    func counts(_ type: RRType, keep: Bool = false) throws -> [UInt16] {
      let octets = try response(type: type, answers: answers, authorities: authorities)
      let answer = try rewrite(octets, keepDNSSEC: keep)
      return [answer.answerCount, answer.authorityCount, answer.additionalCount]
    }
    #expect(try counts(.a, keep: true) == [2, 4, 0])
    #expect(try counts(.a) == [1, 1, 0])
    #expect(try counts(.rrsig) == [2, 1, 0])
    #expect(try counts(.any) == [2, 1, 0])
  }

  @Test("a TTL with its top bit set counts as 0 (RFC 2181 §8)")
  func hugeTTL() throws {
    let answer = try rewrite(
      response(answers: [record("www.example.com", ttl: 0x8000_0000, .a(1))]))
    #expect(answer.minimumTTL == 0 && Array(answer.octets[6..<10]) == [0, 0, 0, 0])
  }

  @Test("the limit costs additional records first, then authority, then the answer")
  func limit() throws {
    let answers = try [record("www.example.com", .a(1))]
    let authorities = try [record("example.com", ttl: 5, .ns(Name("ns.example.com")))]
    let additionals = try [record("ns.example.com", ttl: 1, .a(2))]
    let octets = try response(answers: answers, authorities: authorities, additionals: additionals)
    let whole = try rewrite(octets)
    let size = whole.octets.count
    #expect(try rewrite(octets, limit: size) == whole)
    let first = try rewrite(octets, limit: size - 1)
    #expect(first.additionalCount == 0 && first.authorityCount == 1 && first.minimumTTL == 5)
    #expect(first.ttlOffsets.count == 2 && first.octets.count == Int(whole.authorityEnd))
    let second = try rewrite(octets, limit: Int(whole.authorityEnd) - 1)
    #expect(second.authorityCount == 0 && second.minimumTTL == 300 && second.octets.count == 16)
    #expect(throws: RewriteError.tooLarge(octets: 16, limit: 15)) { try rewrite(octets, limit: 15) }
  }

  @Test("what is no response to one question is refused")
  func refused() throws {
    var octets = try response()
    octets[2] &= 0x7F
    #expect(throws: RewriteError.notAResponse) { try rewrite(octets) }
    var none = Message()
    none.flags = .response
    let empty = try #require(none.encoded())
    #expect(throws: RewriteError.questionCount(0)) { try rewrite(empty) }
    #expect(throws: RewriteError.malformed(WireError(.truncated, at: 3))) {
      try rewrite([1, 2, 3])
    }
    let long = try response() + [0]
    #expect(throws: RewriteError.self) { try rewrite(long) }
  }

  @Test("answers agree with the responses they are made of")
  func agreement() throws {
    let seed = testSeed()
    var random = SeededGenerator(seed: seed)
    for round in 0..<3_000 {
      let octets = try #require(random.response().encoded())
      for keep in [false, true] {
        let answer = try rewrite(octets, keepDNSSEC: keep)
        let problem = contradiction(in: answer, of: octets, keepDNSSEC: keep)
        #expect(problem == nil, "seed \(seed) round \(round)")
      }
    }
  }

  @Test("a chain is followed for 32 aliases, and no record is lost behind them")
  func manyAliases() throws {
    var message = Message(query: try Name("n0.test"), .a)
    message.flags = .response
    for index in 0..<1_500 {
      message.answers.append(
        try record("n\(index).test", .cname(Name("n\(index + 1).test"))))
    }
    let octets = try #require(message.encoded())
    let answer = try rewrite(octets)
    #expect(answer.chain.count == 32 && answer.answerCount == 1_500)
  }
}
