import DGAKit

/// A family of two named variants, whose lists are the numbers of the day.
struct Counter: DGAModel {
  static let metadata = ModelMetadata(
    family: "counter", trust: .low,
    variants: [
      VariantInfo(
        name: "up", kind: .arithmetic, period: .day, clock: .utc, namesPerPeriod: .exactly(3),
        topLevelDomains: ["example"]),
      VariantInfo(
        name: "down", kind: .arithmetic, period: .none, clock: .none, namesPerPeriod: .exactly(3),
        topLevelDomains: ["example"]),
    ], references: [])
  static let seeds = [
    Seed(variant: "up", label: "A", parameters: ["start": 10]),
    Seed(variant: "up", label: "B", parameters: ["start": "0x14"]),
    Seed(variant: "down", label: "A", parameters: ["start": 30]),
  ]
  static let knownAnswers = [
    answer("up", "A", "2026-11-23", "33"), answer("up", "A", "2026-11-24", "34"),
    answer("up", "A", "2026-11-25", "99"), answer("down", "A", "2026-11-25", "30"),
  ]

  private static func answer(
    _ variant: String, _ seed: String, _ date: String, _ first: String
  ) -> KnownAnswer {
    let number = Int(first) ?? 0
    return KnownAnswer(
      variant: variant, seed: seed, at: date, count: 3, first: "\(number).example",
      middle: "\(number + 1).example", last: "\(number + 2).example")
  }

  private let start: Int64
  private let isDaily: Bool

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    start = try seed.integer("start", in: 0...1_000)
    isDaily = seed.variant == "up"
  }

  func period(containing instant: Instant) -> Period {
    isDaily ? .day(containing: instant) : .always
  }

  func names(at instant: Instant) -> Names {
    Names(number: start + (isDaily ? Int64(instant.day) : 0), left: 3)
  }

  struct Names: NameGenerator {
    var number: Int64
    var left: Int

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard left > 0 else { return false }
      left -= 1
      name.removeAll()
      name.append(text: "\(number).example")
      number += 1
      return true
    }
  }
}

/// A family with an unnamed and a named variant, which needs a word list.
struct Wordy: DGAModel {
  static let metadata = ModelMetadata(
    family: "wordy", trust: .low, variants: [variant(""), variant("other")], references: [])
  static let pin = WordListPin(
    file: "wordy.txt", sha256: "97b0f1a6c4b4fb7ef4ff4c0fcff2ef0ec4b7ec94a0e1ac0d0f3a65d4b9a3f2f6")
  static let seeds = [Seed(label: "words"), Seed(variant: "other", label: "words")]
  static let knownAnswers = [
    KnownAnswer(seed: "words", count: 1, first: "a", middle: "a", last: "a"),
    KnownAnswer(
      variant: "other", seed: "words", count: 1, first: KnownAnswer.placeholder, middle: "a",
      last: "a"),
  ]

  private static func variant(_ name: String) -> VariantInfo {
    VariantInfo(
      name: name, kind: .wordlist, period: .none, clock: .none, namesPerPeriod: .exactly(1),
      topLevelDomains: ["example"], wordLists: name.isEmpty ? [pin] : [])
  }

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    if seed.variant.isEmpty { _ = try resources.words(of: Wordy.pin) }
  }

  func period(containing instant: Instant) -> Period { .always }
  func names(at instant: Instant) -> Names { Names() }

  struct Names: NameGenerator {
    var isDone = false

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard !isDone else { return false }
      isDone = true
      name.removeAll()
      name.append("b" as StaticString)
      return true
    }
  }
}
