import Foundation
import ListSources
import Testing

@Suite struct DocumentationTests {
  /// The fenced blocks of a page in one language.
  private func blocks(_ page: String, _ language: String) throws -> [String] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let text = try String(contentsOf: root.appending(path: "docs/\(page)"), encoding: .utf8)
    return text.components(separatedBy: "```\(language)\n").dropFirst().map {
      $0.components(separatedBy: "```")[0]
    }
  }

  @Test("the feed in docs/feeds.md is read as the page says")
  func feed() throws {
    let example = try #require(try blocks("feeds.md", "csv").first)
    let (rows, report) = readFeed(example)
    #expect(report.problems.isEmpty)
    #expect(
      rows.map(\.validity) == [
        "2026-11-20T00:00:00Z/2026-12-01T00:00:00Z", "2026-11-20T06:00:00Z/2026-11-20T18:00:00Z",
        "0001-01-01T00:00:00Z/9999-12-31T23:59:59Z",
      ])
  }

  @Test("the seed file in docs/seeds.md loads")
  func seedFile() throws {
    let example = try #require(try blocks("seeds.md", "yaml").first)
    let loaded = SeedFiles.parse(Array(example.utf8), file: "docs/seeds.md")
    #expect(loaded.problems.isEmpty && loaded.seeds.count == 1, "\(loaded.problems)")
  }
}
