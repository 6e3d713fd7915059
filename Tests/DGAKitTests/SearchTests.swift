import DGAKit
import Testing

@Suite("Observed names")
struct ObservedNamesTests {
  private func position(of text: String, in names: ObservedNames) -> Int? {
    var name = DomainBuffer()
    name.append(text: text)
    let position = names.position(of: name)
    // The early test may err on one side only.
    #expect(names.mayContain(name) || position == nil)
    return position
  }

  @Test("are found again in either letter case, others are not")
  func lookup() {
    let names = ObservedNames(["Example.COM", "a.b", "x", "example.net.", "example.com"])
    #expect(names.texts == ["example.com", "a.b", "x", "example.net"])
    #expect(position(of: "example.com", in: names) == 0)
    #expect(position(of: "EXAMPLE.com", in: names) == 0)
    #expect(position(of: "A.b", in: names) == 1)
    #expect(position(of: "x", in: names) == 2)
    #expect(position(of: "example.net", in: names) == 3)
    for other in ["example.co", "example.comm", "xample.com", "y", "", "a-b", "a.bb"] {
      #expect(position(of: other, in: names) == nil)
    }
  }

  @Test("may be none, or very many")
  func sizes() {
    #expect(position(of: "a.b", in: ObservedNames([])) == nil)
    let texts = (0..<50_000).map { "name\($0).example" }
    let names = ObservedNames(texts)
    #expect(names.count == texts.count)
    for place in stride(from: 0, to: texts.count, by: 997) {
      #expect(position(of: texts[place], in: names) == place)
    }
    #expect(position(of: "name50000.example", in: names) == nil)
  }

  @Test("octets left over in a buffer from a longer name change nothing")
  func shorterName() {
    let names = ObservedNames(["ab", "abcdef"])
    var name = DomainBuffer()
    name.append(text: "abcdef")
    #expect(names.position(of: name) == 1)
    name.removeAll()
    name.append(text: "ab")
    #expect(names.mayContain(name) && names.position(of: name) == 0)
  }
}

@Suite("The search loop")
struct SearchLoopTests {
  private let observed = ObservedNames(["17.example", "23.example", "255.example"])

  private func hits(
    _ values: ClosedRange<UInt32>, _ ordinals: Range<Int>
  ) throws -> [[UInt32]] {
    let seed = Seed(label: "template", parameters: ["start": 0])
    let model: any SearchableModel = try Numbers(seed: seed, resources: .none)
    var hits: [[UInt32]] = []
    model.search(values, at: Instant(unixSeconds: 0), ordinals: ordinals, for: observed) {
      hits.append([$0, UInt32($1)])
    }
    return hits
  }

  @Test("tries all values of the range, both ends included")
  func range() throws {
    #expect(try hits(0...100, 0..<1) == [[17, 0], [23, 0]])
    #expect(try hits(17...23, 0..<1) == [[17, 0], [23, 0]])
    #expect(try hits(18...22, 0..<1) == [])
    #expect(try hits((.max - 4)...(.max), 0..<1) == [[.max - 3, 0]])
  }

  @Test("reports a value once, at the first observed name of the ordinals asked for")
  func depth() throws {
    #expect(try hits(15...18, 0..<3) == [[15, 2], [16, 1], [17, 0]])
    #expect(try hits(15...18, 1..<3) == [[15, 2], [16, 1]])
    #expect(try hits(11...11, 0..<100) == [[11, 6]])
  }

  @Test("templates are the known seeds without the searched parameter, each once")
  func templates() {
    let seeds = [
      Seed(label: "a", parameters: ["start": 1, "count": 5]),
      Seed(label: "b", parameters: ["start": 2, "count": 9]),
      Seed(label: "c", parameters: ["start": 3, "tld": "other"]),
      Seed(variant: "foreign", label: "d"),
    ]
    let templates = Numbers.searchTemplates(ofVariant: "", known: seeds, observed: [])
    #expect(templates.map(\.label) == ["b", "c"])
    let found = Numbers.seed(templates[0], searchedValue: 0xAB)
    #expect(found.label == "000000AB")
    #expect(found.parameters == ["start": 0xAB, "count": 9])
  }
}

/// Ten numbers from a start on, as names, modulo 2^32 and wrapped to an octet at the very end.
private struct Numbers: SearchableModel {
  static let metadata = ModelMetadata(family: "numbers", trust: .low, variants: [], references: [])
  static let seeds: [Seed] = []
  static let knownAnswers: [KnownAnswer] = []
  static let searchSpaces = ["": SearchSpace("start")]

  private var start: UInt32

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    start = try seed.uint32("start")
  }

  mutating func setSearchedValue(_ value: UInt32) { start = value }

  func period(containing instant: Instant) -> Period { .always }

  func names(at instant: Instant) -> Names { Names(number: start) }

  struct Names: NameGenerator {
    fileprivate var number: UInt32
    fileprivate var left = 10

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard left > 0 else { return false }
      left -= 1
      name.removeAll()
      // The last values but one stand for 255.
      let shown = number == .max - 3 ? 255 : number
      name.append(text: "\(shown).example")
      number &+= 1
      return true
    }
  }
}
