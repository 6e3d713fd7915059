import Evidence
import Testing

@Suite struct TextTests {
  @Test(
    "Instants become UTC text",
    arguments: [
      (0, "1970-01-01T00:00:00.000000Z"),
      (-1, "1969-12-31T23:59:59.999999Z"),
      (951_782_400_000_000, "2000-02-29T00:00:00.000000Z"),
      (1_795_317_247_250_000, "2026-11-22T03:14:07.250000Z"),
      (4_107_542_399_999_999, "2100-02-28T23:59:59.999999Z"),
      (4_107_542_400_000_000, "2100-03-01T00:00:00.000000Z"),
    ] as [(Int64, String)])
  func instants(microseconds: Int64, expected: String) {
    #expect(UTCTime.rfc3339(microseconds: microseconds) == expected)
    #expect(UTCTime.day(microseconds: microseconds) == String(expected.prefix(10)))
    let spaced = expected.prefix(10) + " " + expected.dropFirst(11).prefix(8)
    #expect(UTCTime.spaced(microseconds: microseconds) == spaced)
  }

  @Test("Names are shown in presentation form, safe to print")
  func names() {
    func show(_ wire: [UInt8], lowercased: Bool = true) -> String {
      NameText.presentation(wire, lowercased: lowercased)
    }
    #expect(show([0]) == ".")
    #expect(show([]) == ".")
    #expect(show([3, 65, 98, 67, 2, 68, 69, 0]) == "abc.de")
    #expect(show([3, 65, 98, 67, 2, 68, 69, 0], lowercased: false) == "AbC.DE")
    #expect(show([4, 46, 92, 32, 27, 0]) == "\\.\\\\\\032\\027")
    #expect(show([2, 255, 0, 0]) == "\\255\\000")
    // A chain that does not hold ends where it breaks.
    #expect(show([9, 97, 98]) == "ab")
  }

  @Test("Types have their mnemonics or RFC 3597's form")
  func types() {
    #expect(NameText.type(1) == "A")
    #expect(NameText.type(65) == "HTTPS")
    #expect(NameText.type(65535) == "TYPE65535")
  }
}
