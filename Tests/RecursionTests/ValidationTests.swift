import DNSWire
import Recursion
import Testing

/// Answers of a real server, validated, in `forward` mode.
@Suite(.lab) struct ValidationTests {
  let resolver: Resolver

  init() throws {
    resolver = try Resolver(#require(Lab.current).options)
  }

  private func ask(_ name: String, _ type: RRType = .a) async throws -> Answer {
    let answer = try await resolver.ask(name, type)
    resolver.stop(drain: .zero)
    return answer
  }

  @Test("A signed answer is secure, has AD, and comes with its signatures and OPT")
  func secure() async throws {
    let answer = try await ask("www.good.")
    #expect(answer.status == .secure)
    #expect(answer.rcode == .noError)
    #expect(answer.isAuthentic)
    #expect(answer.answerCount == 2)
    #expect(answer.contains([192, 0, 2, 1]))
    // ID 0; QR, RD; RA, AD; one question; an OPT record (root name, type 41) at the end.
    #expect(answer.packet.prefix(6) == [0, 0, 0x81, 0xA0, 0, 1])
    #expect(answer.packet.suffix(11).prefix(3) == [0, 0, 41])
    #expect(answer.explanation == nil)
  }

  @Test("An unsigned zone below a signed one is insecure")
  func insecure() async throws {
    let answer = try await ask("www.plain.")
    #expect(answer.status == .insecure)
    #expect(answer.rcode == .noError)
    #expect(!answer.isAuthentic)
    #expect(answer.contains([192, 0, 2, 1]))
  }

  @Test("A name that does not exist is NXDOMAIN, and secure")
  func nameError() async throws {
    let answer = try await ask("missing.good.")
    #expect(answer.rcode == .nameError)
    #expect(answer.status == .secure)
    #expect(answer.packet.count > 12)
  }

  @Test("Without validation nothing is secure")
  func unvalidated() async throws {
    var options = try #require(Lab.current).options
    options.validate = false
    let plain = try Resolver(options)
    let answer = try await plain.ask("www.altered.")
    plain.stop(drain: .zero)
    #expect(answer.status == .insecure)
    #expect(answer.contains([192, 0, 2, 66]))
  }

  @Test(
    "A broken zone is bogus, with its data and the right explanation",
    arguments: [
      ("www.altered.", ExtendedError.dnssecBogus, "signature verification failed"),
      ("www.expired.", .signatureExpired, "signature expired"),
      ("www.future.", .signatureNotYetValid, "signature before inception date"),
      ("www.nosigs.", .rrsigsMissing, "no signatures"),
      ("www.stripped.", .dnskeyMissing, "No DNSKEY record"),
      ("www.wrongds.", .dnskeyMissing, "DS hash mismatches key"),
      ("gone.nodenial.", .nsecMissing, "no DNSSEC records"),
    ])
  func bogus(name: String, explanation: ExtendedError, phrase: String) async throws {
    let answer = try await ask(name)
    #expect(answer.status == .bogus)
    #expect(answer.explanation == explanation)
    #expect(answer.reason?.contains(phrase) == true)
    #expect(!answer.isAuthentic)
    if name.hasPrefix("www") {
      #expect(answer.rcode == .noError)
      #expect(answer.answerCount >= 1)
    }
  }

  @Test("Bogus data is given again while libunbound keeps it, as bogus and with its data")
  func bogusAgain() async throws {
    let first = try await resolver.ask("www.altered.")
    let second = try await ask("www.altered.")
    #expect(first.status == .bogus)
    #expect(second.status == .bogus)
    #expect(second.contains([192, 0, 2, 66]))
    // Without CD, RA and RD as for any answer.
    #expect(second.packet.prefix(4) == [0, 0, 0x81, 0x80])
    #expect(second.explanation == .dnssecBogus)
    #expect(second.reason == first.reason)
  }

  @Test("A CNAME chain comes whole")
  func chain() async throws {
    let answer = try await ask("alias.plain.")
    #expect(answer.rcode == .noError)
    #expect(answer.contains([192, 0, 2, 1]))
  }

  @Test(
    "libunbound answers nothing by itself: special names are asked for like others",
    arguments: [
      "localhost.", "www.localhost.", "a.test.", "b.invalid.", "c.onion.", "router.home.arpa.",
      "1.0.0.127.in-addr.arpa.", "4.3.2.10.in-addr.arpa.", "1.1.31.172.in-addr.arpa.",
      "1.1.100.100.in-addr.arpa.", "255.255.255.255.in-addr.arpa.", "1.8.e.f.ip6.arpa.",
      "8.b.d.0.1.0.0.2.ip6.arpa.",
      "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa.",
    ])
  func noLocalZones(name: String) async throws {
    // The lab's root signs that these do not exist; libunbound's own answers are insecure.
    let answer = try await ask(name, .ptr)
    #expect(answer.rcode == .nameError)
    #expect(answer.status == .secure)
  }

  @Test("Every octet a name can hold reaches the server as it is")
  func oddNames() async throws {
    let name = try Name(
      wire: [6, 0, 0x2E, 0x5C, 0x22, 0xFF, 0x20, 4] + Array("wild".utf8)
        + [4] + Array("good".utf8) + [0])
    let counter = CountingClient()
    #expect(resolver.submit(name, .txt, client: counter))
    resolver.stop(drain: .seconds(20))
    #expect(counter.count == 1)
    #expect(resolver.statistics.total.secure == 1)
  }
}
