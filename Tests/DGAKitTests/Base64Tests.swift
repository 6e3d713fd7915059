import DGAKit
import Testing

@Suite("Base64 agrees with RFC 4648")
struct Base64Tests {
  @Test(
    "the test vectors of section 10, and without the padding",
    arguments: [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
      ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ])
  func vectors(plain: String, encoded: String) {
    #expect(encoding(Array(plain.utf8), .standard) == encoded)
    #expect(encoding(Array(plain.utf8), .urlSafe) == encoded)
    let bare = encoded.filter { $0 != "=" }
    #expect(encoding(Array(plain.utf8), .standard, padding: false) == bare)
  }

  @Test("the alphabets of tables 1 and 2")
  func alphabets() {
    let common = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    #expect(alphabet(.standard) == common + "+/")
    #expect(alphabet(.urlSafe) == common + "-_")
    #expect(encoding([0xFB, 0xEF, 0xFF], .standard) == "++//")
    #expect(encoding([0xFB, 0xEF, 0xFF], .urlSafe) == "--__")
    #expect(Base64.standard.character(0x41) == UInt8(ascii: "B"))
  }

  @Test("what the name held stays, and what does not fit is dropped")
  func limits() {
    var name = DomainBuffer()
    name.append(text: "x.")
    let octets = [UInt8](repeating: 0, count: 300)
    Base64.standard.append(octets.span, to: &name)
    #expect(name.isOverlong)
    #expect(name.text == "x." + String(repeating: "A", count: DomainBuffer.capacity - 2))
  }

  private func encoding(_ octets: [UInt8], _ base64: Base64, padding: Bool = true) -> String {
    var name = DomainBuffer()
    base64.append(octets.span, padding: padding, to: &name)
    return name.text
  }

  private func alphabet(_ base64: Base64) -> String {
    var name = DomainBuffer()
    for sextet in 0..<64 as Range<UInt64> { name.append(base64.character(sextet)) }
    return name.text
  }
}
