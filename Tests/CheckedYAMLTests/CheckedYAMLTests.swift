import CheckedYAML
import Testing
import Yams

@Suite struct CheckedYAMLTests {
  private func problem(_ text: String) -> String {
    do {
      _ = try CheckedYAML.parse(Array(text.utf8), file: "f")
      return ""
    } catch {
      return error.description
    }
  }

  @Test("nodes carry their places")
  func marks() throws {
    let root = try #require(try CheckedYAML.parse(Array("a:\n  b: 1\n".utf8), file: "f"))
    let inner = try #require(root.mapping?.first?.value.mapping?.first?.value)
    #expect(inner.mark?.line == 2 && inner.mark?.column == 6)
  }

  @Test("lines are counted alike for LF, CR LF and CR")
  func lineEnds() {
    for end in ["\n", "\r\n", "\r"] {
      #expect(problem("a: 1\(end)b: 2\(end)c: \u{1}").hasPrefix("f:3:4: control character"))
    }
  }

  @Test("columns count characters, not octets")
  func columns() {
    #expect(problem("é: \u{1}").hasPrefix("f:1:4:"))
  }

  @Test("problems sort by place and print as file:line:column")
  func sorting() {
    let late = SourceProblem(file: "f", line: 10, column: 1, "x")
    let early = SourceProblem(file: "f", line: 9, column: 80, "y", severity: .warning)
    #expect([late, early].sorted() == [early, late])
    #expect(early.description == "f:9:80: warning: y")
    #expect(SourceProblem(file: "f", "z").description == "f: z")
    let hostile = SourceProblem(file: "f\u{7F}", "'a\nb\u{1B}[1m\u{202E}' ä")
    #expect(hostile.description == #"f\u{7F}: 'a\nb\u{1B}[1m\u{202E}' ä"#)
  }
}
