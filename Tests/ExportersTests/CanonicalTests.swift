import Evidence
import Exporters
import Foundation
import Testing

@Suite struct CanonicalTests {
  private func read(
    _ text: String, chunk: Int = .max
  ) -> (records: [InfectionRecord], report: CanonicalReader.Report) {
    var reader = CanonicalReader(path: "records")
    var records: [InfectionRecord] = []
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      reader.push(rest.prefix(chunk)) { records.append($0) }
      rest = rest.dropFirst(chunk)
    }
    let report = reader.finish { records.append($0) }
    return (records, report)
  }

  private func line(_ record: InfectionRecord) -> String {
    CanonicalFormat.line(record, includesSubscriber: true)
  }

  @Test("A record is the same after writing and reading, whatever its texts hold")
  func roundTrip() {
    var full = hostileRecord()
    full.client.prefixLength = 24
    full.client.relay = "2001:db8::1"
    full.client.relayPort = 5353
    full.client.asn = .max
    full.client.country = "DE"
    full.clockSkewDays = -3
    full.stoppedEarly = true
    full.probabilities = ["infected": 0.97, "benign": 1e-9]
    full.terms = [.init(name: "prior", value: -6.907)]
    for record in [record(), full] {
      let (records, report) = read(line(record))
      #expect(records == [record])
      #expect(report.problems.isEmpty)
    }
  }

  @Test("The subscriber is told only if that is allowed")
  func subscriber() {
    var options = ExportOptions()
    var outside = CanonicalFormat(options: options)
    guard case .text(let text) = outside.body(record()) else { return #expect(Bool(false)) }
    #expect(!text.contains("line-0815"))
    options.includesSubscriber = true
    var inside = CanonicalFormat(options: options)
    guard case .text(let told) = inside.body(record()) else { return #expect(Bool(false)) }
    #expect(told.contains("\"subscriber\":{\"state\":\"unique\",\"key\":\"line-0815\""))
  }

  @Test("Lines may come in any pieces, with or without a last line end")
  func pieces() {
    let text = (1...3).map { line(record(number: $0)) + "\r\n" }.joined() + "\n \n"
    for chunk in [1, 7, 100_000] {
      let (records, report) = read(text, chunk: chunk)
      #expect(records.count == 3 && report.lines == 3)
    }
    #expect(read(String(text.dropLast(3))).records.count == 3)
  }

  @Test(
    "A line that is no record is told with its place, and the next is read",
    arguments: [
      ("{", "the line is not JSON"), ("[1]", "the line cannot"), ("{\"schema\":1}", "is missing"),
      (#""count":6"#, "has another type"), (#""us":"#, ""),
    ])
  func badLines(_ bad: String, _ why: String) {
    let good = line(record())
    let twin = bad.hasPrefix("\"") ? good.replacing(bad, with: bad.dropLast() + "\"x\"") : bad
    let (records, report) = read(twin + "\n" + good)
    #expect(records.count == 1 && report.lines == 2 && report.refused == 1)
    #expect(report.problems.first?.hasPrefix("records:1: no infection record: ") == true)
    #expect(report.problems.allSatisfy { !$0.contains("\n") })
  }

  @Test("Values that formats rely on are checked")
  func checks() throws {
    func refused(_ change: (inout InfectionRecord) -> Void) -> String? {
      var twin = record()
      change(&twin)
      return read(line(twin)).report.problems.first
    }
    let changes: [(String, (inout InfectionRecord) -> Void)] = [
      ("schema 2", { $0.schema = 2 }),
      ("id is no UUID", { $0.id = "../../etc/passwd" }),
      ("episode", { $0.episode = $0.episode.uppercased() }),
      ("case", { $0.caseNumber = "a b" }),
      ("day", { $0.day = "2026-11-23" }),
      ("instant", { $0.lastMicroseconds = .max }),
      ("last_us", { $0.lastMicroseconds = 0 }),
      ("episode_first_us", { $0.episodeFirstMicroseconds = .max }),
      ("count", { $0.count = 0 }),
      ("distinct_names", { $0.distinctNames = 7 }),
      ("client.address", { $0.client.address = "example" }),
      ("prefix_length", { $0.client.prefixLength = 33 }),
      ("relay", { $0.client.relay = "x" }),
      ("transport", { $0.client.transport = "doq" }),
      ("country", { $0.client.country = "de" }),
      ("server.address", { $0.serverAddress = "" }),
      ("family", { $0.family = "" }),
      ("lookups", { $0.lookups = [] }),
      ("presentation form", { $0.lookups[0].qname = "a b" }),
      ("validity", { $0.lookups[0].validFrom = .min }),
      ("qtype", { $0.lookups[0].qtype = "a" }),
      ("confidence", { $0.confidence = 1.1 }),
      ("tlp", { $0.tlp = "purple" }),
      ("severity", { $0.severity = "urgent" }),
    ]
    for (word, change) in changes {
      let problem = try #require(refused(change), "\(word)")
      #expect(problem.contains(word), "\(problem)")
    }
    #expect(refused { $0.revision = 1 } == nil)
  }

  @Test("A line without end does not fill the memory")
  func longLine() {
    let (records, report) = read(
      String(repeating: "a", count: CanonicalReader.longestLine + 1) + "\n" + line(record()))
    #expect(records.count == 1)
    #expect(report.problems.first?.contains("longer than") == true)
  }

  @Test("The schema is JSON and describes every key that is written")
  func schema() throws {
    let schema = try #require(
      JSONSerialization.jsonObject(with: Data(CanonicalSchema.text.utf8)) as? [String: Any])
    let described = try #require(schema["properties"] as? [String: Any])
    var full = record()
    full.clockSkewDays = 1
    let written = try #require(
      JSONSerialization.jsonObject(with: Data(line(full).utf8)) as? [String: Any])
    for key in written.keys { #expect(described[key] != nil, "\(key)") }
    for key in try #require(schema["required"] as? [String]) {
      #expect(written[key] != nil, "\(key)")
    }
  }
}
