import DGAKit
import DNSWire
import DomainIndex
import Foundation
import Generation
import Testing

/// What a walk gave: rows by what they stand for, with their names.
struct Walked {
  struct Row: Equatable {
    var model: String
    var from: Int64
    var to: Int64
    var names: [String]
  }

  var rows: [Row] = []
  var report = GenerationReport()

  init(_ inputs: GenerationInputs, _ window: GenerationWindow, _ models: [any DGAModel.Type]) throws
  {
    var walk = NameWalk(inputs, window: window, catalogue: ModelCatalogue(models: models))
    var rows: [Row] = []
    try walk.run { origin, from, to in
      let model = origin.variant.isEmpty ? origin.family : "\(origin.family)/\(origin.variant)"
      rows.append(Row(model: model, from: from, to: to, names: []))
    } take: { item in
      rows[rows.count - 1].names.append(String(Name(item.name).description.dropLast()))
    }
    self.rows = rows
    report = walk.report
  }
}

@Suite("Walking models")
struct NameWalkTests {
  private static let today = GenerationWindow(
    around: day("2026-11-23"), daysBefore: 0, daysAfter: 0)

  private func walk(
    _ families: [String], grace: Int64 = 0, _ models: [any DGAModel.Type] = [Clocks.self]
  ) throws -> Walked {
    var inputs = GenerationInputs()
    inputs.families = families
    inputs.graceSeconds = grace
    return try Walked(inputs, Self.today, models)
  }

  /// Validity as hours from the window's first midnight.
  private func hours(_ walked: Walked) -> [[Int64]] {
    walked.rows.map { row in
      [row.from, row.to].map { ($0 - Self.today.start.unixSeconds) / 3_600 }
    }
  }

  // MARK: - Clocks

  @Test(
    "names by UTC, or by a clock that is not stated, are valid on their day",
    arguments: ["clocks/utc", "clocks/unstated"])
  func utc(model: String) throws {
    let walked = try walk([model])
    #expect(hours(walked) == [[0, 24]])
    #expect(walked.rows.first?.names.first?.hasPrefix("a11-23.") == true)
  }

