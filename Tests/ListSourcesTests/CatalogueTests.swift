import CheckedYAML
import DGAKit
import ListSources
import Testing

@Suite struct CatalogueTests {
  @Test("what the catalogue refuses is reported at the seed's file and line")
  func refused() {
    var catalogue = ModelCatalogue(models: [])
    let loaded = SeedFiles.parse(
      Array("family: no-such\nseeds:\n  - label: a\n".utf8), file: "n.yaml")
    let problems = loaded.add(to: &catalogue).map(\.description)
    #expect(problems.count == 1)
    #expect(problems.first?.hasPrefix("n.yaml:3: ") == true)
    #expect(problems.first?.contains("no-such") == true, "\(problems)")
  }

  @Test("word lists that are there are read, missing ones are left to the model")
  func wordLists() throws {
    let directory = try TemporaryDirectory()
    defer { directory.remove() }
    try directory.write("words.txt", "one\ntwo\n")
    let (resources, problems) = WordListFiles.load(
      ["words.txt", "missing.txt"], from: directory.path)
    #expect(resources.wordLists.keys.sorted() == ["words.txt"])
    #expect(resources.directory == directory.path)
    #expect(problems.isEmpty)
    #expect(WordListFiles.load(["words.txt"], from: "/no/such").problems.isEmpty)
  }
}
