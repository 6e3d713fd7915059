import DGAKit

/// Vidro: a congruential generator, started for each name from the week and the name's number.
///
/// Seed parameters: none.
struct Vidro: DGAModel {
  static let metadata = ModelMetadata(
    family: "vidro", trust: .high,
    check: "All 100 names of 2016-12-22 equal 360netlab's examples, and all six of 2016-10-09"
      + " those of 360netlab/DGA#31.",
    variants: [
      VariantInfo(
        kind: .arithmetic, period: .seconds(secondsPerWeek), clock: .utc,
        namesPerPeriod: .exactly(100), topLevelDomains: suffixes, sharedSuffixes: ["dyndns.org"],
        notes: "Weeks begin on Sunday at 08:53:20 UTC.")
    ],
    references: [
      "https://github.com/360netlab/DGA/issues/31",
      "https://github.com/360netlab/DGA (code/vidro)",
    ])

  private static let secondsPerWeek: Int64 = 604_800
  private static let suffixes = ["dyndns.org", "com", "net"]

  static let seeds = [Seed(label: "default", reference: "360netlab/DGA#31")]

  static let knownAnswers = [
    KnownAnswer(
      seed: "default", at: "2016-12-22", count: 100, first: "khmfxcglt.dyndns.org",
      middle: "vpdibwbesdl.net", last: "mtdrcnhame.dyndns.org"),
    KnownAnswer(
      seed: "default", at: "2024-02-29", count: 100, first: "dwimstfedba.dyndns.org",
      middle: "nfppgnawdgpy.net", last: "ftzyyefsxi.dyndns.org"),
    KnownAnswer(
      seed: "default", at: "2026-11-23", count: 100, first: "jnerhlbtfwe.dyndns.org",
      middle: "twuuvvh.net", last: "kavdnwmijdxm.dyndns.org"),
  ]

  /// 2010-05-16T08:53:20Z, from which weeks are counted.
  private let origin = Instant(unixSeconds: 1_274_000_000)
  private let suffixes = Suffixes(Vidro.suffixes)

  init(seed: Seed, resources: ModelResources) throws(ModelError) {}

  func period(containing instant: Instant) -> Period {
    .block(ofSeconds: Vidro.secondsPerWeek, containing: instant, origin: origin)
  }

  func names(at instant: Instant) -> Names {
    let start = period(containing: instant).start
    let week = (start.unixSeconds - origin.unixSeconds) / Vidro.secondsPerWeek
    return Names(
      base: UInt32(truncatingIfNeeded: 123_456 * (week + 1_005)), suffixes: suffixes)
  }

  struct Names: NameGenerator {
    fileprivate let base: UInt32
    fileprivate let suffixes: Suffixes
    fileprivate var index: UInt32 = 0

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard index < 100 else { return false }
      var random = LinearCongruential32.ansiC(seed: base &+ index)
      name.removeAll()
      for _ in 0..<(random.next() >> 10) % 6 + 7 { name.append(letter: (random.next() >> 10) % 26) }
      suffixes.append(Int(index % 3), to: &name)
      index += 1
      return true
    }
  }
}
