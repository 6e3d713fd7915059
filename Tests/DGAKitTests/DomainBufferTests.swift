import DGAKit
import Testing

@Suite("Name buffers")
struct DomainBufferTests {
  @Test("what is appended is there, octet for octet")
  func appending() {
    var name = DomainBuffer()
    name.append(letter: 1)
    name.append(Array("Ab".utf8))
    name.append(Array("_x".utf8).span)
    name.append(text: "é")
    name.append(".co.uk" as StaticString)
    name.append(0xFF)
    #expect(name.count == 14)
    #expect(name[0] == UInt8(ascii: "b"))
    #expect(name.bytes[1] == UInt8(ascii: "A"))
    #expect(name.bytes.count == name.count)
    #expect(name.text == "bAb_xé.co.uk\u{FFFD}")
    name.truncate(to: 5)
    #expect(name.text == "bAb_x")
    name.truncate(to: 9)
    #expect(name.count == 5)
    name[0] = UInt8(ascii: "c")
    #expect(name.text == "cAb_x")
  }

  @Test("emptying forgets everything")
  func emptying() {
    var name = DomainBuffer()
    for _ in 0..<300 { name.append(0x61) }
    name.validity = .always
    #expect(name.count == DomainBuffer.capacity)
    #expect(name.isOverlong)
    name.removeAll()
    #expect(name.isEmpty)
    #expect(!name.isOverlong)
    #expect(name.validity == nil)
  }

  @Test(
    "valid names have labels of 1 to 63 octets and 253 in all",
    arguments: [
      ("a", true), ("a.b", true), ("_x-.b\u{7}c", true), (repeated(63) + ".com", true),
      (repeated(64) + ".com", false), ("", false), (".", false), ("a..b", false), (".a", false),
      ("a.", false),
      ([63, 63, 63, 61].map(repeated).joined(separator: "."), true),
      ([63, 63, 63, 62].map(repeated).joined(separator: "."), false),
    ])
  func validity(text: String, isValid: Bool) {
    var name = DomainBuffer()
    name.append(text: text)
    #expect(name.isValidDNSName == isValid)
  }

  @Test("lists of words and suffixes")
  func words() {
    let list = WordList(lines: Array("one\r\n two \n\nthree".utf8))
    #expect(list.count == 4)
    #expect(
      (0..<4).map { String(decoding: list[$0], as: UTF8.self) } == ["one", "two", "", "three"])
    #expect(WordList(lines: Array("one\n".utf8)).count == 1)
    var name = DomainBuffer()
    list.append(3, to: &name)
    Suffixes(["com", ".co.uk"]).append(1, to: &name)
    #expect(name.text == "three.co.uk")
  }
}

private func repeated(_ count: Int) -> String { String(repeating: "a", count: count) }
