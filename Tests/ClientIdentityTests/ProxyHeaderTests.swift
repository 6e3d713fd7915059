import Addressing
import ClientIdentity
import Testing

@Suite struct ProxyHeaderTests {
  static let signature: [UInt8] = [13, 10, 13, 10, 0, 13, 10] + Array("QUIT\n".utf8)

  static func header(
    command: UInt8 = 0x21, family: UInt8, _ payload: [UInt8], length: Int? = nil
  ) -> [UInt8] {
    let count = length ?? payload.count
    return signature + [command, family, UInt8(count >> 8), UInt8(count & 255)] + payload
  }

  static let four: [UInt8] = [192, 0, 2, 1, 198, 51, 100, 2, 0x30, 0x39, 0, 53]
  static let six: [UInt8] =
    [0x20, 1, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [7]
    + [0x20, 1, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [9] + [0x30, 0x39, 0, 53]

  private func read(_ octets: [UInt8]) -> ProxyHeader.Outcome { ProxyHeader.read(octets.span) }

  private func header(_ octets: [UInt8]) throws -> ProxyHeader {
    guard case .header(let header) = ProxyHeader.readStream(octets.span) else {
      throw Refused()
    }
    return header
  }

  private struct Refused: Error {}

  @Test("addresses, ports and protocol of both families")
  func addresses() throws {
    let datagram = try header(Self.header(family: 0x12, Self.four) + [1, 2, 3])
    #expect(datagram.endpoints?.source.description == "192.0.2.1:12345")
    #expect(datagram.endpoints?.destination.description == "198.51.100.2:53")
    #expect(datagram.endpoints?.isStream == false)
    #expect(datagram.length == 28)
    let stream = try header(Self.header(family: 0x21, Self.six))
    #expect(stream.endpoints?.source.description == "[2001:db8::7]:12345")
    #expect(stream.endpoints?.destination.description == "[2001:db8::9]:53")
    #expect(stream.endpoints?.isStream == true)
    #expect(stream.length == 52)
  }

  @Test("LOCAL, UNSPEC and UNIX name no client; what they carry is skipped")
  func nobody() throws {
    for octets in [
      Self.header(command: 0x20, family: 0, []),
      Self.header(command: 0x20, family: 0x12, Self.four),
      // LOCAL must be skipped whatever its family says.
      Self.header(command: 0x20, family: 0xFF, [1, 2, 3]), Self.header(family: 0, [9, 9]),
      Self.header(family: 0x31, [UInt8](repeating: 0, count: 216)),
    ] {
      let header = try header(octets)
      #expect(header.endpoints == nil)
      #expect(header.length == octets.count)
    }
  }

  @Test("extensions are skipped, and tell of TLS")
  func extensions() throws {
    let plain = try header(Self.header(family: 0x11, Self.four + [0x04, 0, 2, 0, 0, 0xEE, 0, 0]))
    #expect(plain.encryption == .none)
    let ssl: [UInt8] = [0x20, 0, 5, 1, 0, 0, 0, 0]
    #expect(try header(Self.header(family: 0x11, Self.four + ssl)).encryption == .tls)
    let http: [UInt8] = [0x01, 0, 2] + Array("h2".utf8)
    #expect(try header(Self.header(family: 0x11, Self.four + http + ssl)).encryption == .https)
    let clear: [UInt8] = [0x20, 0, 5, 0, 0, 0, 0, 0]
    #expect(try header(Self.header(family: 0x11, Self.four + clear)).encryption == .none)
  }

  @Test("what the specification wants refused is refused")
  func refused() {
    for octets in [
      Self.header(command: 0x22, family: 0x11, Self.four),  // unknown command
      Self.header(command: 0x11, family: 0x11, Self.four),  // version 1 in binary
      Self.header(family: 0x13, Self.four), Self.header(family: 0x41, Self.four),
      Self.header(family: 0x10, Self.four),
      Self.header(family: 0x11, Array(Self.four.dropLast())),
      Self.header(family: 0x21, Self.four),
      Self.header(family: 0x31, Self.four),
      Self.header(family: 0x11, Self.four + [1, 0]),  // half an extension
      Self.header(family: 0x11, Self.four + [1, 0, 9, 1]),  // longer than the header
      Self.header(family: 0x11, Self.four, length: ProxyHeader.longestPayload + 1),
      Array("QUIT".utf8), [UInt8](repeating: 0, count: 40),
    ] { #expect(read(octets) == .invalid, "\(octets)") }
  }

  @Test("every cut of a header is incomplete, never more")
  func cuts() {
    for octets in [
      Self.header(family: 0x21, Self.six + [4, 0, 1, 0]),
      Array("PROXY TCP4 192.0.2.1 198.51.100.2 12345 53\r\n".utf8),
    ] {
      for count in 0..<octets.count {
        #expect(ProxyHeader.readStream(Array(octets.prefix(count)).span) == .incomplete)
      }
    }
  }

  @Test("version 1, a line of text")
  func text() throws {
    let line = "PROXY TCP6 2001:db8::1 2001:db8::2 65535 53\r\n"
    let header = try header(Array((line + "rest").utf8))
    #expect(header.endpoints?.source.description == "[2001:db8::1]:65535")
    #expect(header.endpoints?.destination.description == "[2001:db8::2]:53")
    #expect(header.length == line.utf8.count)
    let unknown = try self.header(Array("PROXY UNKNOWN ff:: 1 2 3 4\r\n".utf8))
    #expect(unknown.endpoints == nil)
  }

  @Test(
    "wrong lines are refused",
    arguments: [
      "PROXY TCP4 2001:db8::1 2001:db8::2 1 2\r\n", "PROXY TCP6 192.0.2.1 192.0.2.2 1 2\r\n",
      "PROXY TCP4 192.0.2.1 192.0.2.2 1\r\n", "PROXY TCP4 192.0.2.1 192.0.2.2 1 65536\r\n",
      "PROXY TCP4 192.0.2.1 192.0.2.2 +1 2\r\n", "PROXY TCP4 192.0.2.1 192.0.2.2 01 2\r\n",
      "PROXY TCP4  192.0.2.1 192.0.2.2 1 2\r\n", "PROXY UDP4 192.0.2.1 192.0.2.2 1 2\r\n",
      "PROXY TCP4 192.0.2.999 192.0.2.2 1 2\r\n", "PROXY \r\n", "PRAXY TCP4", "POST / HTTP/1.1\r\n",
      "PROXY TCP4 " + String(repeating: "1", count: 120),
    ])
  func wrongLines(_ line: String) {
    #expect(ProxyHeader.readStream(Array(line.utf8).span) == .invalid)
  }
}
