import Addressing
import Foundation
import Testing

@Suite struct AddressingTests {
  /// One line of `Tests/Oracles/addresses.tsv`, written by `addressing.py` with Python's ipaddress.
  struct Row {
    let kind: String
    let input: String
    let expected: String
  }

  private func rows(_ kind: String) throws -> [Row] {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Oracles/addresses.tsv")
    return try String(contentsOf: path, encoding: .utf8).split(separator: "\n").map { line in
      let fields = line.components(separatedBy: "\t")
      return Row(kind: fields[0], input: fields[1], expected: fields[2])
    }.filter { $0.kind == kind }
  }

  private func hexadecimal(_ address: IPAddress) -> String {
    String(format: "%016lx%016lx", address.high, address.low)
  }

  @Test("addresses are read as Python's ipaddress reads them")
  func addresses() throws {
    let rows = try rows("address")
    #expect(rows.count > 800)
    for row in rows {
      let address = IPAddress(row.input)
      #expect((address.map(hexadecimal) ?? "-") == row.expected, "\(row.input)")
      guard let address else { continue }
      #expect(IPAddress(address.description) == address)
      #expect(address.octets.count == (address.isIPv4 ? 4 : 16))
    }
  }

  @Test("prefixes are read as Python's ipaddress reads them")
  func prefixes() throws {
    let rows = try rows("prefix")
    #expect(rows.count > 300)
    for row in rows {
      let prefix = IPPrefix(row.input)
      let own = prefix.map { "\(hexadecimal($0.address))/\($0.length)" } ?? "-"
      #expect(own == row.expected, "\(row.input)")
      guard let prefix else { continue }
      #expect(IPPrefix(prefix.description) == prefix, "\(row.input)")
    }
  }

  @Test("a prefix length has digits only", arguments: ["192.0.2.0/+24", "::/-0", "::/", "::/ 1"])
  func badLengths(_ text: String) {
    #expect(IPPrefix(text) == nil)
  }

  @Test("membership is what Python's ipaddress says")
  func membership() throws {
    let rows = try rows("contains")
    #expect(rows.count > 300)
    for row in rows {
      let parts = row.input.split(separator: " ")
      let prefix = try #require(IPPrefix(parts[0]))
      let address = try #require(IPAddress(parts[1]))
      #expect(prefix.contains(address) == (row.expected == "yes"), "\(row.input)")
    }
  }

  @Test(
    "IPv6 text follows RFC 5952",
    arguments: [
      ("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
      ("0:0:0:0:0:0:0:0", "::"),
      ("1:0:0:2:0:0:0:3", "1:0:0:2::3"),
      ("1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"),
      ("::ffff:192.0.2.1", "192.0.2.1"),
      ("fe80:0:0:0:0:0:0:1", "fe80::1"),
    ])
  func canonicalText(_ text: String, _ canonical: String) {
    #expect(IPAddress(text)?.description == canonical)
  }

  @Test(
    "endpoints have an address and a port",
    arguments: [
      ("192.0.2.1:53", "192.0.2.1:53"),
      ("[2001:db8::1]:53", "[2001:db8::1]:53"),
      ("192.0.2.1:65535", "192.0.2.1:65535"),
    ])
  func endpoints(_ text: String, _ canonical: String) {
    #expect(SocketEndpoint(text)?.description == canonical)
  }

  @Test(
    "a port may be left out when there is a default",
    arguments: [
      ("192.0.2.1", "192.0.2.1:53"), ("2001:db8::1", "[2001:db8::1]:53"),
      ("[2001:db8::1]", "[2001:db8::1]:53"), ("[::]:5", "[::]:5"),
    ])
  func defaultPort(_ text: String, _ canonical: String) {
    #expect(SocketEndpoint(text, defaultPort: 53)?.description == canonical)
  }

  @Test(
    "what is no endpoint is refused",
    arguments: [
      "", "192.0.2.1", "2001:db8::1", "[2001:db8::1]", "2001:db8::1:53:x", "[::1]53", "[::1]:",
      "192.0.2.1:", "192.0.2.1:65536", "192.0.2.1:x", ":53", "[::1:53", "host:53", "192.0.2.1:+53",
    ])
  func badEndpoints(_ text: String) {
    #expect(SocketEndpoint(text) == nil)
  }

  @Test("order is that of the 128 bits")
  func order() throws {
    let texts = ["::", "0.0.0.0", "192.0.2.1", "192.0.2.2", "2001:db8::", "ffff::"]
    let addresses = try texts.map { try #require(IPAddress($0)) }
    #expect(addresses.sorted() == addresses)
  }
}
