import DNSWire
import DoHMessages
import Testing

@Suite struct FreshnessTests {
  /// A response to `a.` type A with records `(type, ttl, rdata)` per section.
  private func response(
    rcode: UInt8 = 0, answers: [(UInt16, UInt32, [UInt8])] = [],
    authorities: [(UInt16, UInt32, [UInt8])] = []
  ) -> [UInt8] {
    var octets: [UInt8] = [0, 0, 0x81, 0x80 | rcode, 0, 1]
    octets += [0, UInt8(answers.count), 0, UInt8(authorities.count), 0, 0]
    octets += [1, 0x61, 0, 0, 1, 0, 1]
    for (type, ttl, rdata) in answers + authorities {
      octets += [0xC0, 12, UInt8(type >> 8), UInt8(type & 255), 0, 1]
      octets += (0..<4).map { UInt8(truncatingIfNeeded: ttl >> (24 - 8 * $0)) }
      octets += [0, UInt8(rdata.count)] + rdata
    }
    return octets
  }

  private func seconds(_ message: [UInt8]) -> UInt32 { Freshness.seconds(of: message.span) }

  private let address: [UInt8] = [192, 0, 2, 1]
  /// An SOA with root names and MINIMUM 300.
  private let soa: [UInt8] = [0, 0] + [UInt8](repeating: 0, count: 16) + [0, 0, 1, 44]

  @Test("the smallest TTL of the answers counts")
  func positive() {
    let message = response(answers: [(5, 600, [0]), (1, 60, address), (1, 90, address)])
    #expect(seconds(message) == 60)
  }

  @Test("a negative answer lasts as its SOA says, the TTL or the minimum")
  func negative() {
    #expect(seconds(response(rcode: 3, authorities: [(6, 900, soa)])) == 300)
    #expect(seconds(response(authorities: [(6, 30, soa)])) == 30)
    let chain = response(answers: [(5, 600, [0])], authorities: [(6, 900, soa)])
    #expect(seconds(chain) == 300)
  }

  @Test("failures, empty and damaged answers are not kept")
  func none() {
    #expect(seconds(response(rcode: 2, answers: [(1, 60, address)])) == 0)
    #expect(seconds(response()) == 0)
    let whole = response(answers: [(1, 60, address)])
    for count in whole.indices { #expect(seconds(Array(whole[..<count])) == 0) }
  }
}
