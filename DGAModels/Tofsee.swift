import DGAKit

/// Tofsee: the number of the week in letters, twice, and one letter more.
///
/// Seed parameters: none.
struct Tofsee: DGAModel {
  static let metadata = ModelMetadata(
    family: "tofsee", aliases: ["Gheg"], malpedia: "win.tofsee", trust: .medium,
    check: "The names of the week of 2016-12-22 contain the three of a published table of family"
      + " examples (DGAfamilies), those of the week before the ones SecurityWeek quotes from"
      + " GovCERT.ch; the order could not be checked.",
    variants: [
      VariantInfo(
        kind: .arithmetic, period: .seconds(secondsPerWeek), clock: .utc,
        namesPerPeriod: .exactly(20), topLevelDomains: ["biz", "ch"],
        notes: "Weeks begin on Thursday at midnight UTC.")
    ],
    references: [
      "https://www.govcert.ch/blog/tofsee-spambot-features-.ch-dga-reversal-and-countermesaures/",
      "https://securityblog.switch.ch/2016/12/22/tofsee-ch-domain-names-stopped/",
      "https://github.com/aftabalam01/machinelearningpipeline (tofsee, seconds for weeks)",
    ])

  private static let secondsPerWeek: Int64 = 604_800

  static let seeds = [Seed(label: "default", reference: "GovCERT.ch")]

  static let knownAnswers = [
    KnownAnswer(
      seed: "default", at: "2016-12-22", count: 20, first: "dqhdqha.biz", middle: "dqhdqhf.biz",
      last: "dqhdqhj.ch"),
    KnownAnswer(
      seed: "default", at: "2024-02-29", count: 20, first: "eeseesa.biz", middle: "eeseesf.biz",
      last: "eeseesj.ch"),
    KnownAnswer(
      seed: "default", at: "2026-11-23", count: 20, first: "ekeekea.biz", middle: "ekeekef.biz",
      last: "ekeekej.ch"),
  ]

  private let suffixes = Suffixes(["biz", "ch"])

  init(seed: Seed, resources: ModelResources) throws(ModelError) {}

  func period(containing instant: Instant) -> Period {
    .block(ofSeconds: Tofsee.secondsPerWeek, containing: instant)
  }

  func names(at instant: Instant) -> Names {
    let week = period(containing: instant).start.unixSeconds / Tofsee.secondsPerWeek
    return Names(week: UInt32(truncatingIfNeeded: week), suffixes: suffixes)
  }

  struct Names: NameGenerator {
    fileprivate let week: UInt32
    fileprivate let suffixes: Suffixes
    fileprivate var index: UInt32 = 0

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard index < 20 else { return false }
      name.removeAll()
      appendWeek(to: &name)
      appendWeek(to: &name)
      name.append(letter: index / 2)
      suffixes.append(Int(index % 2), to: &name)
      index += 1
      return true
    }

    /// To the base of 26, highest digit first.
    private func appendWeek(to name: inout DomainBuffer) {
      var power: UInt32 = 1
      while week / power >= 26 { power *= 26 }
      while power > 0 {
        name.append(letter: week / power % 26)
        power /= 26
      }
    }
  }
}
