import CheckedYAML
import DGAKit
import ListSources
import Testing

@Suite struct SeedFileTests {
  private let good = """
    family: Necurs
    variant: v1
    seeds:
      - label: "9"
        parameters: { magic: 9, key: 0x1F, hex: "00112233", bare: 00112233, tlds: [com, "net"], t: 1e5 }
        first_seen: 2016-01-31
        last_seen: 2026-11-23T13:37:00Z
        sample_sha256: ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789
        reference: https://example.net/report
        tlp: TLP:AMBER+STRICT
        active: false
      - { label: other }
    """

  @Test("a seed file is read, every field as typed")
  func goodFile() throws {
    let loaded = SeedFiles.parse(Array(good.utf8), file: "n.yaml")
    #expect(loaded.problems.isEmpty, "\(loaded.problems)")
    try #require(loaded.seeds.count == 2)
    let first = loaded.seeds[0]
    #expect(first.family == "necurs" && first.line == 4)
    #expect(first.seed.variant == "v1" && first.seed.label == "9")
    #expect(
      first.seed.parameters == [
        "magic": 9, "key": 31, "hex": "00112233", "bare": "00112233", "tlds": ["com", "net"],
        "t": "1e5",
      ])
    #expect(first.seed.firstSeen?.description == "2016-01-31T00:00:00Z")
    #expect(first.seed.lastSeen?.description == "2026-11-23T13:37:00Z")
    #expect(first.seed.sampleSHA256?.hasPrefix("abcdef") == true)
    #expect(first.seed.reference == "https://example.net/report")
    #expect(first.seed.tlp == .amberStrict && !first.seed.isActive)
    #expect(first.seed.origin == .file("n.yaml", line: 4))
    #expect(loaded.seeds[1].seed.isActive && loaded.seeds[1].seed.tlp == .clear)
    #expect(first.problem("x").description == "n.yaml:4: x")
  }

  @Test(
    "a bad seed is skipped and reported with its place, the others load",
    arguments: [
      ("  - labl: x", "4:5: unknown key 'labl' in a seed; did you mean 'label'?"),
      ("  - parameters: {}", "4:5: the seed has no 'label'"),
      ("  - just text", "4:5: a seed must be a map with the keys label"),
      ("  - { label: x, parameters: 5 }", "'parameters' must be a map"),
      ("  - { label: x, parameters: { a: } }", "parameter 'a' has no value"),
      ("  - { label: x, parameters: { a: [[1]] } }", "must be a list of plain values"),
      ("  - { label: x, parameters: { a: {} } }", "must be a number, a text or a list"),
      ("  - { label: x, first_seen: soon }", "4:29: 'first_seen' must be a date like"),
      ("  - { label: x, first_seen: 2026-01-02, last_seen: 2026-01-01 }", "before 'first_seen'"),
      ("  - { label: x, sample_sha256: abc }", "64 hexadecimal digits"),
      ("  - { label: x, tlp: mauve }", "'tlp' must be one of clear, green"),
      ("  - { label: x, active: maybe }", "'active' must be true or false"),
      ("  - { label: \"a\\nb\" }", "control characters"),
    ])
  func badSeed(seed: String, expected: String) {
    let text = "family: f\nseeds:\n  - label: before\n\(seed)\n  - label: after\n"
    let loaded = SeedFiles.parse(Array(text.utf8), file: "f.yaml")
    #expect(loaded.seeds.map(\.seed.label) == ["before", "after"])
    let found = loaded.problems.map(\.description)
    #expect(!found.isEmpty && found[0].hasPrefix("f.yaml:4:"), "\(found)")
    #expect(found.contains { $0.contains(expected) }, "\(found)")
  }

  @Test(
    "a bad file is one problem",
    arguments: [
      ("seeds: []", "does not say its 'family:'"), ("family: f", "'seeds' must be a list"),
      ("- a", "a seed file must be a map"), ("family: [", "not valid YAML"),
      ("family: f\nseeds: {}\n", "'seeds' must be a list"),
      ("family:\nseeds: []", "must be a text"),
      ("family: &x f\nseeds: *x", "aliases"), ("\u{0}", "control character"),
    ])
  func badFile(text: String, expected: String) {
    let loaded = SeedFiles.parse(Array(text.utf8), file: "f.yaml")
    #expect(loaded.seeds.isEmpty)
    #expect(loaded.problems.count == 1, "\(loaded.problems)")
    #expect(loaded.problems.first?.description.contains(expected) == true, "\(loaded.problems)")
  }

  @Test("an empty file is no problem")
  func emptyFile() {
    #expect(SeedFiles.parse([], file: "").problems.isEmpty)
  }

  @Test("directories are read in order; repeats and bad files are reported, the rest loads")
  func directories() throws {
    let directory = try TemporaryDirectory()
    defer { directory.remove() }
    try directory.write("a.yaml", good)
    try directory.write(
      "b.yml", "family: necurs\nvariant: v1\nseeds: [{ label: other }, { label: new }]")
    try directory.write("c.yaml", "family: [")
    try directory.write(".hidden.yaml", "garbage: [")
    try directory.write("readme.txt", "garbage: [")
    let loaded = SeedFiles.load(directories: [directory.path, directory.path + "/missing"])
    #expect(loaded.seeds.map(\.seed.label) == ["9", "other", "new"])
    #expect(loaded.files.count == 3)
    #expect(loaded.missingDirectories == [directory.path + "/missing"])
    let found = loaded.problems.map(\.description)
    #expect(found.count == 2)
    #expect(found.contains { $0.contains("c.yaml:") && $0.contains("not valid YAML") })
    #expect(
      found.contains {
        $0.contains("b.yml:3: seed 'other' is also in") && $0.contains("a.yaml:12; the earlier")
      }, "\(found)")
  }

  @Test("random changes to a good file never trap")
  func fuzz() {
    var random = SplitMix64(state: 5)
    let bytes = Array(good.utf8)
    for _ in 0..<2_000 {
      var changed = bytes
      for _ in 0..<Int.random(in: 1...5, using: &random) {
        let index = changed.indices.randomElement(using: &random) ?? 0
        switch Int.random(in: 0..<3, using: &random) {
        case 0: changed[index] = UInt8.random(in: 0...255, using: &random)
        case 1: changed.remove(at: index)
        default: changed.insert(UInt8.random(in: 0x20...0x7E, using: &random), at: index)
        }
      }
      _ = SeedFiles.parse(changed, file: "f")
    }
  }
}
