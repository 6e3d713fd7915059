import CheckedYAML
import Evidence
import EvidenceParameters
import Testing

/// The data file: complete, documented, and refused with a clear word when it is not.
@Suite struct ParameterFileTests {
  private let text = String(decoding: EvidenceParameters.builtInFile, as: UTF8.self)

  private func flaw(_ text: String) -> SourceProblem? {
    do throws(SourceProblem) {
      _ = try EvidenceParameters.parse(Array(text.utf8), file: "p.yaml")
      return nil
    } catch {
      return error
    }
  }

  @Test("the built-in file is read whole")
  func builtIn() throws {
    let parameters = try EvidenceParameters.builtIn()
    #expect(!parameters.version.isEmpty)
    #expect(parameters.prior.infected == 1e-4)
    #expect(parameters.benign.registrations["co.uk"] == 9_500_000)
    #expect(parameters.families["pitou"]?.countsDays == true)
    #expect(parameters.foldRules(family: "demo").closingSilence == 14 * 86_400_000_000)
    #expect(parameters.foldRules(family: "ccleaner").closingSilence == 40 * 86_400_000_000)
    #expect(parameters.quietDays(family: "demo") == 14)
  }

  @Test("every number has a comment")
  func documented() {
    let lines = text.split(separator: "\n")
    let start = lines.firstIndex { $0.hasPrefix("prior:") } ?? 0
    let end = lines.firstIndex { $0.contains("registrations:") } ?? lines.count
    var above = ""
    for line in lines[start..<end] {
      if line.hasPrefix("#") { above = String(line) }
      let isNumber = line.hasPrefix("  ") && line.contains(":") && !line.hasSuffix(":")
      guard isNumber else { continue }
      // What stands in a group is said by the group's comment if the key is a plain word of it.
      #expect(line.contains("#") || !above.isEmpty, "\(line)")
    }
  }

  @Test("a replaced number is taken over")
  func replaced() throws {
    let changed = text.replacing("clamp: 9.2", with: "clamp: 5")
    let parameters = try EvidenceParameters.parse(Array(changed.utf8), file: "p.yaml")
    #expect(parameters.names.clamp == 5)
  }

  @Test(
    "what is wrong is said with its line",
    arguments: [
      ("clamp: 9.2", "clamp: nine", "'nine' is no number"),
      ("clamp: 9.2", "clamp: -1", "out of range"),
      ("clamp: 9.2", "clamp: .nan", "is no number"),
      ("clamp: 9.2", "clamp: [1]", "a single value is expected"),
      ("clamp: 9.2", "clamb: 9.2", "'names.clamp' is missing"),
      ("clamp: 9.2", "clamp: 9.2\n  clumsy: 1", "there is no such key"),
      ("infected: 1.0e-4", "infected: 0", "out of range"),
      ("infected: 1.0e-4", "infected: 1", "out of range"),
      (
        "retry_minutes: 180", "retry_minuets: 180",
        "did you mean 'families.conficker.retry_minutes'"
      ),
      ("counts_days: true", "counts_days: 3", "neither true nor false"),
      ("likely: 0.9", "likely: 0.4", "must not fall"),
      ("ascending: 0.95", "ascending: 0.3", "must be above"),
      ("version: \"2026-11-30\"", "version: \"a b\"", "printable characters"),
      ("com: 157000000", "com: many", "is no number"),
    ])
  func refused(from: String, to: String, message: String) throws {
    #expect(text.contains(from))
    let problem = try #require(flaw(text.replacing(from, with: to, maxReplacements: 1)))
    #expect(problem.message.contains(message), "\(problem)")
    #expect(problem.line > 0 || problem.message.contains("missing"))
  }

  @Test(
    "no file of parameters at all", arguments: ["", "# nothing\n", "- 1\n", "x", "{", "a: *b\n"])
  func noFile(text: String) {
    #expect(flaw(text) != nil)
  }
}
