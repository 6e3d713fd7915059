import Addressing
import DoHMessages
import Testing

@Suite struct ForwardedClientTests {
  @Test(
    "the last entry counts",
    arguments: [
      ("192.0.2.1", "192.0.2.1:0"), (" 192.0.2.1\t", "192.0.2.1:0"),
      ("203.0.113.9, 192.0.2.1", "192.0.2.1:0"), ("nonsense,192.0.2.1:4711", "192.0.2.1:4711"),
      ("2001:db8::1", "[2001:db8::1]:0"), ("[2001:db8::1]:99", "[2001:db8::1]:99"),
      ("[2001:db8::1]", "[2001:db8::1]:0"),
    ])
  func list(_ value: String, _ expected: String) {
    #expect(ForwardingField.xForwardedFor.client(in: value).map { "\($0)" } == expected)
  }

  @Test(
    "RFC 7239",
    arguments: [
      ("for=192.0.2.1", "192.0.2.1:0"), ("FOR=\"192.0.2.1:4711\";proto=https", "192.0.2.1:4711"),
      ("by=10.0.0.1; for=\"[2001:db8::1]:99\"", "[2001:db8::1]:99"),
      ("for=\"a,b\", for=192.0.2.1;host=\"x;y,for=198.51.100.1\"", "192.0.2.1:0"),
    ])
  func forwarded(_ value: String, _ expected: String) {
    #expect(ForwardingField.forwarded.client(in: value).map { "\($0)" } == expected)
  }

  @Test(
    "what names nobody is nobody",
    arguments: [
      "", ",", "192.0.2.1,", "unknown", "_hidden", "192.0.2.1:99999", "[192.0.2.1", "2001:db8::1:",
      "for=192.0.2.1", "\"192.0.2.1\"",
    ])
  func nobody(_ value: String) {
    #expect(ForwardingField.xForwardedFor.client(in: value) == nil)
  }

  @Test(
    "what names nobody in Forwarded",
    arguments: [
      "", "192.0.2.1", "by=192.0.2.1", "for=unknown", "for=_x", "for=192.0.2.1;for=192.0.2.2",
      "for=\"192.0.2.1", "for=\"\\192.0.2.1\"", "for=192.0.2.1, by=10.0.0.1",
    ])
  func nobodyForwarded(_ value: String) {
    #expect(ForwardingField.forwarded.client(in: value) == nil)
  }

  @Test("only the field that is asked for is read, and twice is one list")
  func request() {
    var request = DoHRequest()
    request.take(name: "x-forwarded-for", value: "192.0.2.1")
    #expect(request.forwardedClient == nil, "of a stranger nothing is kept")
    request.forwardingField = .xForwardedFor
    request.take(name: "X-Forwarded-For", value: "192.0.2.1")
    request.take(name: "forwarded", value: "for=192.0.2.2")
    request.take(name: "x-forwarded-for", value: "192.0.2.3")
    #expect(request.forwardedClient?.address == IPAddress("192.0.2.3"))
  }
}
