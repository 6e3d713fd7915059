import DGAKit
import Testing

@Suite("The catalogue finds generators")
struct CatalogueTests {
  private let catalogue = ModelCatalogue(models: [Counter.self, Wordy.self])

  private func selected(_ text: String, seed: String? = nil) throws -> [String] {
    try catalogue.select(GeneratorSelector(text, seed: seed)).map { "\($0)" }
  }

  private func message(_ action: () throws -> Void) -> String {
    do {
      try action()
      return "no error"
    } catch {
      return "\(error)"
    }
  }

  @Test("all generators are listed in registry order")
  func listing() {
    #expect(
      catalogue.generatorIDs.map { "\($0)" } == [
        "counter/up seed A", "counter/up seed B", "counter/down seed A", "wordy seed words",
        "wordy/other seed words",
      ])
    #expect(catalogue.wordListPins == [Wordy.pin])
  }

  @Test("what is not named is all of it, but an unnamed variant stands for itself")
  func selection() throws {
    #expect(try selected("counter").count == 3)
    #expect(try selected("counter/up") == ["counter/up seed A", "counter/up seed B"])
    #expect(try selected("counter", seed: "A") == ["counter/up seed A", "counter/down seed A"])
    #expect(try selected("Counter/DOWN", seed: "a") == ["counter/down seed A"])
    #expect(try selected("wordy") == ["wordy seed words"])
    #expect(try selected("wordy/") == ["wordy seed words"])
    #expect(try selected("wordy/other") == ["wordy/other seed words"])
  }

  @Test("errors name the nearest spelling")
  func errors() {
    #expect(
      message { _ = try selected("countre") }
        == "unknown family countre, did you mean counter?; `ponor models list` shows all")
    #expect(
      message { _ = try selected("zzz") } == "unknown family zzz; `ponor models list` shows all")
    #expect(
      message { _ = try selected("counter/dwon") }
        == "family counter has no variant dwon, did you mean down?; its variants: up, down")
    #expect(
      message { _ = try selected("counter/up", seed: "C") }
        == "counter/up has no seed C; its seeds: A, B")
    #expect(
      message { _ = try selected("wordy", seed: "word") }
        == "wordy has no seed word, did you mean words?; its seeds: words")
  }

  @Test("lists are walked one after the other, at most so many names in all")
  func generation() throws {
    let instant = try #require(Instant("2026-11-23"))
    func names(_ text: String, _ count: Int) throws -> [String] {
      var names: [String] = []
      try catalogue.generate(GeneratorSelector(text), at: instant, count: count) { name, _ in
        names.append(name.text)
      }
      return names
    }
    #expect(
      try names("counter/up", .max) == [33, 34, 35, 43, 44, 45].map { "\($0).example" })
    #expect(try names("counter/up", 4) == [33, 34, 35, 43].map { "\($0).example" })
    #expect(try names("counter/up", 0) == [])
  }

  @Test("seeds from outside are added, once, and checked")
  func adding() throws {
    var catalogue = catalogue
    let origin = Seed.Origin.file("seeds.d/a.yaml", line: 7)
    let seed = Seed(variant: "up", label: "C", parameters: ["start": 50], origin: origin)
    try catalogue.add(seed, toFamily: "counter")
    #expect(try catalogue.select(GeneratorSelector("counter", seed: "C")).count == 1)
    #expect(
      message { try catalogue.add(seed, toFamily: "counter") }
        == "counter/up has a seed C already (seeds.d/a.yaml:7); choose another label")
    #expect(
      message { try catalogue.add(Seed(variant: "up", label: "D"), toFamily: "counter") }
        == "counter: seed D: parameter start is missing; add it to the seed's parameters")
    let large = Seed(variant: "up", label: "D", parameters: ["start": 1_001])
    #expect(
      message { try catalogue.add(large, toFamily: "counter") }
        == "counter: seed D: parameter start 1001 is outside 0...1000")
    #expect(
      message { try catalogue.add(Seed(label: "D"), toFamily: "counter") }
        == "family counter has no unnamed variant; its variants: up, down")
    #expect(
      message { try catalogue.add(seed, toFamily: "count") }
        == "unknown family count, did you mean counter?; `ponor models list` shows all")
  }

  @Test("a missing word list is no reason to refuse a seed, but is said when it is used")
  func missingWordList() throws {
    var catalogue = catalogue
    catalogue.resources.directory = "/lists"
    try catalogue.add(Seed(label: "more"), toFamily: "wordy")
    let id = GeneratorID(family: "wordy", seed: "more")
    #expect(
      message { _ = try catalogue.generator(id) }
        == "wordy: word list wordy.txt not found in /lists; put the file with SHA-256"
        + " \(Wordy.pin.sha256) there (--wordlists DIR)")
    catalogue.resources.wordLists["wordy.txt"] = Array("abc".utf8)
    #expect(
      message { _ = try catalogue.generator(id) }
        == "wordy: word list /lists/wordy.txt has SHA-256"
        + " ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad, but the family uses"
        + " \(Wordy.pin.sha256); replace it by that version")
  }

  @Test("known answers are run, and what fails says why")
  func verification() throws {
    let counter = try catalogue.verify(family: "counter").map { $0.outcome }
    #expect(
      counter == [
        .passed, .passed,
        .failed(
          "expected 3 names, first 99.example, middle 100.example, last 101.example;"
            + " the model gives 3 names, first 35.example, middle 36.example, last 37.example"),
        .passed,
      ])
    let wordy = try catalogue.verify(family: "wordy")
    guard case .unavailable(let reason) = wordy[0].outcome else {
      Issue.record("\(wordy[0])")
      return
    }
    #expect(reason.hasPrefix("word list wordy.txt not found because no word list directory is set"))
    guard case .failed(let advice) = wordy[1].outcome else {
      Issue.record("\(wordy[1])")
      return
    }
    #expect(advice.contains("fill in count, first, middle"))
    #expect(advice.hasSuffix("the model now gives 1 names, first b, middle b, last b"))
    #expect(try catalogue.verify().count == counter.count + wordy.count)
  }

  @Test("the periods of a window cover it without gaps")
  func window() throws {
    let generator = try catalogue.generator(
      GeneratorID(family: "counter", variant: "up", seed: "A"))
    let start = try #require(Instant("2026-11-23T12:00:00Z"))
    let periods = generator.periods(from: start, to: start.adding(days: 2))
    #expect(
      periods.map { $0.start.dayText } == ["2026-11-23", "2026-11-24", "2026-11-25"])
    #expect(generator.periods(from: start, to: start).isEmpty)
  }
}

