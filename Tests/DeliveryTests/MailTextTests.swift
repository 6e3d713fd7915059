import Delivery
import DeliveryRules
import Evidence
import Testing

@Suite struct MailTextTests {
  @Test("base64 lines do not depend on the pieces the octets come in")
  func lines() {
    let octets = (0..<1_000).map { UInt8(truncatingIfNeeded: $0) }
    let whole = Base64Text.encode(octets)
    for size in [1, 56, 57, 58, 999] {
      var lines = MailText.Base64Lines()
      var text = ""
      for start in stride(from: 0, to: octets.count, by: size) {
        text += lines.add(Array(octets[start..<min(start + size, octets.count)]))
      }
      text += lines.finish()
      #expect(text.split(separator: "\r\n").joined() == whole)
      #expect(text.split(separator: "\r\n").allSatisfy { $0.count <= 76 })
    }
  }

  @Test("dates and headers")
  func headers() {
    #expect(MailDate.text(microseconds: 1_795_316_400_250_009) == "22 Nov 2026 03:00:00 +0000")
    #expect(MailText.encoded("plain") == "plain")
    #expect(MailText.encoded("Zürich") == "=?utf-8?B?WsO8cmljaA==?=")
    #expect(MailText.encoded("a\r\nBcc: x").hasPrefix("=?utf-8?B?"), "no header is smuggled in")
  }

  @Test("IntelMQ's type is put in once")
  func types() {
    #expect(RedisSink.typed("{\"a\":1}") == "{\"__type\":\"Event\",\"a\":1}")
    #expect(RedisSink.typed("{}") == "{\"__type\":\"Event\"}")
    #expect(RedisSink.typed("{\"__type\":\"Event\"}") == "{\"__type\":\"Event\"}")
    #expect(RedisSink.typed("text") == "text")
  }

  @Test(
    "hosts and ports of addresses",
    arguments: [
      ("redis://h:1/2", "h", "1"), ("tcp://[2001:db8::1]:601", "2001:db8::1", "601"),
      ("tls://h", "h", ""), ("udp://[::1]", "::1", ""),
    ])
  func hosts(url: String, host: String, port: String) {
    #expect(ServerAccess(url: url).hostAndPort?.host == host)
    #expect(ServerAccess(url: url).hostAndPort?.port ?? "" == port)
  }
}
