import DGAKit
import Testing

@Suite("Digits and encodings")
struct EncodingTests {
  @Test(
    "base 32: the test vectors of RFC 4648 section 10",
    arguments: [
      ("", "", ""), ("f", "MY", "CO"), ("fo", "MZXQ", "CPNG"), ("foo", "MZXW6", "CPNMU"),
      ("foob", "MZXW6YQ", "CPNMUOG"), ("fooba", "MZXW6YTB", "CPNMUOJ1"),
      ("foobar", "MZXW6YTBOI", "CPNMUOJ1E8"),
    ])
  func base32(text: String, plain: String, hex: String) throws {
    let octets = Array(text.utf8)
    #expect(Base32.uppercase.encode(octets) == plain)
    #expect(Base32.lowercase.encode(octets) == plain.lowercased())
    #expect(Base32.lowercaseHex.encode(octets) == hex.lowercased())
    let own = try #require(Base32(alphabet: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
    #expect(own.encode(octets) == plain)
    #expect(Base32(alphabet: "abc") == nil)
  }

  @Test(
    "numbers in a base",
    arguments: [
      (0, 2, 1, "0"), (0, 10, 3, "000"), (255, 16, 1, "ff"), (255, 2, 10, "0011111111"),
      (35, 36, 1, "z"), (36, 36, 1, "10"), (4_294_967_295, 36, 1, "1z141z3"),
      (18_446_744_073_709_551_615, 36, 1, "3w5e11264sgsf"), (7, 10, 2, "07"),
    ] as [(UInt64, UInt64, Int, String)])
  func bases(number: UInt64, base: UInt64, width: Int, text: String) {
    var name = DomainBuffer()
    name.append("x")
    name.append(digitsOf: number, base: base, width: width)
    #expect(name.text == "x" + text)
  }

  @Test("numbers in digits of one's own, either way round")
  func alphabets() {
    let letters = Array("abcdefghijklmnopqrstuvwxyz".utf8)
    var name = DomainBuffer()
    name.append(digitsOf: 26 as UInt32, alphabet: letters.span)
    #expect(name.text == "ba")
    name.append(reversedDigitsOf: 26 as UInt32, alphabet: letters.span)
    #expect(name.text == "baab")
    name.append(reversedDigitsOf: 0 as UInt32, alphabet: letters.span)
    #expect(name.text == "baab")
    name.append(digitsOf: UInt8.max, alphabet: letters.span, width: 4)
    #expect(name.text == "baabaajv")
    name.removeAll()
    name.reverseLast(5)
    #expect(name.isEmpty)
  }

  @Test("octets as hexadecimal digits")
  func hexadecimal() {
    var name = DomainBuffer()
    let octets: [UInt8] = [0x00, 0x0F, 0xA5, 0xFF]
    name.append(hexadecimal: octets.span)
    #expect(name.text == "000fa5ff")
    name.append(hexadecimal: 0x3C as UInt8)
    name.append(hexadecimalDigit: 0xE)
    #expect(name.text == "000fa5ff3ce")
  }

  @Test("decimal numbers, and letters followed by digits")
  func decimalAndSymbols() {
    var name = DomainBuffer()
    name.append(decimal: 0)
    name.append(decimal: -40)
    name.append(decimal: 7, width: 3)
    #expect(name.text == "0-40007")
    name.removeAll()
    for symbol in [0, 25, 26, 35] as [UInt8] { name.append(letterOrDigit: symbol) }
    #expect(name.text == "az09")
  }

  @Test("English names of months and days")
  func names() throws {
    let instant = try #require(Instant("2026-11-23"))
    #expect(EnglishNames.month(instant.month) == "November")
    #expect(EnglishNames.month(instant.month, letters: 3) == "Nov")
    #expect(EnglishNames.weekday(instant.weekday) == "Monday")
    #expect(EnglishNames.weekday(0, letters: 3) == "Sun")
    #expect(EnglishNames.months.count == 12)
    #expect(EnglishNames.weekdays.count == 7)
  }
}
