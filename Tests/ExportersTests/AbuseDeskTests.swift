import Evidence
import Exporters
import Foundation
import Testing

/// What the formats of abuse desks say, beyond what their consumers check (Tests/Consumers).
@Suite struct AbuseDeskTests {
  private func body(
    _ format: any InfectionFormat.Type, _ record: InfectionRecord,
    _ options: ExportOptions = ExportOptions()
  ) -> FormattedRecord {
    var format: any InfectionFormat = format.init(options: options)
    return format.body(record)
  }

  private func object(
    _ format: any InfectionFormat.Type, _ record: InfectionRecord,
    _ options: ExportOptions = ExportOptions()
  ) throws -> [String: Any] {
    guard case .text(let text) = body(format, record, options) else { return [:] }
    return try #require(
      JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test("IntelMQ is told the class that is true", arguments: [false, true])
  func intelMQ(_ isTest: Bool) throws {
    let line = try object(IntelMQ.self, record(isTest: isTest))
    #expect(line["classification.type"] as? String == (isTest ? "test" : "infected-system"))
    #expect(line["time.source"] as? String == "2026-11-22T03:14:07.250000+00:00")
    #expect(line["source.port"] as? Int == 53_817)
    #expect(line["event_hash"] as? String == line["event_hash"].map { "\($0)".uppercased() })
    let forwarder = try object(IntelMQ.self, record(scope: .forwarder))
    #expect(forwarder["classification.type"] as? String == "other")
    let withdrawn = try object(IntelMQ.self, record(change: .withdrawn))
    #expect(withdrawn["classification.type"] as? String == "undetermined")
    #expect(withdrawn["status"] as? String == "withdrawn")
  }

  @Test("A name that is no host name stands where any text may")
  func oddNames() throws {
    let odd = record(names: [#"\010evil.example"#])
    let event = try object(IntelMQ.self, odd)
    #expect(event["destination.fqdn"] == nil)
    #expect(event["extra.query"] as? String == #"\010evil.example"#)
    #expect(try object(N6.self, odd)["fqdn"] == nil)
    #expect(try object(XARF4.self, odd)["c2_server"] == nil)
    #expect(try object(N6.self, record())["fqdn"] as? String == "xkqv.biz")
  }

  @Test("Formats say what they cannot say")
  func skipped() {
    let ipv6 = record(client: "2001:db8::1")
    #expect(body(N6.self, ipv6) == .skipped("IPv6 client"))
    #expect(body(XARF4.self, record(scope: .forwarder)) == .skipped("forwarder"))
    for format in [XARF3.self, XARF4.self, N6.self, Event4Sinkhole.self]
      as [any InfectionFormat.Type]
    {
      #expect(body(format, record(change: .withdrawn)) == .skipped("withdrawn record"))
    }
  }

  @Test("Only XARF 3, IntelMQ and our own forms can tell a subscriber")
  func subscribers() {
    var options = ExportOptions()
    options.includesSubscriber = true
    let telling = FormatRegistry.infections.filter { format in
      guard case .text(let text) = body(format, record(), options) else { return false }
      return text.contains("line-0815")
    }.map { $0.name }
    #expect(Set(telling).isSuperset(of: ["csv", "intelmq", "intelmq-csv", "json", "xarf3"]))
    #expect(
      Set(telling).isDisjoint(with: ["xarf", "n6", "iodef", "iodef-json", "event4_sinkhole"]))
  }

  @Test("A mail for AbuseIO holds the report of a day as a zip archive")
  func abuseIO() throws {
    var options = ExportOptions()
    options.now = 1_795_400_000_000_000
    options.organisation = "Evil\r\nBcc: x@example.org"
    let day: Int64 = 86_400_000_000
    let samples = [
      record(number: 1), record(number: 2, time: 1_795_317_247_250_000 + day),
      record(number: 3, client: "2001:db8::1"),
    ]
    let (files, skipped) = AbuseIO(options: options).files(samples)
    #expect(
      files.map(\.path) == [
        "2026-11-22-event4_sinkhole-ponor-all.eml", "2026-11-23-event4_sinkhole-ponor-all.eml",
      ])
    #expect(skipped == ["IPv6 client": 1])
    let mail = String(decoding: try #require(files.first).octets, as: UTF8.self)
    #expect(mail.contains("Date: Mon, 23 Nov 2026 02:13:20 +0000\r\n"))
    #expect(mail.contains("Content-Type: application/zip; name="))
    #expect(!mail.contains("\nBcc:"))
    // The archive begins with a local header of zip, in base64.
    #expect(mail.contains("\r\n\r\nUEsDB"))
    #expect(AbuseIO(options: options).files(samples).files == files)
  }

  @Test("XML holds no character that XML may not hold")
  func xml() throws {
    var document = DocumentWriter(IODEFXML(options: ExportOptions()))
    let text = document.add(hostileRecord()) + document.finish()
    #expect(!text.contains("<b>") && text.contains("&lt;b&gt;&amp;"))
    #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0 == "\u{2028}" })
  }
}

@Suite struct SafeTextTests {
  @Test("CSV for old readers is printable ASCII and never ends in a lone backslash")
  func csv() {
    #expect(SafeText.csv("a\"b") == "\"a\"\"b\"")
    #expect(SafeText.csv("=1") == "\"'=1\"")
    #expect(SafeText.csv("é\n") == "\"??\"")
    #expect(SafeText.csv(#"a\"#) == #""a?""#)
    #expect(SafeText.csv(#"a\\"#) == #""a\\""#)
    #expect(SafeText.csv(#"a\"b"#) == #""a?""b""#)
    #expect(SafeText.csv(#"a\\"b"#) == #""a\\""b""#)
    #expect(SafeText.csv(#"\010x"#) == #""\010x""#)
  }

  @Test("CSV for spreadsheets keeps scripts and shows what hides")
  func spreadsheet() {
    #expect(SafeText.spreadsheet("Käse \"x\"") == "\"Käse \"\"x\"\"\"")
    #expect(SafeText.spreadsheet("a\r\nb\u{202e}") == "\"a\\u{d}\\u{a}b\\u{202e}\"")
    for start in ["=", "+", "-", "@", "＝", "＋", "－", "＠"] {
      #expect(SafeText.spreadsheet(start + "1") == "\"'\(start)1\"")
    }
    #expect(SafeText.spreadsheet("") == "\"\"")
  }
}
