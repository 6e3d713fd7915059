import DNSWire
import Foundation
import Testing

@Suite struct SipHashTests {
  /// Values of `Tests/Oracles/siphash.py`, which checks itself against the published vectors of
  /// SipHash-2-4-128; OpenSSL's SIPHASH with one and three rounds gives the same.
  @Test("SipHash-1-3 with 128 bits gives the values of an independent implementation")
  func vectors() throws {
    let rows = try oracleTable("siphash.tsv")
    #expect(rows.count == 66)
    let key = SipHash.Key(low: 0x0706_0504_0302_0100, high: 0x0F0E_0D0C_0B0A_0908)
    for row in rows {
      let length = try #require(Int(row[0]))
      let data = (0..<length).map { UInt8(truncatingIfNeeded: $0) }
      let value = SipHash.hash(data.span, key: key)
      #expect(hexadecimal(value) == row[1], "length \(length)")
      let shifted = [0xAA, 0xBB, 0xCC] + data
      #expect(SipHash.hash(shifted.span, from: 3, key: key) == value, "length \(length)")
    }
  }

  private func hexadecimal(_ value: SipHash.Value) -> String {
    [value.low, value.high].flatMap { half in
      (0..<8).map { String(format: "%02x", UInt8(truncatingIfNeeded: half >> (8 * $0))) }
    }.joined()
  }
}

/// Rows of a tab-separated table in `Tests/Oracles`.
func oracleTable(_ name: String) throws -> [[String]] {
  let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Oracles/\(name)")
  return try String(contentsOf: path, encoding: .utf8)
    .split(separator: "\n").map { $0.components(separatedBy: "\t") }
}