@Suite("Seed parameters")
struct SeedTests {
  private let seed = Seed(
    label: "s",
    parameters: [
      "number": 7, "hex": "0xFFFFFFFF", "decimal": "12", "word": "abc", "list": ["a", "b"],
      "empty": "", "negative": -1,
    ])

  @Test("numbers may be texts")
  func numbers() throws {
    #expect(try seed.integer("number") == 7)
    #expect(try seed.uint32("hex") == .max)
    #expect(try seed.integer("decimal") == 12)
    #expect(try seed.integer("absent", default: 3) == 3)
    #expect(try seed.count(default: 5) == 5)
    #expect(throws: ModelError.missingParameter(seed: "s", parameter: "absent")) {
      try seed.integer("absent")
    }
    for name in ["word", "list", "empty"] {
      #expect(throws: ModelError.self) { try seed.integer(name) }
    }
    #expect(throws: ModelError.self) { try seed.uint32("negative") }
  }

  @Test("texts and lists")
  func texts() throws {
    #expect(try seed.text("word") == "abc")
    #expect(try seed.list("list") == ["a", "b"])
    #expect(try seed.list("word") == ["abc"])
    #expect(try seed.list("absent", default: ["c"]) == ["c"])
    for name in ["empty", "number", "absent"] {
      #expect(throws: ModelError.self) { try seed.text(name) }
      #expect(throws: ModelError.self) { try seed.list(name) }
    }
  }
}