  @Test("names by local time are valid wherever on earth it is their day")
  func local() throws {
    let walked = try walk(["clocks/local"])
    // The day before is not over in the west, the day after has begun in the east.
    #expect(hours(walked) == [[-38, 12], [-14, 36], [10, 60]])
    #expect(
      walked.rows.map { $0.names.first ?? "" }
        == ["11-22", "11-23", "11-24"].map { "a\($0).local.example" })
  }

  @Test("grace is added to the spread of time zones")
  func grace() throws {
    #expect(hours(try walk(["clocks/utc"], grace: 3_600)) == [[-25, 1], [-1, 25], [23, 49]])
    #expect(hours(try walk(["clocks/local"], grace: 3_600)) == [[-39, 13], [-15, 37], [9, 61]])
  }

  @Test("names that do not depend on time are always valid")
  func always() throws {
    let walked = try walk(["clocks/static"], grace: 3_600)
    #expect(walked.rows.map(\.from) == [.min] && walked.rows.map(\.to) == [.max])
  }

  @Test("the index keeps the clock and gives the malware's own interval back")
  func index() throws {
    let folder = try TemporaryDirectory()
    defer { folder.remove() }
    var inputs = GenerationInputs()
    inputs.graceSeconds = 600
    _ = try IndexGeneration.build(
      inputs, window: Self.today, to: folder.path + "/a", builtAt: 7_000_000,
      catalogue: ModelCatalogue(models: [Clocks.self]))
    let index = try DomainIndex(path: folder.path + "/a")
    #expect(index.generators.map(\.clock) == [.utc, .local, .unstated, .none])
    for (name, day) in [
      ("a11-24.local.example", "2026-11-24"), ("b11-23.utc.example", "2026-11-23"),
    ] {
      let payload = try #require(index.find(try Name(name)))
      let own = index.ownInterval(of: index.row(index.origin(of: payload, 0).row))
      let period = Period.day(containing: Instant(day) ?? Instant(unixSeconds: 0))
      #expect(own == (period.start.unixSeconds, period.end.unixSeconds))
    }
    let always = try #require(index.find(try Name("a.static.example")))
    #expect(index.ownInterval(of: index.row(index.origin(of: always, 0).row)) == (.min, .max))
  }

  @Test("a name that moves through many lists is taken once, where it first appears")
  func sliding() throws {
    let walked = try walk(["sliding"], [Sliding.self])
    // Each hour's list has the names of that hour and of the two that follow.
    #expect(walked.rows.map(\.names) == (0..<26).map { ["n\($0).example"] })
    #expect(hours(walked) == (0..<26).map { [$0 - 2, $0 + 1] })
    #expect(walked.report.families["sliding"]?.names == 26)
  }

  // MARK: - Hostile models

  @Test("an endless list is cut and reported, and later ones are not asked for")
  func endless() throws {
    var inputs = GenerationInputs()
    inputs.families = ["hostile/endless", "hostile/fine"]
    let window = GenerationWindow(around: day("2026-11-23"), daysBefore: 2, daysAfter: 2)
    var walk = NameWalk(
      inputs, window: window, catalogue: ModelCatalogue(models: [Hostile.self]))
    var rows: [(variant: String, count: Int)] = []
    try walk.run { origin, _, _ in
      rows.append((origin.variant, 0))
    } take: { _ in
      rows[rows.count - 1].count += 1
    }
    #expect(rows.map(\.variant) == ["endless"] + Array(repeating: "fine", count: 5))
    #expect(rows.map(\.count) == [NameWalk.longestList, 1, 1, 1, 1, 1])
    #expect(
      walk.report.problems == [
        "hostile/endless seed s: the list of 2026-11-21T00:00:00Z has more than 2000000 names; it"
          + " was cut there, later lists are left out"
      ])
  }

  @Test(
    "a period that leads nowhere ends the walk of its generator only",
    arguments: ["stuck", "backward", "elsewhere"])
  func periods(variant: String) throws {
    let walked = try walk(["hostile/\(variant)", "hostile/fine"], [Hostile.self])
    #expect(walked.rows.map(\.model) == ["hostile/fine"])
    #expect(walked.report.problems.count == 1)
    #expect(walked.report.problems[0].hasPrefix("hostile/\(variant) seed s: the model says that"))
  }

  @Test("periods of a second and empty lists cost no rows")
  func blink() throws {
    let walked = try walk(["hostile/blink", "hostile/fine"], [Hostile.self])
    #expect(walked.rows.map(\.model) == ["hostile/fine"] && walked.report.problems.isEmpty)
  }

  @Test("names that are no DNS names are counted, reported and left out")
  func noNames() throws {
    let walked = try walk(["hostile/nonames", "hostile/fine"], [Hostile.self])
    let count = Hostile.Names.noNames.count
    #expect(walked.rows.map(\.names) == [[], ["fine.example"]])
    #expect(walked.report.families["hostile"]?.invalid == count)
    #expect(walked.report.families["hostile"]?.names == count + 1)
    #expect(
      walked.report.problems == [
        "hostile/nonames seed s: \(count) names are no DNS names and were left out"
      ])
  }

  @Test("an interval without bounds does no harm")
  func extreme() throws {
    let walked = try walk(["hostile/extreme"], grace: 3_600, [Hostile.self])
    #expect(walked.rows.count == 1)
    #expect(walked.rows.allSatisfy { $0.from == .min && $0.to == .max })
  }

  @Test("a model that cannot be made is reported; the others are walked")
  func broken() throws {
    let walked = try walk(["hostile/broken", "hostile/wordless", "hostile/fine"], [Hostile.self])
    #expect(walked.rows.map(\.model) == ["hostile/fine"])
    #expect(walked.report.problems.count == 2)
    #expect(walked.report.problems[0].contains("parameter key is missing"))
    #expect(walked.report.problems[1].contains("word list absent.txt not found"))
  }

  @Test("more names than the operator allows are refused as a whole")
  func tooMany() throws {
    var inputs = GenerationInputs()
    inputs.maximumNames = 5
    #expect(throws: GenerationError.tooManyNames(6, limit: 5)) {
      try Walked(inputs, Self.today, [Clocks.self])
    }
    let folder = try TemporaryDirectory()
    defer { folder.remove() }
    let rows = (0..<9).map { "n\($0).example,f\n" }.joined()
    inputs.families = []
    inputs.feeds = [try folder.write("feed.csv", rows)]
    #expect(throws: GenerationError.tooManyNames(6, limit: 5)) {
      try Walked(inputs, Self.today, [Clocks.self])
    }
  }

  @Test("inactive seeds and families left out are not walked")
  func selection() throws {
    var catalogue = ModelCatalogue(models: [Clocks.self])
    try catalogue.add(Seed(variant: "utc", label: "s", isActive: false), toFamily: "clocks")
    var inputs = GenerationInputs()
    inputs.excluded = ["clocks/local", "clocks/static"]
    var walk = NameWalk(inputs, window: Self.today, catalogue: catalogue)
    var variants: [String] = []
    try walk.run { origin, _, _ in
      variants.append(origin.variant)
    } take: { _ in
    }
    #expect(variants == ["unstated"])
  }

  // MARK: - Feeds

  @Test("skipped rows of feeds are counted by reason, colliding names and ordinals kept")
  func feeds() throws {
    let folder = try TemporaryDirectory()
    defer { folder.remove() }
    let good = try folder.write(
      "good.csv", "a.example,f,s\nb.example,g\ngoogle.com,f,s\n*.c,f\nd..e,f\nx.y,\nx.z,\n")
    var inputs = GenerationInputs()
    inputs.families = []
    inputs.feeds = [folder.path + "/missing.csv", good]
    let walked = try Walked(inputs, Self.today, [])
    #expect(walked.rows.map(\.names) == [["a.example"], ["b.example"], ["google.com"]])
    #expect(walked.report.families["f"]?.names == 2 && walked.report.families["f"]?.colliding == 1)
    #expect(walked.report.feeds.map(\.path) == [good] && walked.report.feeds[0].rows == 7)
    #expect(walked.report.feeds[0].skipped.values.sorted() == [1, 1, 2])
    #expect(walked.report.skippedFeedRows == 4)
    #expect(walked.report.problems.count == 4, "\(walked.report.problems)")
    #expect(walked.report.problems[0].contains("missing.csv: cannot read the file"))
  }
}
