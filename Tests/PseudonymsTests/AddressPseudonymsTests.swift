import Evidence
import Foundation
import Pseudonyms
import Testing

@Suite("Pseudonyms of addresses") struct AddressPseudonymsTests {
  private let pseudonyms = AddressPseudonyms(key: Array(0..<16))

  /// Leading bits that two addresses of one family share.
  private static func common(_ left: ClientAddress, _ right: ClientAddress) -> Int {
    let high = left.high ^ right.high
    return high != 0 ? high.leadingZeroBitCount : 64 + (left.low ^ right.low).leadingZeroBitCount
  }

  @Test("shared prefixes stay exactly as long, for both families")
  func prefixesArePreserved() throws {
    let pseudonyms = try #require(pseudonyms)
    var generator = SystemRandomNumberGenerator()
    for round in 0..<2000 {
      let isIPv4 = round % 2 == 0
      let bit = Int.random(in: isIPv4 ? 96...127 : 0...127, using: &generator)
      let low = UInt64.random(in: 0...(.max), using: &generator)
      let one =
        isIPv4
        ? ClientAddress(ipv4: UInt32(truncatingIfNeeded: low))
        : ClientAddress(high: .random(in: 1...(.max), using: &generator), low: low)
      let flip = UInt64(1) << UInt64(63 - bit % 64)
      let other = ClientAddress(
        high: bit < 64 ? one.high ^ flip : one.high, low: bit < 64 ? one.low : one.low ^ flip)
      let (first, second) = (pseudonyms.pseudonym(of: one), pseudonyms.pseudonym(of: other))
      #expect(first.isIPv4 == isIPv4)
      #expect(Self.common(first, second) == Self.common(one, other))
    }
  }

  @Test("it is a bijection on a whole /16, and not the identity")
  func isABijection() throws {
    let pseudonyms = try #require(pseudonyms)
    let all = (0..<65_536).map { ClientAddress(ipv4: 0xc000_0000 | UInt32($0)) }
    let images = all.map { pseudonyms.pseudonym(of: $0) }
    #expect(Set(images).count == all.count)
    #expect(zip(all, images).count { $0 == $1 } < 10)
  }

  @Test("another key gives others; the same key the same")
  func dependsOnTheKey() throws {
    let pseudonyms = try #require(pseudonyms)
    let other = try #require(AddressPseudonyms(key: Array(1..<17)))
    let address = try #require(ClientAddress("2001:db8::23"))
    #expect(pseudonyms.pseudonym(of: address) != other.pseudonym(of: address))
    #expect(pseudonyms.pseudonym(of: address) == pseudonyms.pseudonym(of: address))
    #expect(pseudonyms.pseudonym(of: "line:4711") != other.pseudonym(of: "line:4711"))
    #expect(pseudonyms.pseudonym(of: "line:4711") != pseudonyms.pseudonym(of: "line:4712"))
    #expect(AddressPseudonyms(key: [1, 2, 3]) == nil)
  }

  @Test("bits that are not known stay zero")
  func prefixesStayPrefixes() throws {
    let pseudonyms = try #require(pseudonyms)
    let prefix = try #require(ClientAddress("2001:db8:0:100::"))
    let image = pseudonyms.pseudonym(of: prefix, prefixLength: 56)
    #expect(image.low == 0 && image.high & 0xff == 0)
    #expect(pseudonyms.pseudonym(of: prefix).high >> 8 == image.high >> 8)
  }

  @Test("a key file is made once, private, and read again")
  func keyFile() throws {
    let path = NSTemporaryDirectory() + "ponor-key-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: path) }
    let key = try PseudonymKey.load(path)
    #expect(key.count == 16)
    #expect(try PseudonymKey.load(path) == key)
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    try "not a key".write(toFile: path, atomically: true, encoding: .utf8)
    #expect(throws: PseudonymKeyError.self) { try PseudonymKey.load(path) }
  }
}
