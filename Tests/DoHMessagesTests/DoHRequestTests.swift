import DNSWire
import DoHMessages
import Testing

@Suite struct DoHRequestTests {
  /// The query of RFC 8484 §4.1.1: www.example.com, type A.
  static let text = "AAABAAABAAAAAAAAA3d3dwdleGFtcGxlA2NvbQAAAQAB"
  static let query: [UInt8] =
    [0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 3] + Array("www".utf8) + [7] + Array("example".utf8) + [3]
    + Array("com".utf8) + [0, 0, 1, 0, 1]

  private func step(
    _ method: String, _ target: String, _ fields: [(String, String)] = []
  ) -> DoHRequest.Step {
    var request = DoHRequest(method: .init(method), target: target)
    for (name, value) in fields { request.take(name: name, value: value) }
    return request.step(path: "/dns-query")
  }

  @Test("the example of RFC 8484 §4.1.1 is read, with HEAD as with GET")
  func example() {
    #expect(step("GET", "/dns-query?dns=\(Self.text)") == .query(Self.query))
    #expect(step("HEAD", "/dns-query?dns=\(Self.text)") == .query(Self.query))
    #expect(step("GET", "https://dns.example/dns-query?dns=\(Self.text)") == .query(Self.query))
    #expect(step("GET", "/dns-query?ct&dns=\(Self.text)&x=1") == .query(Self.query))
  }

  @Test("HTTP/2 gives method and path as fields")
  func pseudoFields() {
    let fields = [
      (":method", "GET"), (":path", "/dns-query?dns=\(Self.text)"), (":scheme", "https"),
    ]
    #expect(step("", "", fields) == .query(Self.query))
  }

  @Test(
    "what holds no query is a bad request",
    arguments: [
      "", "?", "?dns", "?dns=", "?dns=AAAB", "?dns=A", "?dnsx=AAAB", "?DNS=AAAB",
      "?dns=AAABAAABAAAAAAAAA3d3dwdleGFtcGxlA2NvbQAAAQAB=",
      "?dns=AAABAAABAAAAAAAAA3d3dwdleGFtcGxlA2NvbQAAAQA%42",
      "?dns=AAABAAABAAAAAAAAA3d3dwdleGFtcGxlA2NvbQAAAQAB&dns=AAABAAABAAAAAAAA",
      // A response.
      "?dns=AACBAAABAAAAAAAAA3d3dwdleGFtcGxlA2NvbQAAAQAB",
    ])
  func badRequest(_ query: String) {
    #expect(step("GET", "/dns-query\(query)") == .refuse(.badRequest))
  }

  @Test("other paths are not found, whatever the method")
  func notFound() {
    for path in ["", "/", "*", "/dns-query/", "/dns-quer", "//dns-query", "http:/dns-query"] {
      #expect(step("GET", "\(path)?dns=\(Self.text)") == .refuse(.notFound))
      #expect(step("DELETE", path) == .refuse(.notFound))
    }
  }

  @Test("other methods are not allowed, their letter case counts")
  func methods() {
    for method in ["PUT", "get", "CONNECT", ""] {
      #expect(step(method, "/dns-query") == .refuse(.methodNotAllowed))
    }
  }

  @Test("a body must be declared a DNS message, and fit one")
  func bodies() {
    let type = ("content-type", "application/dns-message")
    #expect(step("POST", "/dns-query", [type]) == .body)
    #expect(step("POST", "/dns-query", [("Content-Type", "Application/DNS-message; a=b")]) == .body)
    #expect(step("POST", "/dns-query") == .refuse(.unsupportedMediaType))
    #expect(
      step("POST", "/dns-query", [("content-type", "application/dns-json")])
        == .refuse(.unsupportedMediaType))
    #expect(step("POST", "/dns-query", [type, ("content-length", "65535")]) == .body)
    for length in ["65536", "99999999999999999999", "x"] {
      #expect(
        step("POST", "/dns-query", [type, ("content-length", length)])
          == .refuse(.contentTooLarge))
    }
  }

  @Test("a query in the target may have the size of a message and no more")
  func longest() {
    var message = Self.query
    message += [UInt8](repeating: 0, count: Limits.messageOctets - message.count)
    let step = step("GET", "/dns-query?dns=\(Base64URL.encode(message))")
    #expect(step == .query(message))
    #expect(
      self.step("GET", "/dns-query?dns=\(Base64URL.encode(message + [0]))")
        == .refuse(.badRequest))
  }
}

@Suite struct Base64URLTests {
  /// RFC 4648 §10 without its padding, and the two letters of the alphabet for URLs.
  static let pairs: [(String, [UInt8])] = [
    ("", []), ("Zg", Array("f".utf8)), ("Zm8", Array("fo".utf8)), ("Zm9v", Array("foo".utf8)),
    ("Zm9vYg", Array("foob".utf8)), ("Zm9vYmE", Array("fooba".utf8)),
    ("Zm9vYmFy", Array("foobar".utf8)), ("-_-_", [0xFB, 0xFF, 0xBF]),
  ]

  @Test("the vectors of RFC 4648 §10 go both ways", arguments: pairs)
  func vectors(_ text: String, _ octets: [UInt8]) {
    #expect(Base64URL.decode(text.utf8, limit: 6) == octets)
    #expect(Base64URL.encode(octets) == text)
  }

  @Test(
    "what has another spelling or is no base 64 is refused",
    arguments: ["Z", "Zh", "Zm9", "Zg==", "Zm9vY", "+/+/", "Zm 9v", "Zm9v\n", "Zm9vä"])
  func refused(_ text: String) {
    #expect(Base64URL.decode(text.utf8, limit: 100) == nil)
  }

  @Test("no more than the limit is decoded")
  func limit() {
    #expect(Base64URL.decode("Zm9vYmFy".utf8, limit: 5) == nil)
    #expect(Base64URL.decode("Zm9vYmE".utf8, limit: 5) != nil)
  }
}
