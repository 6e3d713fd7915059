import DGAKit

/// XshellGhost (ShadowPad in NetSarang's programs): one name a month out of year and month.
///
/// Seed parameters: none.
struct Xshellghost: DGAModel {
  static let metadata = ModelMetadata(
    family: "xshellghost", aliases: ["ShadowPad", "NetSarang"], malpedia: "win.shadowpad",
    trust: .high,
    check: "The names of 2017-08 and 2017-12 equal those of 360netlab/DGA#38.",
    variants: [
      VariantInfo(
        kind: .arithmetic, period: .month, clock: .unstated, namesPerPeriod: .exactly(1),
        topLevelDomains: ["com"], order: .listed)
    ],
    references: [
      "https://github.com/360netlab/DGA/issues/38",
      "https://github.com/360netlab/DGA (code/xshellghost)",
    ],
    notes: "The published script confuses year and month; the names of its issue need them so.")

  static let seeds = [Seed(label: "default", reference: "360netlab/DGA#38")]

  static let knownAnswers = [
    answer("2017-08-07", "nylalobghyhirgh.com"), answer("2017-12-31", "tczafklirkl.com"),
    answer("2024-02-29", "rqpirsrodof.com"), answer("2026-11-23", "zancdkrotiv.com"),
  ]

  private static func answer(_ date: String, _ name: String) -> KnownAnswer {
    KnownAnswer(seed: "default", at: date, only: name)
  }

  private let suffixes = Suffixes(["com"])

  init(seed: Seed, resources: ModelResources) throws(ModelError) {}

  func period(containing instant: Instant) -> Period { .month(containing: instant) }

  func names(at instant: Instant) -> Names {
    let today = instant.calendarDay
    let year = UInt32(truncatingIfNeeded: today.year)
    let month = UInt32(truncatingIfNeeded: today.month)
    let state = 0x9042_2A3A &* year &- 0x39D0_6F76 &* month &- 0x67B7_FC6F
    return Names(state: state, suffixes: suffixes)
  }

  struct Names: NameGenerator {
    fileprivate var state: UInt32
    fileprivate let suffixes: Suffixes
    fileprivate var isDone = false

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard !isDone else { return false }
      isDone = true
      name.removeAll()
      for _ in 0..<state % 6 + 10 {
        name.append(letter: state % 26)
        state = state &* 29 &+ 19
      }
      suffixes.append(0, to: &name)
      return true
    }
  }
}
