import Addressing
import ClientIdentity
import DNSWire
import Testing

@Suite struct ForwardedTests {
  private func read(_ octets: [UInt8]) -> ForwardedSubnet? {
    ForwardedSubnet(octets.span, at: 0, length: octets.count)
  }

  @Test("whole addresses and prefixes of both families")
  func subnets() throws {
    let whole = try #require(read([0, 1, 32, 0, 192, 0, 2, 7]))
    #expect(whole.address.description == "192.0.2.7")
    #expect(whole.isWhole)
    let part = try #require(read([0, 1, 20, 0, 10, 1, 0xF0]))
    #expect(part.address.description == "10.1.240.0")
    #expect(!part.isWhole)
    let six = try #require(read([0, 2, 56, 0, 0x20, 1, 0x0D, 0xB8, 1, 2, 3]))
    #expect(six.address.description == "2001:db8:102:300::")
    let host = try #require(
      read([0, 2, 128, 0, 0x20, 1, 0x0D, 0xB8] + [UInt8](repeating: 1, count: 12)))
    #expect(host.isWhole)
    #expect(host.address.description == "2001:db8:101:101:101:101:101:101")
    // A client that wants no subnet used (RFC 7871 §7.1.2), with and without a family.
    #expect(read([0, 1, 0, 0]) != nil)
    #expect(read([0, 0, 0, 0]) != nil)
  }

  @Test("options whose parts do not fit each other are refused")
  func wrongSubnets() {
    for octets: [UInt8] in [
      [], [0, 1, 32], [0, 1, 33, 0, 1, 2, 3, 4, 5], [0, 3, 8, 0, 1], [0, 1, 24, 0, 1, 2],
      [0, 1, 24, 0, 1, 2, 3, 0], [0, 1, 24, 8, 1, 2, 3], [0, 1, 20, 0, 10, 1, 0xF1],
      [0, 0, 8, 0, 1], [0, 2, 129, 0] + [UInt8](repeating: 0, count: 17),
      [0, 2, 65, 0] + [UInt8](repeating: 0, count: 8) + [0x40], [0, 1, 0, 0, 0],
    ] { #expect(read(octets) == nil, "\(octets)") }
  }

  @Test("an answer repeats the option with its scope")
  func answers() throws {
    for octets: [UInt8] in [
      [0, 1, 20, 0, 10, 1, 0xF0], [0, 0, 0, 0], [0, 1, 32, 0, 192, 0, 2, 7],
      [0, 2, 72, 0, 0x20, 1, 0x0D, 0xB8, 1, 2, 3, 4, 5],
    ] {
      let subnet = try #require(read(octets))
      let written = WireWriter.array(capacity: 64) { subnet.append(scope: 9, into: &$0) }
      var expected: [UInt8] = [0, 8, 0, UInt8(octets.count)] + octets
      expected[7] = 9
      #expect(written == expected)
    }
  }

  private func octets(_ device: DeviceIdentity) -> [UInt8] {
    device.octets.indices.map { device.octets[$0] }
  }

  @Test("identities are kept side by side, each kind once, as they came")
  func devices() {
    var device = DeviceIdentity()
    let data: [UInt8] = [1, 2, 3, 4, 5, 6, 7]
    device.add(optionCode: 65001, data.span, at: 0, length: 6)
    device.add(optionCode: 65073, data.span, at: 1, length: 6)
    device.add(optionCode: 65074, data.span, at: 0, length: 2)
    device.add(optionCode: 12, data.span, at: 0, length: 2)
    device.add(optionCode: 20292, data.span, at: 0, length: 0)
    #expect(octets(device) == [1, 6, 1, 2, 3, 4, 5, 6, 2, 2, 1, 2])
    device.clear()
    #expect(octets(device).isEmpty)
  }

  @Test("an identity that does not fit is left out whole", arguments: [61, 62, 63, 400])
  func longDevices(_ length: Int) {
    var device = DeviceIdentity()
    let data = [UInt8](repeating: 7, count: 400)
    device.add(optionCode: 20292, data.span, at: 0, length: length)
    #expect(device.count == (length <= 62 ? length + 2 : 0))
    device.add(optionCode: 65001, data.span, at: 0, length: 6)
    #expect(device.count == (length <= 62 ? length + 2 : 8))
  }
}
