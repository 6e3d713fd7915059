import Addressing
import Dnstap
import Testing

/// The octets were made by `protoc --encode` from a schema of the published field numbers.
@Suite struct EncoderTests {
  @Test func aHitIsEncodedWithItsPolicy() {
    var record = TapRecord(
      kind: .clientQuery, carrier: .udp, client: endpoint("192.0.2.7", 40_000),
      server: endpoint("127.0.0.1", 53))
    record.queryTime = 1_700_000_000_123_456
    record.policy = .init(action: 6, match: 1, offset: 0, generation: 1, payload: 2)
    var encoder = DnstapEncoder(identity: "ns1", version: "ponor")
    let frame = encoder.encode(
      record, name: [3, 97, 98, 99, 3, 99, 111, 109, 0], message: [0x12, 0x34, 1, 0],
      rule: .init(type: "DGA", rule: Array("conficker/a 2009 17".utf8)))
    #expect(
      hex(frame)
        == "0a036e73311205706f6e6f7272540805100118012204c00002072a047f00000130c0b80238354080e2cfaa06"
        + "4d00ca5b075204123401007a290a034447411213636f6e6669636b65722f612032303039203137180620012a"
        + "090361626303636f6d007801")
  }

  @Test func aResponseOverHTTPSWithoutAQueryTime() {
    var record = TapRecord(
      kind: .clientResponse, carrier: .doh, client: endpoint("2001:db8::1", 0),
      server: endpoint("2001:db8::53", 443))
    record.responseTime = 1_700_000_001_000_000
    var encoder = DnstapEncoder(identity: "", version: "")
    let frame = encoder.encode(
      record, name: [], message: [0x12, 0x34, 0x81, 0x80, 0xFF], rule: nil)
    #expect(
      hex(frame)
        == "723f080610021804221020010db80000000000000000000000012a1020010db800000000000000000000005338"
        + "bb036081e2cfaa066d00000000720512348180ff7801")
  }

  @Test func anEncoderIsUsedAgain() {
    let record = TapRecord(
      kind: .clientQuery, carrier: .tcp, client: endpoint("192.0.2.7", 1),
      server: endpoint("192.0.2.8", 53))
    var encoder = DnstapEncoder(identity: "a", version: "b")
    let first = encoder.encode(record, name: [], message: [1, 2], rule: nil)
    _ = encoder.encode(record, name: [], message: Array(repeating: 7, count: 4000), rule: nil)
    #expect(encoder.encode(record, name: [], message: [1, 2], rule: nil) == first)
  }
}

func endpoint(_ text: String, _ port: UInt16) -> SocketEndpoint {
  SocketEndpoint(address: IPAddress(text) ?? IPAddress(ipv4: 0), port: port)
}

private func hex(_ octets: [UInt8]) -> String {
  octets.map { octet in
    let text = String(octet, radix: 16)
    return text.count == 1 ? "0" + text : text
  }.joined()
}
