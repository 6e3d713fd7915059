import DeliveryRules
import Evidence
import Foundation
import Sharing
import Testing

@Suite struct TAXIITests {
  private let root = "/taxii2/ponor/collections/"

  private func collections(_ desk: SharedDesk, token: String = "isp-token") throws -> [String] {
    let all = try desk.object(desk.get(root, token: token))["collections"] as? [[String: Any]]
    return (all ?? []).compactMap { $0["id"] as? String }
  }

  private func all(
    _ desk: SharedDesk, _ path: String, _ query: [(name: String, value: String)] = []
  ) throws -> [[String: Any]] {
    var found: [[String: Any]] = []
    var next: String?
    repeat {
      let page = try desk.object(
        desk.get(path, query + (next.map { [("next", $0)] } ?? [])))
      found += page["objects"] as? [[String: Any]] ?? []
      next = page["more"] as? Bool == true ? page["next"] as? String : nil
    } while next != nil
    return found
  }

  @Test("nobody is told anything without a right")
  func authorisation() throws {
    let desk = try SharedDesk()
    for token in [nil, "", "wrong", "none-token"] {
      let answer = desk.get("/taxii2/", token: token)
      #expect(answer.status == 401)
      #expect(answer.headers["www-authenticate"]?.contains("Basic") == true)
    }
    let basic = { (text: String) in
      desk.answers.answer(
        SharedRequest(
          method: "GET", path: "/taxii2/",
          headers: ["authorization": "Basic " + Base64Text.encode(Array(text.utf8))])
      ).status
    }
    #expect(basic("isp:isp-token") == 200)
    #expect(basic("host:isp-token") == 401)
    #expect(basic("isp") == 401)
    // What is another's does not exist.
    let host = try collections(desk, token: "host-token")
    #expect(desk.get(root + host[1] + "/objects/").status == 404)
    #expect(desk.get(root + host[0] + "/objects/").status == 200, "names are for all")
  }

  @Test("objects come in pages, in the order they were added, none twice and none lost")
  func paging() throws {
    let desk = try SharedDesk()
    for number in 1...20 { desk.tell(number) }
    let mine = try collections(desk)[1]
    let whole = try all(desk, root + mine + "/objects/")
    #expect(Set(whole.compactMap { $0["id"] as? String }).count == whole.count)
    for limit in ["1", "2", "7"] {
      let paged = try all(desk, root + mine + "/objects/", [("limit", limit)])
      #expect(
        paged.compactMap { $0["id"] as? String } == whole.compactMap { $0["id"] as? String })
    }
    let manifest = try all(desk, root + mine + "/manifest/", [("limit", "3")])
    #expect(manifest.count == whole.count)
    let dates = manifest.compactMap { $0["date_added"] as? String }
    #expect(dates == dates.sorted() && Set(dates).count == dates.count)
    let later = try all(desk, root + mine + "/manifest/", [("added_after", dates[9])])
    #expect(later.count == whole.count - 10)
  }

  @Test("the same record twice adds nothing; a later revision adds a version")
  func versions() throws {
    let desk = try SharedDesk()
    desk.tell(1)
    let mine = try collections(desk)[1]
    let before = try all(desk, root + mine + "/objects/")
    desk.tell(1)
    #expect(try all(desk, root + mine + "/objects/").count == before.count)
    desk.tell(1, revision: 2)
    let after = try all(desk, root + mine + "/objects/")
    #expect(after.count == before.count, "the last version of each")
    let everything = try all(desk, root + mine + "/objects/", [("match[version]", "all")])
    #expect(everything.count > before.count)
    let sighting = try #require(
      after.compactMap { $0["id"] as? String }.first { $0.hasPrefix("sighting") })
    let versions = try desk.object(desk.get(root + mine + "/objects/\(sighting)/versions/"))
    let texts = try #require(versions["versions"] as? [String])
    #expect(texts.count == 2)
    let first = try all(
      desk, root + mine + "/objects/\(sighting)/", [("match[version]", "first")])
    #expect(first.first?["modified"] as? String == texts[0])
    let exact = try all(
      desk, root + mine + "/objects/\(sighting)/", [("match[version]", texts[0])])
    #expect(exact.count == 1)
  }

  @Test("filters")
  func filters() throws {
    let desk = try SharedDesk()
    for number in 1...3 { desk.tell(number) }
    let mine = try collections(desk)[1]
    let types = try all(desk, root + mine + "/objects/", [("match[type]", "malware,sighting")])
    #expect(Set(types.compactMap { $0["type"] as? String }) == ["malware", "sighting"])
    #expect(try all(desk, root + mine + "/objects/", [("match[spec_version]", "2.0")]).isEmpty)
    #expect(!(try all(desk, root + mine + "/objects/", [("match[spec_version]", "2.1")]).isEmpty))
    for (name, value) in [
      ("added_after", "yesterday"), ("limit", "0"), ("limit", "x"), ("next", "-1"),
      ("match[version]", "newest"), ("match[id]", ""),
    ] {
      let answer = desk.get(root + mine + "/objects/", [(name, value)])
      #expect(answer.status == 400, "\(name)=\(value)")
      #expect(try desk.object(answer)["title"] is String)
    }
  }

  @Test("the names alone are in the collection for all")
  func domains() throws {
    let desk = try SharedDesk()
    desk.tell(1)
    let names = try all(desk, root + collections(desk)[0] + "/objects/")
    let types = Set(names.compactMap { $0["type"] as? String })
    #expect(types.contains("indicator") && types.isDisjoint(with: ["ipv4-addr", "sighting"]))
    #expect(!names.isEmpty && !"\(names)".contains("198.51.100"))
  }

  @Test("what is erased from the feed is swept out of the collection")
  func sweeping() throws {
    let desk = try SharedDesk()
    desk.tell(1)
    desk.tell(2)
    try desk.store.sweep(OneEntry(sequence: 2))
    let mine = try all(desk, root + collections(desk)[1] + "/objects/")
    #expect(!"\(mine)".contains("198.51.100.2"), "record 1")
    #expect("\(mine)".contains("198.51.100.3"), "record 2")
    #expect(mine.contains { $0["type"] as? String == "malware" })
  }

  @Test("media types and methods")
  func protocolDetails() throws {
    let desk = try SharedDesk()
    #expect(desk.get("/taxii2/", accept: "application/taxii+json;version=2.1").status == 200)
    #expect(desk.get("/taxii2/", accept: "text/html, */*;q=0.1").status == 200)
    #expect(desk.get("/taxii2/", accept: "application/taxii+json; version=2.0").status == 406)
    #expect(desk.get("/taxii2/").type == "application/taxii+json;version=2.1")
    #expect(desk.get("/taxii2/nowhere/").status == 404)
    let mine = try collections(desk)[1]
    #expect(desk.get(root + mine + "/objects/sighting--x/").status == 404)
    let post = desk.answers.answer(
      SharedRequest(
        method: "POST", path: root + mine + "/objects/",
        headers: ["authorization": "Bearer isp-token"]))
    #expect(post.status == 403)
  }
}

private struct OneEntry: RecordFeed {
  let sequence: Int64

  func entries(after sequence: Int64, limit: Int) throws -> [FeedEntry] {
    guard sequence < self.sequence else { return [] }
    return [
      FeedEntry(
        sequence: self.sequence, added: 0, record: SharedDesk.record(Int(self.sequence)))
    ]
  }

  func newestSequence() throws -> Int64 { sequence }
}
