import DGAKit

/// A family with one variant per clock: each day three names with the day of the month in them.
struct Clocks: DGAModel {
  static let metadata = ModelMetadata(
    family: "clocks", trust: .low,
    variants: [
      variant("utc", .utc), variant("local", .local), variant("unstated", .unstated),
      VariantInfo(
        name: "static", kind: .arithmetic, period: .none, clock: .none,
        namesPerPeriod: .exactly(3), topLevelDomains: ["example"]),
    ], references: [])
  static let seeds = metadata.variants.map { Seed(variant: $0.name, label: "s") }
  static let knownAnswers: [KnownAnswer] = []

  private static func variant(_ name: String, _ clock: Clock) -> VariantInfo {
    VariantInfo(
      name: name, kind: .arithmetic, period: .day, clock: clock, namesPerPeriod: .exactly(3),
      topLevelDomains: ["example"])
  }

  private let variant: String

  init(seed: Seed, resources: ModelResources) throws(ModelError) { variant = seed.variant }

  func period(containing instant: Instant) -> Period {
    variant == "static" ? .always : .day(containing: instant)
  }

  func names(at instant: Instant) -> Names {
    let day = variant == "static" ? "" : String(instant.dayText.dropFirst(5))
    return Names(texts: ["a", "b", "c"].map { "\($0)\(day).\(variant).example" })
  }
}

/// Names out of an array; allocates, which only a test's model may.
struct Names: NameGenerator {
  var texts: [String]
  var next = 0

  mutating func next(into name: inout DomainBuffer) -> Bool {
    guard next < texts.count else { return false }
    name.removeAll()
    name.append(text: texts[next])
    next += 1
    return true
  }
}

/// Each hour the names of that hour and of the two that follow; the hours of 2026-11-23 from 0.
struct Sliding: DGAModel {
  static let metadata = ModelMetadata(
    family: "sliding", trust: .low,
    variants: [
      VariantInfo(
        kind: .arithmetic, period: .seconds(3_600), clock: .utc, namesPerPeriod: .exactly(3),
        topLevelDomains: ["example"])
    ], references: [])
  static let seeds = [Seed(label: "s")]
  static let knownAnswers: [KnownAnswer] = []
  private static let start = day("2026-11-23")

  init(seed: Seed, resources: ModelResources) throws(ModelError) {}

  func period(containing instant: Instant) -> Period {
    .block(ofSeconds: 3_600, containing: instant)
  }

  func names(at instant: Instant) -> Hours {
    let hour = (instant.unixSeconds - Sliding.start.unixSeconds) / 3_600
    return Hours(next: hour, end: hour + 3)
  }

  struct Hours: NameGenerator {
    var next: Int64
    let end: Int64

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard next < end else { return false }
      name.removeAll()
      name.append(text: "n\(next).example")
      name.validity = Period(
        start: Sliding.start.adding(seconds: (next - 2) * 3_600),
        end: Sliding.start.adding(seconds: (next + 1) * 3_600))
      next += 1
      return true
    }
  }
}
