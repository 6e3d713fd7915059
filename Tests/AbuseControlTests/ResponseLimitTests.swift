import AbuseControl
import Addressing
import Testing

@Suite struct ResponseLimitTests {
  private let start: Int64 = 1_764_000_000_000_000
  private let abuse = AbuseGuard(rateOctets: 1 << 16)

  private func limits(_ perSecond: Int, exempt: [IPPrefix] = []) -> ResponseLimits {
    var limits = ResponseLimits()
    for category in ResponseLimits.Category.allCases {
      limits.set(category, RateLimit(perSecond: perSecond))
    }
    limits.exempt = AddressSet(exempt)
    return limits
  }

  private func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }

  @Test("clients of one block share a limit, others do not")
  func blocks() throws {
    let limits = limits(1)
    func judge(_ client: String) throws -> RateVerdict {
      abuse.judge(.answer, subject: 1, limits, to: try address(client), at: start)
    }
    #expect(try judge("192.0.2.1") == .within)
    #expect(try judge("192.0.2.254") == .over)
    #expect(try judge("192.0.3.1") == .within)
    #expect(try judge("2001:db8:0:1::1") == .within)
    #expect(try judge("2001:db8:0:ff::1") == .over)
    #expect(try judge("2001:db8:0:100::1") == .within)
  }

  @Test("categories and subjects have limits of their own; all together have one more")
  func categories() throws {
    var limits = limits(1)
    limits.all = RateLimit(perSecond: 8)
    let client = try address("192.0.2.1")
    var passed = 0
    for category in ResponseLimits.Category.allCases {
      #expect(abuse.judge(category, subject: 1, limits, to: client, at: start) == .within)
      #expect(abuse.judge(category, subject: 1, limits, to: client, at: start) != .within)
      passed += 2
    }
    #expect(passed == 8)
    #expect(abuse.judge(.answer, subject: 2, limits, to: client, at: start) == .over)
  }

  @Test("exempt clients are never limited")
  func exempt() throws {
    let limits = limits(1, exempt: [try #require(IPPrefix("192.0.2.0/24"))])
    for _ in 0..<100 {
      #expect(
        abuse.judge(.error, subject: 0, limits, to: try address("192.0.2.9"), at: start) == .within)
    }
  }

  @Test("a query limit counts each client by itself")
  func queries() throws {
    let limit = QueryLimit(
      rate: RateLimit(perSecond: 3, window: 1), effect: .drop,
      blocks: ClientBlocks(ipv4: 32, ipv6: 56), exempt: AddressSet([]))
    let clients = [try address("192.0.2.1"), try address("192.0.2.2")]
    for client in clients {
      let over = (0..<5).map { _ in abuse.isOver(limit, client, at: start) }
      #expect(over == [false, false, false, true, true])
    }
    #expect(!abuse.isOver(limit, clients[0], at: start + 2_000_000))
  }

  @Test(
    "blocks cut addresses at their bits",
    arguments: [
      ("192.0.2.77", 24, 56, "192.0.2.0"), ("192.0.2.77", 32, 56, "192.0.2.77"),
      ("192.0.2.77", 0, 56, "0.0.0.0"), ("2001:db8:1:2345::9", 24, 56, "2001:db8:1:2300::"),
      ("2001:db8:1:2345::9", 24, 64, "2001:db8:1:2345::"), ("2001:db8::9", 24, 128, "2001:db8::9"),
      ("2001:db8::ffff", 24, 120, "2001:db8::ff00"), ("2001:db8::9", 24, 0, "::"),
    ])
  func blockOf(client: String, ipv4: Int, ipv6: Int, expected: String) throws {
    let block = ClientBlocks(ipv4: ipv4, ipv6: ipv6).block(of: try address(client))
    #expect("\(block)" == expected)
  }
}
