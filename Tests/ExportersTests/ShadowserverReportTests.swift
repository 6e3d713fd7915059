import Evidence
import Exporters
import Foundation
import Testing

@Suite struct ShadowserverReportTests {
  private func report(
    _ hits: [HitRow], options: ShadowserverReport.Options = .init()
  ) -> ShadowserverReport {
    var report = ShadowserverReport(options: options)
    for hit in hits { report.add(hit) }
    return report
  }

  private func value(_ column: String, _ row: [String], _ report: ShadowserverReport) -> String? {
    report.columns.firstIndex(of: column).map { row[$0] }
  }

  @Test(
    "The columns are those Shadowserver publishes",
    .enabled(if: FileManager.default.fileExists(atPath: Self.schema)))
  func columns() throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: Self.schema))
    let reports = try #require(
      JSONSerialization.jsonObject(with: data) as? [String: [String: Any]])
    for kind in ShadowserverReport.Kind.allCases {
      #expect(reports[kind.rawValue]?["fields"] as? [String] == ShadowserverColumns.sinkhole)
    }
  }

  /// In the folder of reference data beside the repository.
  static let schema = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "shared/schemas/shadowserver-reports.json").path

  @Test("A row holds what the receivers need, UTC and quoted")
  func oneRow() throws {
    let report = report([hit()])
    #expect(report.columns.count == 33)
    let row = try #require(report.rows(kind: .event4).first)
    let expected = [
      "timestamp": "2026-11-22 03:14:07", "protocol": "udp", "src_ip": "198.51.100.23",
      "src_port": "53817", "severity": "critical", "dst_ip": "192.0.2.53", "dst_port": "53",
      "infection": "conficker", "family": "conficker",
      "tag": "dga;dns-sinkhole;b;source-unverified", "application": "dns", "src_asn": "",
    ]
    for (column, wanted) in expected { #expect(value(column, row, report) == wanted) }
    #expect(report.rows(kind: .event6).isEmpty)
    let lines = report.csv(kind: .event4).split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 3 && lines[2].isEmpty)
    #expect(lines[0].hasPrefix("\"timestamp\",\"protocol\",\"src_ip\",\"src_port\""))
  }

  @Test("Lookups of a client, family and day become one row with the first one's port")
  func aggregation() throws {
    let day: Int64 = 86_400_000_000
    let start = hit().firstMicroseconds
    var options = ShadowserverReport.Options()
    options.withQuery = true
    let hits = [
      hit(id: 2, time: start + 5_000_000, count: 4, port: 2, transport: .tcp, isVerified: true),
      hit(id: 1, time: start, count: 2, port: 1),
      hit(id: 3, time: start + day, port: 3),
      hit(id: 4, time: start, client: "198.51.100.24", port: 4),
      hit(id: 5, time: start, port: 5, seed: "other"),
      hit(id: 6, time: start, client: "2001:db8::1", port: 6),
    ]
    let report = report(hits, options: options)
    let rows = report.rows(kind: .event4)
    #expect(rows.map { value("src_port", $0, report) } == ["1", "4", "5", "3"])
    #expect(value("count", rows[0], report) == "6")
    #expect(value("protocol", rows[0], report) == "udp")
    #expect(value("tag", rows[0], report) == "dga;dns-sinkhole;b")
    #expect(value("query", rows[0], report) == "xkqv.biz")
    #expect(value("query_type", rows[0], report) == "A")
    #expect(report.rows(kind: .event6).count == 1)
    #expect(report.days(kind: .event4).count == 2)
    #expect(report.rows(kind: .event4, day: start).count == 3)
    // The same hits in another order, and exported again, give the same report and ids.
    let again = self.report(hits.reversed(), options: options)
    #expect(again.csv(kind: .event4) == report.csv(kind: .event4))
    let ids = rows.map { value("event_id", $0, report) }
    #expect(Set(ids).count == 4)
  }

  @Test("What is no sign of infection is left out and counted")
  func skipped() {
    let hits = [
      hit(count: 2, action: .colliding), hit(count: 3, action: .observe),
      hit(count: 5, family: "unknown", kind: .unknown),
    ]
    let report = report(hits)
    #expect(report.rows(kind: .event4).isEmpty)
    #expect(report.skipped.colliding == 2)
    #expect(report.skipped.observed == 3)
    #expect(report.skipped.unknown == 5)
    var options = ShadowserverReport.Options()
    options.includesObserved = true
    #expect(self.report(hits, options: options).rows(kind: .event4).count == 1)
  }

  @Test("No field is a formula, breaks a line or splits a tag")
  func hostileFields() throws {
    let evil = "=HYPERLINK(\"x\");a,b\r\n\u{0}é"
    let report = report([hit(family: evil, variant: evil)])
    let csv = report.csv(kind: .event4)
    #expect(csv.split(separator: "\n").count == 2)
    #expect(csv.utf8.allSatisfy { $0 == 10 || (0x20...0x7e).contains($0) })
    #expect(csv.contains(#""'=hyperlink(""x"");a,b????""#))
    let row = try #require(report.rows(kind: .event4).first)
    #expect(value("tag", row, report)?.split(separator: ";").count == 4)
  }

  @Test("Receivers' own names are used where they are given")
  func aliases() throws {
    var options = ShadowserverReport.Options()
    options.infectionNames = ["conficker": "Downadup"]
    options.publicSource = "isp"
    let report = report([hit()], options: options)
    let row = try #require(report.rows(kind: .event4).first)
    #expect(value("infection", row, report) == "downadup")
    #expect(value("family", row, report) == "conficker")
    #expect(value("public_source", row, report) == "isp")
  }

  @Test("File names have exactly two parts after the type")
  func fileNames() {
    let name = ShadowserverReport.fileName(
      kind: .event6, day: 1_795_305_600_000_000, name: "my-isp é/..", part: "")
    #expect(name == "2026-11-22-event6_sinkhole-my_isp_____-_.csv")
  }
}
