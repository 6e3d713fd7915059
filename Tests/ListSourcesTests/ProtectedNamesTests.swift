import CheckedYAML
import Foundation
import ListSources
import Testing

@Suite struct ProtectedNamesTests {
  private func relation(_ name: String, in names: ProtectedNames = .builtIn)
    -> ProtectedNames.Reason.Relation?
  {
    names.collides(Array(name.utf8))?.relation
  }

  @Test(
    "equal, above and below a protected name collide; below a shared suffix does not",
    arguments: [
      ("google.com", ProtectedNames.Reason.Relation.equal), ("www.google.com", .below),
      ("a.b.c.google.com", .below), ("GOOGLE.com.", .equal), ("com", .topLevel), ("", .topLevel),
      (".", .topLevel), ("zzz", .topLevel), ("arpa", .equal), ("in-addr.arpa", .below),
      ("ip6.arpa", .below), ("home.arpa", .below), ("a.root-servers.net", .below),
      ("co.uk", .sharedSuffix), ("com.br", .sharedSuffix), ("github.io", .sharedSuffix),
      ("DDNS.net", .sharedSuffix), ("windows.net", .above), ("one.one.one.one", .below),
      ("dns.google", .equal),
    ])
  func collisions(name: String, expected: ProtectedNames.Reason.Relation) {
    #expect(relation(name) == expected)
  }

  @Test(
    "other names do not collide",
    arguments: [
      "example.co.uk", "evil.ddns.net", "a.b.ddns.net", "x.github.io", "oogle.com", "ggoogle.com",
      "google.com.evil.net", "google.co", "d.cloudfront.net", "earnestnessbiophysicalohax.com",
      "a..b", "..",
    ])
  func free(name: String) {
    #expect(relation(name) == nil)
  }

  @Test("names of an operator's own are protected the same way, an ancestor of one too")
  func ownNames() throws {
    var names = ProtectedNames()
    let accepted = ["www.shop.example.net.", "lan", "not a name", "WWW.shop.example.net"].map {
      names.insert($0)
    }
    #expect(accepted == [true, true, false, true])
    #expect(names.count == 2, "a repeat does not count")
    #expect(relation("example.net", in: names) == .above)
    #expect(relation("other.example.net", in: names) == nil)
    #expect(relation("a.www.shop.example.net", in: names) == .below)
    #expect(relation("printer.lan", in: names) == .below)
    let reason = try #require(names.collides(Array("A.www.shop.example.net".utf8)))
    #expect(reason.name == "www.shop.example.net")
    #expect(reason.description == "lies below the protected name www.shop.example.net")
  }

  @Test("many names stay exact while the table grows")
  func growth() {
    var names = ProtectedNames()
    for number in 0..<20_000 { names.insert("n\(number).example") }
    #expect(names.count == 20_000)
    #expect((0..<20_000).allSatisfy { relation("n\($0).example", in: names) == .equal })
    #expect((0..<20_000).allSatisfy { relation("m\($0).example", in: names) == nil })
  }

  @Test("allow list files are read; bad lines are counted with the first one's number")
  func files() throws {
    let directory = try TemporaryDirectory()
    defer { directory.remove() }
    let path = try directory.write(
      "allow.txt",
      "\u{FEFF}# ours\n\n Shop.Example. # the shop\r\nbad name here\n*.example\n1.2.3.4\nx/y\nlast.example"
    )
    var names = ProtectedNames()
    let report = try names.insert(contentsOf: path)
    #expect(report.accepted == 3)
    #expect(relation("shop.example", in: names) == .equal)
    #expect(relation("a.last.example", in: names) == .below)
    #expect(
      report.problems.map(\.description) == [
        "\(path):5: warning: 2 lines skipped, first here: \(NameText.Flaw.badOctet.description)",
        "\(path):6: warning: 1 lines skipped, first here: \(NameText.Flaw.address.description)",
      ])
    #expect(throws: (any Error).self) { _ = try names.insert(contentsOf: path + ".no") }
    #expect(relation("shop.example", in: names) == .equal)
  }

  @Test("random octets never trap")
  func fuzz() {
    var random = SplitMix64(state: 6)
    let pieces = Array("abcgoogle.com..\u{0}".utf8) + [0xFF, 0x80]
    for _ in 0..<20_000 {
      let count = Int.random(in: 0..<30, using: &random)
      _ = ProtectedNames.builtIn.collides(
        (0..<count).map { _ in pieces.randomElement(using: &random) ?? 0 })
    }
  }

  @Test("the built-in list is sorted, without repeats, and each name is one")
  func builtIn() {
    let groups = ProtectedNames.builtInGroups
    for group in groups {
      #expect(group == group.sorted())
      for name in group {
        var names = ProtectedNames()
        let isName = names.insert(name)
        #expect(isName, "\(name)")
      }
    }
    let all = groups.flatMap(\.self)
    #expect(Set(all).count == all.count)
    #expect(ProtectedNames.builtIn.count == all.count)
    #expect(all.count > 300)
  }
}
