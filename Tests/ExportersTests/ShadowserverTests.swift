import Evidence
import Exporters
import Foundation
import Testing

@Suite struct ShadowserverTests {
  /// Columns and values of the rows of a document.
  private func rows(
    _ format: any InfectionFormat.Type, _ records: [InfectionRecord],
    _ options: ExportOptions = ExportOptions()
  ) -> [[String: String]] {
    var document = DocumentWriter(format.init(options: options))
    let text = records.reduce(into: "") { $0 += document.add($1) } + document.finish()
    let lines = text.split(separator: "\n").map { line in
      line.dropFirst().dropLast().components(separatedBy: "\",\"")
    }
    return lines.dropFirst().map {
      Dictionary(zip(lines[0], $0)) { first, _ in first }
    }
  }

  @Test(
    "The columns are those Shadowserver publishes",
    .enabled(if: FileManager.default.fileExists(atPath: Self.schema)))
  func columns() throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: Self.schema))
    let reports = try #require(
      JSONSerialization.jsonObject(with: data) as? [String: [String: Any]])
    for name in [Event4Sinkhole.name, Event6Sinkhole.name] {
      #expect(reports[name]?["fields"] as? [String] == ShadowserverColumns.sinkhole)
    }
    #expect(
      reports[Event4SinkholeDNS.name]?["fields"] as? [String] == ShadowserverColumns.sinkholeDNS)
  }

  /// In the folder of reference data beside the repository.
  static let schema = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "shared/schemas/shadowserver-reports.json").path

  @Test("A row holds what the receivers need, UTC and quoted")
  func oneRow() throws {
    let row = try #require(rows(Event4Sinkhole.self, [record()]).first)
    let expected = [
      "timestamp": "2026-11-22 03:14:07", "protocol": "udp", "src_ip": "198.51.100.23",
      "src_port": "53817", "severity": "critical", "dst_ip": "192.0.2.53", "dst_port": "53",
      "infection": "conficker", "family": "conficker", "public_source": "ponor",
      "tag": "dga;dns-sinkhole;b;source-unverified", "application": "dns", "src_asn": "",
    ]
    for (column, wanted) in expected { #expect(row[column] == wanted, "\(column)") }
    #expect(row.count == 33)
    var options = ExportOptions()
    options.withQuery = true
    let longer = try #require(rows(Event4Sinkhole.self, [record()], options).first)
    #expect(longer["query"] == "xkqv.biz" && longer["query_type"] == "A" && longer["count"] == "6")
  }

  @Test("Each record is in exactly one report, or left out with a reason")
  func reports() {
    let samples = [
      record(number: 1), record(number: 2, client: "2001:db8::1"),
      record(number: 3, scope: .forwarder), record(number: 4, change: .withdrawn),
      record(number: 5, client: "2001:db8::2", scope: .forwarder),
    ]
    #expect(rows(Event4Sinkhole.self, samples).map { $0["src_ip"] } == ["198.51.100.23"])
    #expect(rows(Event6Sinkhole.self, samples).map { $0["src_ip"] } == ["2001:db8::1"])
    let dns = rows(Event4SinkholeDNS.self, samples)
    #expect(dns.map { $0["count"] } == ["6"] && dns.first?["severity"] == "info")
    var document = DocumentWriter(Event4Sinkhole(options: ExportOptions()))
    for sample in samples { _ = document.add(sample) }
    #expect(
      document.counts.skipped == ["IPv6 client": 1, "forwarder": 2, "withdrawn record": 1])
    #expect(document.counts.notes.first == "2 records skipped: forwarder")
    #expect(document.counts.written == 1 && document.counts.lookups == 6)
  }

  @Test("A prefix has no address: the row names the forwarder that told it")
  func prefix() throws {
    var told = record(client: "2001:db8::", port: 0)
    told.client.prefixLength = 56
    told.client.relay = "198.51.100.7"
    told.client.relayPort = 4711
    let row = try #require(rows(Event4Sinkhole.self, [told]).first)
    #expect(row["src_ip"] == "198.51.100.7" && row["src_port"] == "4711")
    told.client.prefixLength = nil
    #expect(rows(Event6Sinkhole.self, [told]).first?["src_port"]?.isEmpty == true)
  }

  @Test("A rehearsal cannot be taken for an infection")
  func rehearsal() throws {
    let row = try #require(rows(Event4Sinkhole.self, [record(isTest: true)]).first)
    #expect(row["infection"] == "test-conficker" && row["severity"] == "info")
    #expect(row["tag"]?.hasPrefix("test;") == true)
  }

  @Test("No field is a formula, breaks a line or splits a tag")
  func hostileFields() throws {
    var document = DocumentWriter(Event4Sinkhole(options: ExportOptions()))
    let csv = document.add(hostileRecord())
    #expect(csv.split(separator: "\n").count == 2)
    #expect(csv.utf8.allSatisfy { $0 == 10 || (0x20...0x7e).contains($0) })
    #expect(csv.contains(#""'=cmd|' /c calc'!a0,""q"";]\<b>&?????[2j???""#))
    #expect(csv.contains("dga;dns-sinkhole;=cmd|' /C calc'!A0_\"\"q\"\"_]"))
  }

  @Test("Receivers' own names are used where they are given")
  func aliases() throws {
    var options = ExportOptions()
    options.aliases = ["conficker": FamilyAlias(shadowserver: "Downadup")]
    options.fileTag = "isp"
    let row = try #require(rows(Event4Sinkhole.self, [record()], options).first)
    #expect(row["infection"] == "downadup" && row["family"] == "conficker")
    #expect(row["public_source"] == "isp")
  }

  @Test("File names have exactly two parts after the type")
  func fileNames() {
    let name = ExportFileName.of(
      day: "2026-11-22", format: "event6_sinkhole", fileTag: "my-isp é/..", part: "",
      fileExtension: "csv")
    #expect(name == "2026-11-22-event6_sinkhole-my_isp_____-_.csv")
    #expect(
      ExportFileName.of(
        day: "2026-11-22", format: "intelmq-csv", fileTag: "isp", fileExtension: "csv")
        == "2026-11-22-intelmq_csv-isp-all.csv")
  }
}
