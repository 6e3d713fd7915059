import DGAKit
import Testing

@Suite("RC4 agrees with RFC 6229")
struct RC4Tests {
  @Test(
    "sixteen octets of the key stream at an offset",
    arguments: [
      ("0102030405", 0, "b2396305f03dc027ccc3524a0a1118a8"),
      ("0102030405", 16, "6982944f18fc82d589c403a47a0d0919"),
      ("0102030405", 240, "28cb1132c96ce286421dcaadb8b69eae"),
      ("0102030405", 4_096, "ff25b58995996707e51fbdf08b34d875"),
      ("833222772a", 0, "80ad97bdc973df8a2e879e92a497efda"),
      ("0102030405060708090a0b0c0d0e0f10", 0, "9ac7cc9a609d1ef7b2932899cde41b97"),
      ("0102030405060708090a0b0c0d0e0f10", 16, "5248c4959014126a6e8a84f11d1a9e1c"),
      ("0102030405060708090a0b0c0d0e0f10", 4_096, "a36a4c301ae8ac13610ccbc12256cacc"),
      (
        "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20", 0,
        "eaa6bd25880bf93d3f5d1e4ca2611d91"
      ),
      (
        "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20", 240,
        "114ae344ded71b35f2e60febad727fd8"
      ),
    ])
  func keyStream(key: String, offset: Int, expected: String) {
    var stream = RC4(key: octets(key).span)
    for _ in 0..<offset { _ = stream.next() }
    #expect((0..<16).map { _ in stream.next() } == octets(expected))
  }

  private func octets(_ hexadecimal: String) -> [UInt8] {
    let digits = hexadecimal.compactMap { $0.hexDigitValue }
    return stride(from: 0, to: digits.count - 1, by: 2).map {
      UInt8(digits[$0] << 4 | digits[$0 + 1])
    }
  }
}
