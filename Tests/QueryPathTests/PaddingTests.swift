import DNSServer
import DNSWire
import QueryPath
import Testing

/// The options an answer gets because of its transport (RFC 7828, RFC 7830, RFC 8467).
@Suite struct PaddingTests {
  private static let keepaliveOctets = 6

  /// Octets of a message of `size` octets after the options, with at most `limit`.
  private func written(
    _ size: Int, _ transport: Transport, limit: Int = Limits.messageOctets, padding: Bool = true,
    keepalive: Bool = false
  ) -> [UInt8]? {
    var edns = Request.EDNS()
    edns.wantsPadding = padding
    edns.wantsKeepalive = keepalive
    return WireWriter.array(capacity: Limits.messageOctets) { writer in
      for _ in 0..<size { writer.append(0xAA) }
      StreamTraits(transport: transport, idleTimeout: 300).append(
        edns, limit: limit, into: &writer)
    }
  }

  @Test("encrypted answers have a multiple of 468 octets, whatever else is in them")
  func blocks() throws {
    for size in [12, 40, 463, 464, 465, 468, 469, 900, 932, 933, 4000] {
      for transport in [Transport.dot, .doh] {
        let octets = try #require(written(size, transport))
        #expect(octets.count % StreamTraits.blockOctets == 0)
        #expect(octets.count >= size + 4 && octets.count < size + 4 + StreamTraits.blockOctets)
        let length = Int(octets[size + 2]) << 8 | Int(octets[size + 3])
        #expect(octets[size] == 0 && octets[size + 1] == 12 && length == octets.count - size - 4)
        #expect(octets[(size + 4)...].allSatisfy { $0 == 0 })
      }
    }
  }

  @Test("never over the limit: padded up to it, or not at all")
  func limits() {
    #expect(written(500, .dot, limit: 600)?.count == 600)
    #expect(written(596, .dot, limit: 600)?.count == 600)
    #expect(written(597, .dot, limit: 600)?.count == 597)
    #expect(written(65_520, .doh)?.count == 65_535)
    #expect(written(65_535, .doh)?.count == 65_535)
  }

  @Test("only padded queries get padded answers, and only where they are encrypted")
  func onlyWhereAsked() {
    #expect(written(40, .dot, padding: false)?.count == 40)
    #expect(written(40, .tcp)?.count == 40)
    #expect(written(40, .udp)?.count == 40)
  }

  @Test("the idle time-out is told over TCP and TLS only, and counted by the padding")
  func keepalive() {
    let bare = written(40, .tcp, padding: false, keepalive: true)
    #expect(bare?.suffix(Self.keepaliveOctets) == [0, 11, 0, 2, 1, 44])
    #expect(written(40, .udp, padding: false, keepalive: true)?.count == 40)
    #expect(written(40, .doh, padding: false, keepalive: true)?.count == 40)
    #expect(written(40, .dot, keepalive: true)?.count == StreamTraits.blockOctets)
    #expect(written(595, .tcp, limit: 600, keepalive: true)?.count == 595)
  }
}
