import DGAKit
import DGAModels
import Foundation
import Generation
import Testing

@Suite("docs/families.md")
struct FamiliesPageTests {
  @Test("the page holds what the models say; PONOR_UPDATE=1 rewrites it")
  func page() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "docs/families.md")
    let rendered = FamiliesPage.render(ModelCatalogue(models: builtInModels))
    var page = try String(contentsOf: file, encoding: .utf8)
    let begin = try #require(page.range(of: FamiliesPage.begin))
    let end = try #require(page.range(of: FamiliesPage.end + "\n"))
    if ProcessInfo.processInfo.environment["PONOR_UPDATE"] == "1" {
      page.replaceSubrange(begin.lowerBound..<end.upperBound, with: rendered)
      try Data(page.utf8).write(to: file)
    }
    // Compared as one truth value: a failure would otherwise print both pages.
    let isEqual = page.contains(rendered)
    #expect(isEqual, "write the page anew: PONOR_UPDATE=1 swift test --filter FamiliesPageTests")
  }

  @Test("a row for each variant, a section with all that is known for each family")
  func content() {
    let text = FamiliesPage.render(ModelCatalogue(models: [Clocks.self, Documented.self]))
    let lines = text.split(separator: "\n").map(String.init)
    #expect(lines.first == FamiliesPage.begin && lines.last == FamiliesPage.end)
    #expect(lines.contains("2 families, 6 variants, 5 seeds."))
    #expect(
      lines.contains(
        "| [clocks/local](#clocks) | arithmetic, TDD-A | day | local | 3 |  | example | 1 | low |"))
    #expect(
      lines.contains(
        "| [documented](#documented) | wordlist, TIN-W | none | none | 1-2 | random, 5 a run"
          + " | a b c d e f … (7) | 1 | high |"))
    #expect(
      lines.contains(
        "| [documented/more](#documented) | hash, TDD-H | \\|x\\| | utc | 1 | listed"
          + " | from the seed | 0 | medium |"))
    let section = lines.drop { $0 != "### documented" }
    #expect(
      Array(section) == [
        "### documented", "- Also called: Doc, Docu",
        "- Malpedia [win.doc](https://malpedia.caad.fkie.fraunhofer.de/details/win.doc), ATT&CK"
          + " [T1568.002](https://attack.mitre.org/techniques/T1568/002/)",
        "- Checked: with a &lt;list>.", "- Notes: none.", "- All suffixes: a b c d e f g",
        "- Shared suffixes: a", "- Word lists: w.txt", "- Not predictable: random seed",
        "- Names that are no DNS names: spaces", "- `more`: checked: otherwise",
        "- `more`: notes: quirk", "- Sources: <https://example.org/x>, <https://example.org/y> (z)",
        FamiliesPage.end,
      ])
  }
}

/// A family with everything metadata can say.
private struct Documented: DGAModel {
  static let metadata = ModelMetadata(
    family: "documented", aliases: ["Doc", "Docu"], malpedia: "win.doc", trust: .high,
    check: "with a <list>.",
    variants: [
      VariantInfo(
        kind: .wordlist, period: .none, clock: .none, namesPerPeriod: .between(1, 2),
        topLevelDomains: ["a", "b", "c", "d", "e", "f", "g"],
        predictability: .unpredictable("random seed"),
        wordLists: [WordListPin(file: "w.txt", sha256: "")], sharedSuffixes: ["a"], order: .random,
        triesPerRun: 5, invalidNames: "spaces"),
      VariantInfo(
        name: "more", kind: .hash, period: .other("|x|"), clock: .utc, namesPerPeriod: .exactly(1),
        topLevelDomains: ["*"], order: .listed, trust: .medium, check: "otherwise", notes: "quirk"),
    ], references: ["https://example.org/x", "https://example.org/y (z)"], notes: "none.")
  static let seeds = [Seed(label: "s")]
  static let knownAnswers: [KnownAnswer] = []

  init(seed: Seed, resources: ModelResources) throws(ModelError) {}
  func period(containing instant: Instant) -> Period { .always }
  func names(at instant: Instant) -> Names { Names(texts: []) }
}
