import Evidence
import Exporters
import Foundation
import Testing

/// Formats of listed names.
@Suite struct DomainFormatTests {
  private static let names = [
    DomainRecord(
      name: "xkqv.biz", family: "conficker", variant: "b", seed: "date", validFrom: 1_795_305_600,
      validTo: 1_795_392_000, ordinal: 7),
    DomainRecord(name: "=1+1.biz", family: "=cmd", seed: "a,\"b\"\n;", kind: "feed"),
    DomainRecord(name: "\\000x.biz", family: "necurs"),
  ]

  private func document(_ name: String) throws -> (text: String, skipped: Int) {
    var options = ExportOptions()
    options.now = 1_795_400_000_000_000
    var format = try #require(FormatRegistry.domain(name)).init(options: options)
    var (text, skipped, count) = (format.head, 0, 0)
    for record in Self.names {
      switch format.body(record) {
      case .skipped: skipped += 1
      case .text(let body):
        text += (count == 0 ? "" : format.separator) + body
        count += 1
      }
    }
    return (text + format.tail, skipped)
  }

  @Test("Every name is written or counted, and the same names give the same text")
  func complete() throws {
    for format in FormatRegistry.domains {
      let document = try document(format.name)
      #expect(
        document.text.last == "\n" && document.text.contains("xkqv.biz")
          || format.name == "suricata-dataset")
      #expect(try self.document(format.name).text == document.text)
      #expect(!document.text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
    }
  }

  @Test("Lists: all names as text, host names in a hosts file, octets in a dataset")
  func lists() throws {
    #expect(try document("text").text == "xkqv.biz\n=1+1.biz\n\\000x.biz\n")
    let hosts = try document("hosts")
    #expect(hosts.text == "0.0.0.0 xkqv.biz\n" && hosts.skipped == 2)
    let dataset = try document("suricata-dataset")
    #expect(dataset.text == "eGtxdi5iaXo=\nPTErMS5iaXo=\n" && dataset.skipped == 1)
  }

  @Test("CSV: no formula, no line break, the documented columns")
  func csv() throws {
    let lines = try document("csv").text.split(separator: "\n")
    #expect(lines[0] == "domain,family,variant,seed,valid_from,valid_to,ordinal")
    #expect(
      lines[1] == "xkqv.biz,conficker,b,date,2026-11-22T00:00:00Z,2026-11-23T00:00:00Z,7")
    #expect(lines[2].hasPrefix("\"'=1+1.biz\",\"'=cmd\",,\"a,"))
    #expect(lines.count == 4)
  }

  @Test("Suricata: each rule has its number, and a name cannot end its pattern")
  func rules() throws {
    let rules = try document("suricata-rules").text.split(separator: "\n")
    #expect(rules.count == 2)
    #expect(rules[0].contains("dns.query; dotprefix; content:\".xkqv.biz\"; nocase; endswith;"))
    #expect(rules[0].contains("sid:1900100;") && rules[1].contains("sid:1900101;"))
    #expect(
      rules[1].contains("content:\".|3d|1|2b|1.biz\"") && rules[1].contains("malware_family _cmd,"))
  }

  @Test("Suricata: when the local rule numbers are used up, the rest is counted")
  func ruleNumbers() {
    var format = DomainSuricataRules(options: ExportOptions())
    var last = ""
    for _ in 0..<99_900 {
      guard case .text(let rule) = format.body(Self.names[0]) else { continue }
      last = rule
    }
    #expect(last.contains("sid:1999999;"))
    guard case .skipped = format.body(Self.names[0]) else {
      Issue.record("a rule beyond the local range")
      return
    }
  }

  @Test("MISP: names are for detection and end with their validity")
  func misp() throws {
    let any = try JSONSerialization.jsonObject(with: Data(document("misp").text.utf8))
    let event = try #require((any as? [String: Any])?["Event"] as? [String: Any])
    let attributes = try #require(event["Attribute"] as? [[String: Any]])
    #expect(attributes.count == 1 && attributes[0]["to_ids"] as? Bool == true)
    #expect(attributes[0]["last_seen"] as? String == "2026-11-23T00:00:00Z")
  }

  @Test("STIX: an indicator is valid while its name is")
  func stix() {
    let objects = STIXObjects.objects(for: Self.names[0], options: ExportOptions())
    #expect(objects.map(\.type).suffix(2) == ["indicator", "relationship"])
    let indicator = objects.first { $0.type == "indicator" }?.json ?? ""
    #expect(indicator.contains("\"valid_from\":\"2026-11-22T00:00:00Z\""))
    #expect(indicator.contains("\"valid_until\":\"2026-11-23T00:00:00Z\""))
    var always = Self.names[0]
    (always.validFrom, always.validTo) = (nil, nil)
    let open = STIXObjects.objects(for: always, options: ExportOptions()).map(\.json).joined()
    #expect(open.contains("\"valid_from\":\"1970-01-01T00:00:00Z\""))
    #expect(!open.contains("valid_until"))
    #expect(STIXObjects.objects(for: Self.names[1], options: ExportOptions()).isEmpty)
  }
}

/// Values put together in code.
@Suite struct JSONTreeTests {
  @Test("Paths make objects, absent values leave no trace, order is kept")
  func paths() {
    var tree = JSONTree.object([])
    tree.set("b.c", to: 1)
    tree.set("b.d.e", to: ["x", .absent])
    tree.set("b.f", to: .absent)
    tree.set("a", to: .real(.nan))
    tree.set("a", to: .text(optional: ""))
    #expect(tree.text == #"{"b":{"c":1,"d":{"e":["x"]}}}"#)
    tree.set("b.c.deep", to: true)
    #expect(tree.text == #"{"b":{"c":{"deep":true},"d":{"e":["x"]}}}"#)
  }

  @Test("The canonical text sorts members at every depth")
  func canonical() {
    let tree: JSONTree = ["b": ["z": 1, "a": 2], "a": "\"\\"]
    #expect(tree.canonicalText == #"{"a":"\"\\","b":{"a":2,"z":1}}"#)
  }
}
