import DNSWire
import Testing
import Zones

@Suite struct AnswerTests {
  private static let records = """
    @ NS ns1
    @ NS ns.elsewhere.example.
    @ MX 10 mail
    ns1 A 192.0.2.1
    ns1 AAAA 2001:db8::1
    mail A 192.0.2.25
    www A 192.0.2.80
    www A 192.0.2.81
    alias CNAME www
    chain CNAME alias
    out CNAME www.elsewhere.example.
    dangling CNAME missing
    loop1 CNAME loop2
    loop2 CNAME loop1
    self CNAME self
    a.b.c TXT "deep"
    *.wild TXT "star"
    x.wild A 192.0.2.3
    *.alias.wild CNAME www
    deep.ent.wild A 192.0.2.4
    sub NS ns.sub
    sub NS ns2.sub
    sub DS 1 13 2 0000000000000000000000000000000000000000000000000000000000000000
    ns.sub A 192.0.2.53
    ns2.sub AAAA 2001:db8::53
    hidden.sub TXT "occluded"
    old DNAME new
    x.new A 192.0.2.7
    away DNAME elsewhere.example.
    round DNAME r.round
    _sip._tcp SRV 0 0 5060 mail
    """

  private let fixture: ZoneFixture

  init() throws {
    fixture = try ZoneFixture(Self.records)
    let errors = fixture.errors
    #expect(errors == [])
  }

  private func ask(_ name: String, _ type: RRType, limit: Int = 4096) throws -> Reply {
    let reply = try fixture.set.ask(name, type, limit: limit)
    return try #require(reply)
  }

  private let soa =
    "example.net. 120 IN SOA ns1.example.net. hostmaster.example.net. "
    + "7 3600 600 86400 120"

