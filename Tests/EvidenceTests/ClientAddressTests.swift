import Evidence
import Testing

@Suite struct ClientAddressTests {
  @Test(
    "Text is read and written as RFC 5952 and dotted quads want it",
    arguments: [
      ("192.0.2.1", "192.0.2.1"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"),
      ("::", "::"), ("::1", "::1"), ("2001:DB8::1", "2001:db8::1"),
      ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
      ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
      ("fe80::", "fe80::"), ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"),
      ("::ffff:192.0.2.1", "192.0.2.1"), ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
      ("1::", "1::"), ("0:0:1:0:0:0:0:0", "0:0:1::"),
    ])
  func text(input: String, expected: String) throws {
    let address = try #require(ClientAddress(input))
    #expect(address.description == expected)
    #expect(ClientAddress(address.description) == address)
    #expect(ClientAddress(octets: address.octets) == address)
  }

  @Test(
    "What is no address is refused",
    arguments: [
      "", ":", ":::", "1", "1.2.3", "1.2.3.256", "01.2.3.4", "1.2.3.4.5", "1:2:3:4:5:6:7",
      "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "g::", "::1.2.3.4:5", "1.2.3.4::", "::1 ",
      "+1::", "1:2:3:4:5:6:7::8:9", "fe80::1%eth0",
    ])
  func refused(text: String) { #expect(ClientAddress(text) == nil) }

  @Test("Only four or sixteen octets make an address")
  func octets() {
    #expect(ClientAddress(octets: [192, 0, 2, 1])?.isIPv4 == true)
    #expect(ClientAddress(octets: [1, 2, 3]) == nil)
    #expect(ClientAddress(octets: [UInt8](repeating: 1, count: 16))?.isIPv4 == false)
  }
}
