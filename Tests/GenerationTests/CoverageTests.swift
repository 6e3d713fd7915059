import CheckedYAML
import DGAKit
import Foundation
import Generation
import ListSources
import Testing

@Suite("Comparing models with reference lists")
struct CoverageTests {
  private let catalogue = ModelCatalogue(models: [Clocks.self])
  private static let header = "set\tfamily\tvariant\tseed\tdate\tcount\tsha256\tfirst\tlast\n"

  private static func row(
    _ variant: String, _ names: [String], seed: String = "s", date: String = "2026-11-23",
    family: String = "clocks"
  ) -> String {
    let octets = Array(names.map { $0 + "\n" }.joined().utf8)
    return [
      "open", family, variant, seed, date, "\(names.count)", SHA256.hash(octets).hexadecimal,
      names.first ?? "", names.last ?? "",
    ].joined(separator: "\t") + "\n"
  }

  private static func names(_ variant: String, _ letters: String = "abc") -> [String] {
    letters.map { "\($0)\(variant == "static" ? "" : "11-23").\(variant).example" }
  }

  /// Coverage of a folder with these rows and files.
  private func coverage(
    _ rows: [String], files: [String: [String]] = [:]
  ) throws -> (rows: [VariantCoverage], problems: [String]) {
    let folder = try TemporaryDirectory()
    defer { folder.remove() }
    try folder.write("index.tsv", Self.header + rows.joined())
    for (path, names) in files {
      try folder.write(path, names.map { $0 + "\n" }.joined())
    }
    let (lists, problems) = try ReferenceList.all(in: folder.path)
    return (catalogue.coverage(of: lists), problems.map(\.description))
  }

  @Test("lists that are equal match, on disk or by their checksum")
  func matching() throws {
    let (rows, problems) = try coverage(
      [
        Self.row("utc", Self.names("utc")), Self.row("utc", Self.names("utc"), seed: "s@1337Z"),
        Self.row("static", Self.names("static"), date: "static"),
        Self.row("static", Self.names("static", "ab"), date: "first-half"),
        Self.row("static", Self.names("static", "bc"), date: "second-half"),
      ], files: ["open/clocks-utc/s_2026-11-23.txt.gz": Self.names("utc")])
    #expect(problems.isEmpty)
    #expect(rows.map(\.variant) == ["utc", "static"])
    #expect(rows.map(\.matched) == [2, 3] && rows.map(\.lists) == [2, 3])
    #expect(rows.map(\.byChecksum) == [1, 3])
    #expect(rows.allSatisfy { $0.firstDifference == nil })
  }

  @Test(
    "the first difference is told with its ordinal",
    arguments: [
      ("abd", "ordinal 2: expected d11-23.utc.example, got c11-23.utc.example"),
      ("ab", "ordinal 2: expected the end of the list, got c11-23.utc.example"),
      ("abcd", "ordinal 3: expected d11-23.utc.example, got the end of the list"),
      ("xbc", "ordinal 0: expected x11-23.utc.example, got a11-23.utc.example"),
    ])
  func onDisk(letters: String, text: String) throws {
    let names = Self.names("utc", letters)
    let (rows, _) = try coverage(
      [Self.row("utc", names)], files: ["open/clocks-utc/s_2026-11-23.txt": names])
    #expect(rows.first?.matched == 0 && rows.first?.byChecksum == 0)
    #expect(rows.first?.firstDifference?.list == "s 2026-11-23")
    #expect(rows.first?.firstDifference?.difference.text == text)
  }

  @Test(
    "without the list its row tells what can be told",
    arguments: [
      ("abd", "ordinal 2: expected d11-23.utc.example, got c11-23.utc.example"),
      ("ab", "expected 2 names, got 3"), ("abcd", "expected 4 names, got 3"),
      ("xbc", "ordinal 0: expected x11-23.utc.example, got a11-23.utc.example"),
      ("axc", "expected SHA-256"),
    ])
  func byChecksum(letters: String, text: String) throws {
    let (rows, _) = try coverage([Self.row("utc", Self.names("utc", letters))])
    let found = rows.first?.firstDifference?.difference.text ?? ""
    #expect(found.hasPrefix(text), "\(found)")
  }

  @Test("what the catalogue does not have is a list not matched, with the reason")
  func unknown() throws {
    let (rows, _) = try coverage([
      Self.row("", ["x.y"], family: "clicks"), Self.row("solar", ["x.y"]),
      Self.row("utc", Self.names("utc"), seed: "t"),
    ])
    let reasons = rows.map { $0.firstDifference?.difference.got ?? "" }
    #expect(rows.map(\.matched) == [0, 0, 0])
    #expect(reasons[0].contains("unknown family clicks, did you mean clocks?"))
    #expect(reasons[1].contains("no variant solar"))
    #expect(reasons[2].contains("no seed t"))
  }

  @Test("bad rows and files are told with their place; the others are compared")
  func bad() throws {
    let good = Self.row("utc", Self.names("utc"))
    let (rows, problems) = try coverage(
      [
        "open\tclocks\n", Self.row("utc", ["x"], date: "soon"), good,
        good.replacing("\t3\t", with: "\tmany\t"),
        Self.row("local", Self.names("local")),
      ], files: ["open/clocks-local/s_2026-11-23.txt": ["other"]])
    #expect(rows.map(\.matched) == [1, 0])
    #expect(rows.last?.firstDifference?.difference.got.contains("clocks-local") == true)
    #expect(problems.count == 3)
    #expect(problems[0].hasSuffix("index.tsv:2: the row has too few columns"))
    #expect(problems[1].contains("index.tsv:3: 'soon' is no day"))
    #expect(problems[2].contains("index.tsv:5: 'count'"))
    #expect(throws: SourceProblem.self) { try ReferenceList.all(in: "/nonexistent") }
  }
}
