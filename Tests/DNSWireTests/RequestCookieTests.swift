import DNSWire
import Testing

/// COOKIE options as `Request` reads them (RFC 7873), and options that come several times.
@Suite struct RequestCookieTests {
  private func packet(_ options: [(UInt16, [UInt8])], questions: UInt8 = 1) -> [UInt8] {
    var data: [UInt8] = []
    for (code, octets) in options {
      data += [UInt8(code >> 8), UInt8(code & 255), UInt8(octets.count >> 8)]
      data += [UInt8(octets.count & 255)] + octets
    }
    let question: [UInt8] = questions == 0 ? [] : [1, 0x61, 0, 0, 1, 0, 1]
    return [0, 7, 1, 0, 0, questions, 0, 0, 0, 0, 0, 1] + question
      + [0, 0, 41, 4, 208, 0, 0, 0, 0, UInt8(data.count >> 8), UInt8(data.count & 255)] + data
  }

  private func octets(_ count: Int, from first: UInt8 = 1) -> [UInt8] {
    (0..<count).map { first &+ UInt8($0) }
  }

  @Test("a client cookie alone, and with a server cookie of 16 octets")
  func pairs() throws {
    var request = Request()
    #expect(request.parse(packet([(10, octets(8))]).span) == .query)
    let alone = try #require(request.edns?.cookie)
    #expect(alone.client == 0x0102_0304_0506_0708)
    #expect(alone.serverOctets == 0)
    #expect(request.parse(packet([(10, octets(24))]).span) == .query)
    let pair = try #require(request.edns?.cookie)
    #expect(pair.client == 0x0102_0304_0506_0708)
    #expect(pair.serverOctets == 16)
    #expect(pair.serverHigh == 0x090A_0B0C_0D0E_0F10)
    #expect(pair.serverLow == 0x1112_1314_1516_1718)
  }

  @Test("lengths that RFC 7873 §5.2.2 allows, and those it does not", arguments: 0...64)
  func lengths(_ length: Int) {
    var request = Request()
    let isGood = length == 8 || (16...40).contains(length)
    let outcome = request.parse(packet([(10, octets(length))]).span)
    #expect(outcome == (isGood ? .query : .error(.formatError)))
    // The refusal still speaks EDNS.
    #expect(request.edns != nil)
    #expect((request.edns?.cookie != nil) == isGood)
  }

  @Test("of several cookies the first counts, whatever the others are")
  func repeated() {
    var request = Request()
    let options: [(UInt16, [UInt8])] = [
      (3, []), (10, octets(8)), (3, []), (10, octets(8, from: 9)), (10, octets(3)), (12, [0, 0]),
    ]
    #expect(request.parse(packet(options).span) == .query)
    #expect(request.edns?.cookie?.client == 0x0102_0304_0506_0708)
    #expect(request.edns?.wantsNSID == true)
    #expect(request.parse(packet(options.reversed()).span) == .error(.formatError))
  }

  @Test("no question is a query only with a cookie (RFC 7873 §5.4)")
  func cookieOnly() {
    var request = Request()
    #expect(request.parse(packet([(10, octets(8))], questions: 0).span) == .cookieOnly)
    #expect(request.questionEnd == 0)
    #expect(request.parse(packet([(3, [])], questions: 0).span) == .error(.formatError))
    #expect(request.parse(packet([(10, octets(8))], questions: 2).span) == .error(.formatError))
  }

  @Test("options are where the packet has them")
  func places() throws {
    var request = Request()
    let packet = packet([(8, octets(5)), (10, octets(8))])
    #expect(request.parse(packet.span) == .query)
    let options = try #require(request.edns?.options)
    #expect(Array(packet[options].prefix(9)) == [0, 8, 0, 5] + octets(5))
    #expect(options.count == 21)
  }
}
