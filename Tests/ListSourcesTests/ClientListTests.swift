import Addressing
import CheckedYAML
import ListSources
import Testing

@Suite struct ClientListTests {
  @Test("addresses and prefixes are read, comments skipped, bad lines counted")
  func addresses() throws {
    let folder = try TemporaryDirectory()
    defer { folder.remove() }
    let path = try folder.write(
      "out.txt",
      """
      # opted out
      192.0.2.7
      192.0.2.0/24   Mrs Example, 2026-11-01
      2001:db8::/56

      192.0.2.7/24
      example.net
      \(String(repeating: "1", count: 100))
      \(String(repeating: "x", count: 20_000))
      10.0.0.1 # last
      """)
    let (prefixes, report) = try AddressListFile.read(path)
    #expect(
      prefixes.map(\.description) == [
        "192.0.2.7/32", "192.0.2.0/24", "2001:db8::/56", "10.0.0.1/32",
      ])
    #expect(report.accepted == 4)
    #expect(report.skipped[.notAPrefix]?.count == 3)
    #expect(report.skipped[.notAPrefix]?.firstLine == 6)
    #expect(report.skipped[.tooLong]?.count == 1)
    #expect(report.problems.count == 2)
    #expect(report.problems[0].description.contains("3 lines skipped, first here: no address"))
  }

  @Test("a missing file is one clear error")
  func missing() throws {
    #expect(throws: (any Error).self) { try AddressListFile.read("/nowhere/out.txt") }
  }

  @Test("delegated names carry a family or none")
  func delegated() throws {
    let folder = try TemporaryDirectory()
    defer { folder.remove() }
    let path = try folder.write(
      "seized.txt", "Seized.Example.\nother.example Necurs\nthird.example # note\n*.bad\n\n")
    var rows: [String] = []
    let report = try DelegatedFile.read(path) { name, family in
      rows.append(String(decoding: name.indices.map { name[$0] }, as: UTF8.self) + " " + family)
    }
    #expect(
      rows == ["seized.example delegated", "other.example necurs", "third.example delegated"])
    #expect(report.accepted == 3)
    #expect(report.problems.count == 1)
  }
}
