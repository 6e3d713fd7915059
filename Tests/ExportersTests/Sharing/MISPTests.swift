import Evidence
import Exporters
import Foundation
import Testing

/// MISP: no victim is ever something to block, and an event imported twice is one event.
@Suite struct MISPTests {
  private func json(_ octets: some Sequence<UInt8>) throws -> [String: Any] {
    let any = try JSONSerialization.jsonObject(with: Data(octets))
    return try #require(any as? [String: Any])
  }

  private func event(_ record: InfectionRecord) throws -> [String: Any] {
    let document = try json(document(MISPFormat.self, [record]).utf8)
    let events = try #require(document["response"] as? [[String: Any]])
    return try #require(events.first?["Event"] as? [String: Any])
  }

  private func tags(_ event: [String: Any]) -> [String] {
    (event["Tag"] as? [[String: Any]] ?? []).compactMap { $0["name"] as? String }
  }

  @Test("Nothing has to_ids, whatever the record holds")
  func noBlocking() {
    for sample in [record(), hostileRecord(), prefixRecord(), record(change: .withdrawn)] {
      #expect(!document(MISPFormat.self, [sample]).contains("\"to_ids\":true"))
    }
  }

  @Test("Only what is more than a lookup is tagged an infected system")
  func classification() throws {
    let infected = "rsit:malicious-code=\"infected-system\""
    #expect(try tags(event(record())).contains(infected))
    var looked = record()
    looked.gate = .recorded
    #expect(try !tags(event(looked)).contains(infected))
    #expect(try tags(event(record(isTest: true))).contains("rsit:test=\"test\""))
    let withdrawn = try tags(event(record(change: .withdrawn)))
    #expect(!withdrawn.contains(infected))
    #expect(withdrawn.contains("false-positive:confirmed=\"true\""))
  }

  @Test("A revision is the same event, newer")
  func revisions() throws {
    var later = record()
    later.revision = 2
    let (old, new) = (try event(record()), try event(later))
    #expect(old["uuid"] as? String == new["uuid"] as? String)
    let times = [old, new].compactMap { ($0["timestamp"] as? String).flatMap { Int($0) } }
    #expect(times.count == 2 && times[0] < times[1])
  }

  @Test("A withdrawal is a false positive (type 1), an end an expiry (type 2)")
  func sightings() {
    #expect(document(MISPFormat.self, [record(change: .withdrawn)]).contains("\"type\":\"1\""))
    #expect(document(MISPFormat.self, [record(change: .closed)]).contains("\"type\":\"2\""))
    #expect(!document(MISPFormat.self, [record()]).contains("\"Sighting\""))
  }

  @Test("A feed keeps days, families, traffic lights and rehearsals apart, the manifest last")
  func feed() throws {
    let format = MISPFeedFormat(options: ExportOptions())
    let records = [
      record(number: 1), record(number: 2, client: "198.51.100.24"),
      record(number: 3, family: "necurs"), record(number: 4, isTest: true),
      record(number: 5, tlp: "red"), record(number: 6, time: 1_795_417_247_250_000),
      record(number: 7, client: "nobody"),
    ]
    let (files, skipped) = format.files(records)
    #expect(skipped == ["no valid client address": 1])
    #expect(files.suffix(2).map(\.path) == ["hashes.csv", "manifest.json"])
    let manifest = try json(try #require(files.last).octets)
    #expect(manifest.count == 5 && files.count == 7)
    let event = try json(files[0].octets)["Event"] as? [String: Any]
    let objects = event?["Object"] as? [[String: Any]]
    // Two clients asked for the same two names: MISP refuses a value twice.
    #expect(objects?.count == 2 && (event?["Attribute"] as? [Any])?.count == 2)
    #expect(format.files(records.reversed()).files.map(\.path) == files.map(\.path))
  }
}