  @Test("an RRset is answered with AA, in the letter case of the question")
  func exact() throws {
    let reply = try ask("wWw.Example.net", .a)
    #expect(reply.answer.kind == .answer)
    #expect(reply.answer.authoritative)
    #expect(
      reply.message.answers.texts == [
        "wWw.Example.net. 300 IN A 192.0.2.80", "wWw.Example.net. 300 IN A 192.0.2.81",
      ])
    #expect(reply.message.authorities.isEmpty)
  }

  @Test("a missing type is NODATA with the SOA record at its capped TTL (RFC 2308 §3)")
  func noData() throws {
    for name in ["www.example.net", "example.net", "b.c.example.net", "c.example.net"] {
      let reply = try ask(name, .hinfo)
      #expect(reply.answer.kind == .noData)
      #expect(reply.answer.rcode == .noError)
      #expect(reply.message.answers.isEmpty)
      #expect(reply.message.authorities.texts == [soa])
    }
  }

  @Test(
    "a missing name is NXDOMAIN with the SOA record",
    arguments: [
      "missing.example.net", "x.www.example.net", "x.a.b.c.example.net", "b.example.net",
    ])
  func nameError(name: String) throws {
    let reply = try ask(name, .a)
    #expect(reply.answer.kind == .nameError)
    #expect(reply.answer.rcode == .nameError)
    #expect(reply.answer.authoritative)
    #expect(reply.message.authorities.texts == [soa])
  }

  @Test("CNAMEs are followed within the zone and asked for themselves are not")
  func aliases() throws {
    let reply = try ask("chain.example.net", .a)
    #expect(
      reply.message.answers.map(\.type) == [.cname, .cname, .a, .a])
    #expect(reply.answer.aliasCount == 2)
    #expect(!reply.answer.leavesZone)
    let itself = try ask("chain.example.net", .cname)
    #expect(itself.message.answers.count == 1)
    let outside = try ask("out.example.net", .a)
    #expect(outside.answer.leavesZone)
    #expect(outside.message.answers.count == 1)
    let dangling = try ask("dangling.example.net", .a)
    #expect(dangling.answer.rcode == .nameError)
    #expect(dangling.message.answers.count == 1)
    #expect(dangling.message.authorities.texts == [soa])
  }

  @Test("loops of CNAMEs end", arguments: ["loop1.example.net", "self.example.net"])
  func loops(name: String) throws {
    let reply = try ask(name, .a)
    #expect(reply.answer.rcode == .noError)
    #expect(reply.message.answers.count <= 3)
  }

  @Test("wildcards: expansion, NODATA, CNAME, and what blocks them (RFC 4592)")
  func wildcards() throws {
    let reply1 = try ask("any.thing.wild.example.net", .txt)
    #expect(
      reply1.message.answers.texts
        == ["any.thing.wild.example.net. 300 IN TXT \"star\""])
    let reply2 = try ask("y.wild.example.net", .a)
    #expect(reply2.answer.kind == .noData)
    let reply3 = try ask("x.wild.example.net", .txt)
    #expect(reply3.answer.kind == .noData)
    let reply4 = try ask("y.x.wild.example.net", .txt)
    #expect(reply4.answer.kind == .nameError)
    // The empty non-terminal "ent.wild" exists, and so does what blocks the wildcard below it.
    let reply5 = try ask("ent.wild.example.net", .txt)
    #expect(reply5.answer.kind == .noData)
    let reply6 = try ask("z.ent.wild.example.net", .txt)
    #expect(reply6.answer.kind == .nameError)
    let alias = try ask("q.alias.wild.example.net", .a)
    #expect(alias.message.answers.map(\.type) == [.cname, .a, .a])
    let reply7 = try ask("*.wild.example.net", .txt)
    #expect(
      reply7.message.answers.texts
        == ["*.wild.example.net. 300 IN TXT \"star\""])
  }

  @Test(
    "names at and below a delegation give a referral with glue and without AA",
    arguments: [
      "sub.example.net", "ns.sub.example.net", "hidden.sub.example.net", "a.b.sub.example.net",
    ])
  func referral(name: String) throws {
    let reply = try ask(name, .txt)
    #expect(reply.answer.kind == .referral)
    #expect(!reply.answer.authoritative)
    #expect(reply.message.answers.isEmpty)
    #expect(reply.message.authorities.map(\.type) == [.ns, .ns])
    #expect(
      reply.message.additionals.texts == [
        "ns.sub.example.net. 300 IN A 192.0.2.53", "ns2.sub.example.net. 300 IN AAAA 2001:db8::53",
      ])
  }

  @Test("the parent answers for DS at a zone cut (RFC 4035 §3.1.4.1)")
  func delegationSigner() throws {
    let reply = try ask("sub.example.net", .ds)
    #expect(reply.answer.kind == .answer)
    #expect(reply.answer.authoritative)
    #expect(reply.message.answers.map(\.type) == [.ds])
    let reply8 = try ask("example.net", .ds)
    #expect(reply8.answer.kind == .noData)
  }

  @Test("DNAME with a synthesised CNAME (RFC 6672)")
  func dname() throws {
    let reply = try ask("x.old.example.net", .a)
    #expect(
      reply.message.answers.texts == [
        "old.example.net. 300 IN DNAME new.example.net.",
        "x.new.example.net. 300 IN A 192.0.2.7",
        "x.old.example.net. 300 IN CNAME x.new.example.net.",
      ])
    let reply9 = try ask("y.old.example.net", .a)
    #expect(reply9.answer.rcode == .nameError)
    let reply10 = try ask("old.example.net", .a)
    #expect(reply10.answer.kind == .noData)
    let reply11 = try ask("old.example.net", .dname)
    #expect(reply11.message.answers.count == 1)
    let reply12 = try ask("x.away.example.net", .a)
    #expect(reply12.answer.leavesZone)
    let reply13 = try ask("x.round.example.net", .a)
    #expect(reply13.message.answers.count == 2)
  }

  @Test("a DNAME that makes the name too long gives YXDOMAIN (RFC 6672 §3.2)")
  func dnameTooLong() throws {
    let label = String(repeating: "l", count: 60)
    let name = [label, label, label, String(repeating: "m", count: 53), "away.example.net"]
      .joined(separator: ".")
    let reply = try ask(name, .a)
    #expect(reply.answer.kind == .nameTooLong)
    #expect(reply.answer.rcode.rawValue == 6)
    #expect(reply.message.answers.map(\.type) == [.dname])
  }

  @Test("addresses of NS, MX and SRV targets are added when they fit")
  func additional() throws {
    let reply14 = try ask("example.net", .mx)
    #expect(reply14.message.additionals.count == 1)
    let reply15 = try ask("_sip._tcp.example.net", .srv)
    #expect(reply15.message.additionals.count == 1)
    let reply16 = try ask("example.net", .ns)
    #expect(reply16.message.additionals.count == 2)
    let tight = try ask("example.net", .ns, limit: 85)
    #expect(tight.message.additionals.isEmpty)
    #expect(!tight.answer.truncated)
  }

  @Test("ANY is answered with one RRset (RFC 8482 §4.1)")
  func any() throws {
    let reply17 = try ask("example.net", .any)
    #expect(reply17.message.answers.map(\.type) == [.soa])
    let reply18 = try ask("chain.example.net", .any)
    #expect(reply18.message.answers.map(\.type) == [.cname])
    let reply19 = try ask("b.c.example.net", .any)
    #expect(reply19.answer.kind == .noData)
  }

  @Test("transfers, transaction types and other classes are refused")
  func refusals() throws {
    let reply20 = try ask("example.net", .axfr)
    #expect(reply20.answer.rcode == .refused)
    let reply21 = try ask("example.net", .tkey)
    #expect(reply21.answer.rcode == .notImplemented)
    let chaos = try fixture.set.ask("www.example.net", .a, rrClass: .chaos)
    #expect(chaos?.answer.rcode == .refused)
  }

  @Test("what does not fit is cut by whole RRsets, with TC")
  func truncation() throws {
    let answer = try ask("chain.example.net", .a, limit: 75)
    #expect(answer.answer.truncated)
    #expect(answer.message.answers.map(\.type) == [.cname, .cname])
    #expect(answer.message.authorities.isEmpty)
    let negative = try ask("missing.example.net", .a, limit: 50)
    #expect(negative.answer.truncated)
    let referral = try ask("sub.example.net", .a, limit: 95)
    #expect(referral.answer.truncated, "glue inside the delegated zone is required (RFC 9471)")
  }

  @Test("only names inside a zone are answered")
  func contains() throws {
    for name in ["www.example.org", "net", "xexample.net"] {
      let reply = try fixture.set.ask(name, .a)
      let isAnswered = reply != nil
      #expect(!isAnswered)
    }
    var buffer = NameBuffer()
    for (text, inside) in [("a.Example.NET", true), ("example.net", true), ("net", false)] {
      // A span of a temporary in a throwing expression crashes the compiler (6.3.1).
      let wire = try Name(text).wire
      _ = try buffer.load(from: wire.span, at: 0, allowCompression: false)
      let found = fixture.set.contains(buffer)
      #expect(found == inside)
    }
  }
}
