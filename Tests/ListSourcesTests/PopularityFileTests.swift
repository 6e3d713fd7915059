import CheckedYAML
import ListSources
import Testing

@Suite struct PopularityFileTests {
  private func read(
    _ text: String, top: Int = .max
  ) throws -> (names: [String], report: NameListFile.Report) {
    let directory = try TemporaryDirectory()
    defer { directory.remove() }
    var names: [String] = []
    let path = try directory.write("top.csv", text)
    let report = try PopularityFile.read(path, top: top) { name, rank in
      let text = String(decoding: name.indices.map { name[$0] }, as: UTF8.self)
      names.append("\(rank) \(text)")
    }
    return (names, report)
  }

  @Test("ranks and names are read, with a header or without, quoted or not")
  func reading() throws {
    let plain = try read("1,Google.com\r\n2,\"example.org\"\n\n# note\n7, a.example ,x\n")
    #expect(plain.names == ["1 google.com", "2 example.org", "7 a.example"])
    #expect(plain.report.accepted == 3 && plain.report.skipped.isEmpty)
    #expect(try read("rank,domain\n1,a.example\n").names == ["1 a.example"])
  }

  @Test("without ranks the place is the rank")
  func places() throws {
    #expect(try read("a.example\nb.example\n").names == ["1 a.example", "2 b.example"])
  }

  @Test("only ranks up to the limit are read")
  func top() throws {
    #expect(try read("1,a.b\n2,c.d\n3,e.f\n", top: 2).names == ["1 a.b", "2 c.d"])
  }

  @Test("bad lines are counted by reason")
  func bad() throws {
    let (names, report) = try read("1,a.b\nx,c.d\n3,*.e\n4,\"f\n5,..\n6,g.h\n")
    #expect(names == ["1 a.b", "6 g.h"])
    #expect(report.skipped[.badOctet]?.count == 3 && report.skipped[.emptyLabel]?.count == 1)
    #expect(report.problems.count == 2)
    #expect(throws: SourceProblem.self) { try PopularityFile.read("/nonexistent") { _, _ in } }
  }
}
