import Evidence
import Exporters
import Foundation
import Testing

/// STIX 2.1 objects: the same thing is the same object, a later revision a later version.
@Suite struct STIXTests {
  private func objects(
    _ record: InfectionRecord, _ options: ExportOptions = ExportOptions()
  ) throws -> [String: [[String: Any]]] {
    let parsed = try STIXObjects.objects(for: record, options: options).map { object in
      let any = try JSONSerialization.jsonObject(with: Data(object.json.utf8))
      let members = try #require(any as? [String: Any])
      #expect(members["id"] as? String == object.id && members["type"] as? String == object.type)
      #expect(object.id.hasPrefix(object.type + "--"))
      #expect(members["modified"] as? String == object.version)
      return members
    }
    return Dictionary(grouping: parsed) { $0["type"] as? String ?? "" }
  }

  @Test("An observable has the identifier that any other producer would give it")
  func observables() throws {
    let all = try objects(record(client: "198.51.100.3"))
    #expect(
      all["ipv4-addr"]?.first?["id"] as? String
        == "ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4")
    #expect(all["network-traffic"]?.count == 2 && all["domain-name"]?.count == 2)
  }

  @Test("A revision keeps the identifiers and raises the versions of what was observed")
  func revisions() throws {
    let old = STIXObjects.objects(for: record(), options: ExportOptions())
    var later = record(change: .withdrawn)
    later.revision = 2
    let new = STIXObjects.objects(for: later, options: ExportOptions())
    #expect(old.map(\.id) == new.map(\.id))
    for (before, after) in zip(old, new) {
      let isRevised = ["observed-data", "sighting"].contains(before.type)
      #expect(((before.version ?? "") < (after.version ?? "")) == isRevised, "\(before.type)")
      #expect(after.json.contains("\"revoked\":true") == isRevised, "\(before.type)")
    }
  }

  @Test("One lookup has no last_seen; a count stays within STIX's bounds")
  func bounds() throws {
    var single = record(count: 1, names: ["xkqv.biz"])
    single.lastMicroseconds = single.firstMicroseconds
    let sighting = try #require(objects(single)["sighting"]?.first)
    #expect(sighting["last_seen"] == nil && sighting["count"] as? Int == 1)
    let many = try objects(record(count: .max))
    #expect(many["sighting"]?.first?["count"] as? Int == 999_999_999)
    #expect(many["observed-data"]?.first?["number_observed"] as? Int == 999_999_999)
  }

  @Test("Names that are no host names have no indicator, and nothing breaks a pattern")
  func names() throws {
    let all = try objects(hostileRecord())
    #expect(all["indicator"] == nil && all["domain-name"] == nil)
    #expect(all["sighting"]?.count == 1 && all["network-traffic"]?.count == 3)
    let quote = try objects(record(names: ["a'b.biz", "ok.biz"]))
    #expect(quote["indicator"]?.map { $0["name"] as? String } == ["ok.biz"])
  }

  @Test("A prefix is an observable, its relay the source of the packets")
  func prefix() throws {
    let all = try objects(prefixRecord())
    let values = all["ipv4-addr"]?.compactMap { $0["value"] as? String } ?? []
    #expect(Set(values) == ["10.20.30.0/24", "203.0.113.9", "192.0.2.53"])
    #expect(all["network-traffic"]?.first?["src_port"] as? Int == 5_353)
  }

  @Test(
    "Traffic lights are marked as STIX knows them; an unknown one is red",
    arguments: [
      ("clear", 1), ("green", 1), ("amber", 1), ("amber+strict", 2), ("red", 1), ("purple", 1),
    ])
  func markings(_ light: String, _ number: Int) throws {
    let all = try objects(record(tlp: light))
    #expect(all["marking-definition"]?.count == number)
    let references = try #require(all["sighting"]?.first?["object_marking_refs"] as? [String])
    #expect(
      Set(references) == Set(all["marking-definition"]?.compactMap { $0["id"] as? String } ?? []))
    if light == "purple" {
      #expect(references[0].hasSuffix("5e57c739-391a-4eb3-b6be-7d15ca92d5ed"))
    }
  }

  @Test("A bundle holds each object once, and who reports even without records")
  func bundle() throws {
    let text = document(STIXFormat.self, [record(number: 1), record(number: 2), record(number: 1)])
    let any = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    let all = try #require(any?["objects"] as? [[String: Any]])
    let identifiers = all.compactMap { $0["id"] as? String }
    #expect(Set(identifiers).count == identifiers.count)
    #expect(all.count { $0["type"] as? String == "sighting" } == 2)
    #expect(document(STIXFormat.self, []).contains("\"identity\""))
  }
}
