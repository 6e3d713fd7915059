import DGAKit
import Foundation
import Generation
import Testing

@Suite("Names that collide")
struct CollisionTests {
  private static let days = GenerationWindow(
    around: day("2026-11-23"), daysBefore: 0, daysAfter: 1)
  private static let catalogue = ModelCatalogue(models: [Overlapping.self, Clocks.self])

  private func search(
    popular: String? = nil, top: Int = .max, slots: Int? = nil
  ) throws -> CollisionReport {
    let folder = try TemporaryDirectory()
    defer { folder.remove() }
    let path = try popular.map { try folder.write("top.csv", $0) }
    return try CollisionSearch(
      GenerationInputs(), window: Self.days, catalogue: Self.catalogue, mostSlots: slots
    ).run(popular: path, top: top)
  }

  @Test("names of several variants are found with a generator of each; seeds of one do not count")
  func shared() throws {
    let report = try search()
    #expect(
      report.shared.map { "\($0.name): \($0.generators.map(\.description))" } == [
        "a.static.example: [\"overlapping/left seed s\", \"overlapping/right seed s\","
          + " \"clocks/static seed s\"]",
        "common.example: [\"overlapping/left seed s\", \"overlapping/right seed s\"]",
      ])
    #expect(report.overlaps.map(\.names) == [1, 1])
    #expect(report.overlaps[0].models == ["overlapping/left", "overlapping/right"])
    #expect(report.popular.isEmpty)
    #expect(
      report.protected.map { "\($0.name) \($0.generator) \($0.reason)" } == [
        "www.google.com overlapping/left seed s lies below the protected name google.com"
      ])
    // left 5, right 2 of its own; utc and unstated 2 days, local 4, static 2 that are not shared.
    #expect(report.distinctNames == 5 + 2 + 2 * 6 + 4 * 3 + 2 && report.models == 6)
  }

  @Test("popular names are found with their rank, above, below and equal")
  func popular() throws {
    let list = """
      1,deep.low.common.example
      2,other.example
      3,shop.example
      4,sub.common.example
      5,ddns.net
      6,common.example
      """
    let found = try search(popular: list).popular
    #expect(
      found.map { "\($0.rank) \($0.relation) \($0.popular) \($0.name)" } == [
        "3 below shop.example my.shop.example", "6 equal common.example common.example",
      ])
    let above = try search(popular: list, top: 5).popular
    #expect(
      above.map { "\($0.rank) \($0.relation) \($0.popular) \($0.name)" } == [
        "1 above deep.low.common.example common.example",
        "3 below shop.example my.shop.example",
      ])
    #expect(try search(popular: list, top: 3).popular.count == 2)
    #expect(try search(popular: "1,common.example").popular.map(\.relation) == ["equal"])
  }

  @Test("a small table gives the same result in several parts")
  func parts() throws {
    let whole = try search(popular: "1,shop.example")
    for slots in [8, 16] {
      #expect(try search(popular: "1,shop.example", slots: slots) == whole)
    }
  }
}

/// Two variants that share names with each other and with `clocks/static`.
private struct Overlapping: DGAModel {
  static let metadata = ModelMetadata(
    family: "overlapping", trust: .low,
    variants: ["left", "right"].map { name in
      VariantInfo(
        name: name, kind: .arithmetic, period: .none, clock: .none, namesPerPeriod: .exactly(1),
        topLevelDomains: ["*"], sharedSuffixes: name == "left" ? ["dyn.example"] : [])
    }, references: [])
  static let seeds = [
    Seed(variant: "left", label: "s"), Seed(variant: "left", label: "t"),
    Seed(variant: "right", label: "s"),
  ]
  static let knownAnswers: [KnownAnswer] = []

  private let isLeft: Bool

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    isLeft = seed.variant == "left"
  }

  func period(containing instant: Instant) -> Period { .always }

  func names(at instant: Instant) -> Names {
    Names(
      texts: isLeft
        ? [
          "COMMON.example", "a.static.example", "www.google.com", "bot.ddns.net", "my.shop.example",
        ]
        : ["common.example", "a.static.example", "x.dyn.example", "common.example", "r.example"])
  }
}

@Suite("Speed of models")
struct SpeedTests {
  @Test("lists are walked until the time is over, by the clock that is handed in")
  func measuring() throws {
    let catalogue = ModelCatalogue(models: [Clocks.self])
    for variant in ["utc", "static"] {
      let generator = try catalogue.generator(
        GeneratorID(family: "clocks", variant: variant, seed: "s"))
      var now = 0.0
      let speed = SpeedMeasurement.measure(
        generator, from: day("2026-11-23"), seconds: 4,
        clock: {
          now += 1
          return now
        })
      #expect(speed.names == 192 && speed.seconds == 4 && speed.namesPerSecond == 48)
      #expect(speed.generator == generator.id && speed.kind == .arithmetic)
    }
  }

  @Test("an endless list ends with the time")
  func endless() throws {
    let generator = try ModelCatalogue(models: [Hostile.self]).generator(
      GeneratorID(family: "hostile", variant: "endless", seed: "s"))
    var now = 0.0
    let speed = SpeedMeasurement.measure(
      generator, from: day("2026-11-23"), seconds: 3,
      clock: {
        now += 1
        return now
      })
    #expect(speed.names == 3 << 14)
  }

  @Test("the geometric mean")
  func mean() throws {
    let mean = try #require(SpeedMeasurement.geometricMean([1, 100, 10]))
    #expect(abs(mean - 10) < 1e-9)
    #expect(SpeedMeasurement.geometricMean([]) == nil)
    #expect(SpeedMeasurement.geometricMean([0, 4]) == 4)
  }
}
