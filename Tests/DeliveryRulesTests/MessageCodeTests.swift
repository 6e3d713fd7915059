import DeliveryRules
import Testing

@Suite struct MessageCodeTests {
  @Test(
    "HMAC-SHA256 gives the values of RFC 4231",
    arguments: [
      (
        [UInt8](repeating: 0x0b, count: 20), "Hi There",
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
      ),
      (
        Array("Jefe".utf8), "what do ya want for nothing?",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
      ),
      (
        [UInt8](repeating: 0xaa, count: 131),
        "Test Using Larger Than Block-Size Key - Hash Key First",
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
      ),
    ])
  func knownCodes(key: [UInt8], message: String, expected: String) {
    let code = MessageCode.hmacSHA256(key: key, Array(message.utf8))
    #expect(MessageCode.hexadecimal(code) == expected)
  }

  @Test("a webhook is signed as the published example")
  func publishedSignature() throws {
    let signature = try #require(WebhookSignature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
    let header = signature.header(
      id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330,
      body: Array(#"{"test": 2432232314}"#.utf8))
    #expect(header == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
  }

  @Test("during a change of keys there is a signature for each")
  func keyRotation() throws {
    let old = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    let new = "whsec_" + Base64Text.encode([UInt8](repeating: 7, count: 32))
    let both = try #require(WebhookSignature("\(new)\n\(old)\n"))
    let parts = both.header(id: "a", timestamp: 1, body: []).split(separator: " ")
    #expect(parts.count == 2)
    #expect(
      try String(parts[1])
        == #require(WebhookSignature(old)).header(id: "a", timestamp: 1, body: []))
  }

  @Test("what is no key is refused", arguments: ["", "whsec_", "whsec_YQ==", "§", "whsec_a b"])
  func badKeys(text: String) { #expect(WebhookSignature(text) == nil) }

  @Test("base64 comes back as it was, for all lengths")
  func base64RoundTrip() {
    for length in 0..<70 {
      let octets = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 37) }
      #expect(Base64Text.decode(Base64Text.encode(octets)) == octets)
    }
    #expect(Base64Text.decode("a") == nil && Base64Text.decode("ab=c") == nil)
    #expect(Base64Text.decode("a===") == nil && Base64Text.decode("é===") == nil)
  }

  @Test("secrets are compared whole")
  func comparison() {
    #expect(MessageCode.areEqual([1, 2], [1, 2]))
    #expect(!MessageCode.areEqual([1, 2], [1, 3]))
    #expect(!MessageCode.areEqual([1, 2], [1, 2, 3]))
  }
}
