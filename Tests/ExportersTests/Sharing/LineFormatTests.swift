import Evidence
import Exporters
import Testing

/// Syslog, CEF and LEEF: nothing in a record can end a line, a field or a value.
@Suite struct LineFormatTests {
  private static let formats: [any InfectionFormat.Type] = [
    SyslogFormat.self, CEFFormat.self, LEEFFormat.self,
  ]

  @Test("Whatever a record holds, it is one line of printable ASCII", arguments: 0..<formats.count)
  func oneLine(_ index: Int) {
    let text = document(Self.formats[index], [hostileRecord()])
    #expect(text.last == "\n")
    #expect(
      text.dropLast().unicodeScalars.allSatisfy { (0x20...0x7e).contains($0.value) || $0 == "\t" })
    #expect(text.contains("\t") == (Self.formats[index].name == "leef"))
  }

  @Test("Syslog: priority, time with microseconds, host, structured data with escapes")
  func syslog() {
    let text = document(SyslogFormat.self, [record()])
    #expect(text.hasPrefix("<82>1 2026-11-22T03:14:07.250000Z example.net ponor - infection ["))
    #expect(text.contains(" src=\"198.51.100.23\" spt=\"53817\" "))
    var quoted = record(family: #"a"b\c]d"#)
    quoted.resolver = "resolver 1"
    let escaped = document(SyslogFormat.self, [quoted])
    #expect(escaped.contains(#" family="a\"b\\c\]d" "#))
    // A blank would end the host name.
    #expect(escaped.contains("Z example.net ponor"))
    #expect(document(SyslogFormat.self, [record(change: .withdrawn)]).hasPrefix("<86>1 "))
  }

  @Test("A frame tells the length in octets, without the line end")
  func framed() {
    #expect(SyslogFormat.octetCounted("<13>1 - x\n") == Array("9 <13>1 - x".utf8))
    #expect(SyslogFormat.octetCounted("") == Array("0 ".utf8))
  }

  @Test("CEF: header and extension escape what has a meaning there, and only that")
  func cef() {
    let sample = record(family: #"a|b=c\d"#)
    let text = document(CEFFormat.self, [sample])
    #expect(text.hasPrefix("CEF:0|Ponor|ponor|"))
    #expect(text.contains(#"|infection with a\|b=c\\d likely|10|rt=1795317247250 "#))
    #expect(text.contains(#" cs1=a|b\=c\\d cs1Label=Family "#))
  }

  @Test("CEF: IPv6 addresses have keys of their own")
  func cefAddresses() {
    var sample = record(client: "2001:db8::1")
    sample.serverAddress = "2001:db8::53"
    let text = document(CEFFormat.self, [sample])
    #expect(text.contains(" c6a2=2001:db8::1 c6a2Label=Source IPv6 Address "))
    #expect(text.contains(" c6a3=2001:db8::53 c6a3Label=Destination IPv6 Address "))
    #expect(!text.contains(" src=") && !text.contains(" dst="))
  }

  @Test("CEF: a count beyond 32 bits is the largest of them")
  func cefCount() {
    #expect(document(CEFFormat.self, [record(count: .max)]).contains(" cnt=2147483647 "))
  }

  @Test("LEEF: tabs between attributes, keys once, a value may hold `=`")
  func leef() throws {
    let text = document(LEEFFormat.self, [record(family: "a=b\tc|d")]).dropLast()
    let parts = text.split(separator: "|", maxSplits: 6)
    #expect(parts.prefix(3) == ["LEEF:2.0", "Ponor", "ponor"] && parts[5] == "x09")
    let pairs = try #require(parts.last).split(separator: "\t")
    let keys = pairs.map { $0.prefix { $0 != "=" } }
    #expect(Set(keys).count == keys.count)
    #expect(pairs.contains(#"family=a=b\u{9}c|d"#))
    #expect(pairs.contains("devTime=2026-11-22T03:14:07.250Z"))
  }

  @Test("A prefix stands for its relay where only an address fits", arguments: 0..<formats.count)
  func prefix(_ index: Int) {
    let text = document(Self.formats[index], [prefixRecord()])
    #expect(text.contains("203.0.113.9") && text.contains("10.20.30.0/24"))
    #expect(text.contains("5353"))
  }
}
