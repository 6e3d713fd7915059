import CUnboundCrypto
import Foundation
import Recursion
import Testing

/// ECDSA signatures checked in Nettle's place, beside Nettle itself.
@Suite struct SignatureTests {
  private let nettle: Nettle

  init() throws { nettle = try Nettle() }

  /// A curve with the key and the signature of "sample" in RFC 6979 A.2.5 and A.2.6.
  struct Sample: Sendable, CustomTestStringConvertible {
    let curve: String
    let digest: String
    let x: String
    let y: String
    let r: String
    let s: String
    let order: String

    var testDescription: String { curve }
  }

  static let samples = [
    Sample(
      curve: "nettle_get_secp_256r1",
      digest: "af2bdbe1aa9b6ec1e2ade1d694f41fc71a831d0268e9891562113d8a62add1bf",
      x: "60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6",
      y: "7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299",
      r: "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716",
      s: "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8",
      order: "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"),
    Sample(
      curve: "nettle_get_secp_384r1",
      digest: "9a9083505bc92276aec4be312696ef7bf3bf603f4bbd381196a029f340585312"
        + "313bca4a9b5b890efee42c77b1ee25fe",
      x: "EC3A4E415B4E19A4568618029F427FA5DA9A8BC4AE92E02E06AAE5286B300C64"
        + "DEF8F0EA9055866064A254515480BC13",
      y: "8015D9B72D7D57244EA8EF9AC0C621896708A59367F9DFB9F54CA84B3F1C9DB1"
        + "288B231C3AE0D4FE7344FD2533264720",
      r: "94EDBB92A5ECB8AAD4736E56C691916B3F88140666CE9FA73D64C4EA95AD133C"
        + "81A648152E44ACF96E36DD1E80FABE46",
      s: "99EF4AEB15F178CEA1FE40DB2603138F130E740A19624526203B6351D0A3A94F"
        + "A329C145786E679E7B82C71A38628AC8",
      order: "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF"
        + "581A0DB248B0A77AECEC196ACCC52973"),
  ]

  @Test("The program's functions are the ones that libraries find")
  func inPlace() { #expect(ponor_crypto_is_in_place() == 1) }

  @Test("Right signatures are found right, by both", arguments: samples)
  func right(_ sample: Sample) {
    let before = ponor_ecdsa_checks()
    let found = nettle.verify(sample)
    #expect(found.ours == 1)
    #expect(found.theirs == 1)
    // Other suites validate at the same time.
    #expect(ponor_ecdsa_checks() > before)
  }

  @Test("Numbers at the borders are found what Nettle finds them", arguments: samples)
  func borders(_ sample: Sample) {
    let octets = sample.order.count / 2
    let one = String(repeating: "0", count: octets * 2 - 1) + "1"
    let most = String(repeating: "F", count: octets * 2)
    let zero = String(repeating: "0", count: octets * 2)
    for r in [zero, one, sample.order, most, sample.r] {
      for s in [zero, one, sample.order, most, sample.s] where (r, s) != (sample.r, sample.s) {
        let found = nettle.verify(sample, r: r, s: s)
        #expect(found.ours == 0, "r \(r) s \(s)")
        #expect(found.theirs == 0)
      }
    }
  }

  @Test("The other s of a signature is right as well", arguments: samples)
  func otherS(_ sample: Sample) {
    let found = nettle.verify(sample, s: Self.subtract(sample.s, from: sample.order))
    #expect(found.ours == 1)
    #expect(found.theirs == 1)
  }

  @Test("With one bit changed anywhere they are found wrong, by both", arguments: samples)
  func changed(_ sample: Sample) {
    let bits = sample.order.count * 4
    for bit in stride(from: 0, to: bits, by: 11) {
      for found in [
        nettle.verify(sample, digest: Self.flip(sample.digest, bit)),
        nettle.verify(sample, r: Self.flip(sample.r, bit)),
        nettle.verify(sample, s: Self.flip(sample.s, bit)),
      ] {
        #expect(found.ours == 0, "bit \(bit)")
        #expect(found.theirs == 0, "bit \(bit)")
      }
    }
  }

  @Test("What only begins like a digest is handled as Nettle does", arguments: samples)
  func digestLengths(_ sample: Sample) {
    for digest in [sample.digest + "00", sample.digest + "ff", String(sample.digest.dropLast(2))] {
      let found = nettle.verify(sample, digest: digest)
      #expect(found.ours == found.theirs, "\(digest.count / 2) octets")
    }
  }

  @Test("Random numbers are neither repeated nor left out, in any length")
  func randomNumbers() {
    var seen: Set<[UInt8]> = []
    for length in [1, 2, 8, 255, 256, 257, 1_000] {
      for _ in 0..<40 {
        let octets = nettle.random(length)
        if length >= 8 { #expect(seen.insert(octets).inserted) }
        if length >= 255 { #expect(Set(octets).count > 100, "\(length)") }
      }
    }
  }

  private static func flip(_ number: String, _ bit: Int) -> String {
    var octets = Nettle.octets(number)
    octets[bit / 8] ^= 0x80 >> UInt8(bit % 8)
    return octets.map { String(format: "%02x", $0) }.joined()
  }

  private static func subtract(_ number: String, from larger: String) -> String {
    var (borrow, result) = (0, Nettle.octets(larger))
    let taken = Nettle.octets(number)
    for index in result.indices.reversed() {
      let difference = Int(result[index]) - Int(taken[index]) - borrow
      borrow = difference < 0 ? 1 : 0
      result[index] = UInt8(truncatingIfNeeded: difference)
    }
    return result.map { String(format: "%02x", $0) }.joined()
  }
}
