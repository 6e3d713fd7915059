import DeliveryRules
import Testing

@Suite struct SyslogMessageTests {
  @Test("texts of other formats get a header, messages stay")
  func wrapping() {
    #expect(SyslogMessage.isComplete("<134>1 2026-11-23T00:00:00Z h a - - - x"))
    for text in ["", "<", "<>1 x", "<192>1 x", "<134>2 x", "CEF:0|a", "<1.5>1 x", "<é>1 x"] {
      #expect(!SyslogMessage.isComplete(text), "\(text)")
    }
    #expect(
      SyslogMessage.wrap("CEF:0|a", host: "ns1", microseconds: 1_795_316_400_250_009)
        == "<132>1 2026-11-22T03:00:00.250009Z ns1 ponor - infection - CEF:0|a")
  }

  @Test("frames begin with the number of octets, not characters")
  func frames() {
    #expect(SyslogMessage.frame("aé") == Array("3 aé".utf8))
    #expect(SyslogMessage.withoutLineEnd("a\r\n\n") == "a")
    #expect(SyslogMessage.withoutLineEnd("\n") == "")
  }
}
