import DGAKit

/// Verblecon: the MD5 of date and a fixed text, in hexadecimal.
///
/// Seed parameters: `text` (at most 45 octets).
struct Verblecon: DGAModel {
  static let metadata = ModelMetadata(
    family: "verblecon", trust: .high, check: "The published name for 2022-07-14.",
    variants: [
      VariantInfo(
        kind: .hash, period: .day, clock: .unstated, namesPerPeriod: .exactly(1),
        topLevelDomains: ["tk"])
    ],
    references: ["https://github.com/baderj/domain_generation_algorithms (verblecon)"])

  static let seeds = [
    Seed(label: "verble", parameters: ["text": "verble"], reference: "baderj")
  ]

  static let knownAnswers = [
    KnownAnswer(
      seed: "verble", at: "2022-07-14", only: "fd0ee78d1dbf4957b04cc6eb65feb97d.tk"),
    KnownAnswer(
      seed: "verble", at: "2024-02-29", only: "31f56d642d093237d9a60c30a9291b3b.tk"),
    KnownAnswer(
      seed: "verble", at: "2026-11-23", only: "0edb3e3d95ce05b323747efc9c64838d.tk"),
  ]

  private let text: [UInt8]
  private let suffixes = Suffixes(["tk"])

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    text = Array(try seed.text("text").utf8)
    guard text.count <= 45 else {
      throw .invalidParameter(
        seed: seed.label, parameter: "text", problem: "is longer than 45 octets")
    }
  }

  func period(containing instant: Instant) -> Period { .day(containing: instant) }

  func names(at instant: Instant) -> Names {
    let today = instant.calendarDay
    var message = MD5.ShortMessage()
    message.append(decimal: today.year, width: 4)
    message.append(UInt8(ascii: "-"))
    message.append(decimal: today.month, width: 2)
    message.append(UInt8(ascii: "-"))
    message.append(decimal: today.day, width: 2)
    message.append(text)
    return Names(digest: message.digest, suffixes: suffixes)
  }

  struct Names: NameGenerator {
    fileprivate let digest: MD5
    fileprivate let suffixes: Suffixes
    fileprivate var isDone = false

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard !isDone else { return false }
      isDone = true
      name.removeAll()
      for position in 0..<16 { name.append(hexadecimal: digest[position]) }
      suffixes.append(0, to: &name)
      return true
    }
  }
}
