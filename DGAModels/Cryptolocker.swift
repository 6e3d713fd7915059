import DGAKit

/// CryptoLocker: three shift registers fed by day, month and year; only the year counts up.
struct Cryptolocker: DGAModel {
  static let metadata = ModelMetadata(
    family: "cryptolocker", malpedia: "win.cryptolocker", trust: .high,
    check: "Four names of 2013-12-19 in pchaigno/dga-collection and the 1,000 names of"
      + " 2014-10-07 in andrewaeva/DGA.",
    variants: [
      VariantInfo(
        kind: .arithmetic, period: .day, clock: .unstated, namesPerPeriod: .exactly(1_000),
        topLevelDomains: suffixes)
    ],
    references: [
      "https://github.com/pchaigno/dga-collection (cryptolocker)",
      "https://github.com/andrewaeva/DGA (lists of 2014-10)",
    ])

  private static let suffixes = ["com", "net", "biz", "ru", "org", "co.uk", "info"]

  static let seeds = [Seed(label: "default", reference: "pchaigno/dga-collection")]

  static let knownAnswers = [
    KnownAnswer(
      seed: "default", at: "2014-10-07", count: 1_000, first: "ofdhiydrrttpblp.com",
      middle: "koeevxmdbbaa.ru", last: "kxntidohnnlahn.co.uk"),
    KnownAnswer(
      seed: "default", at: "2024-02-29", count: 1_000, first: "kkbvubygdput.com",
      middle: "wjwefcxdrbsgjgj.ru", last: "ljloykcttjhrn.co.uk"),
    KnownAnswer(
      seed: "default", at: "2026-11-23", count: 1_000, first: "tfstlcttuhqus.com",
      middle: "bnksunpxofwdko.ru", last: "dhuqjnvjicnj.co.uk"),
  ]

  private let suffixes = Suffixes(Cryptolocker.suffixes)

  init(seed: Seed, resources: ModelResources) throws(ModelError) {}

  func period(containing instant: Instant) -> Period { .day(containing: instant) }

  func names(at instant: Instant) -> Names {
    let today = instant.calendarDay
    return Names(
      day: UInt32(truncatingIfNeeded: today.day), month: UInt32(truncatingIfNeeded: today.month),
      year: UInt32(truncatingIfNeeded: today.year), suffixes: suffixes)
  }

  struct Names: NameGenerator {
    fileprivate let day: UInt32
    fileprivate let month: UInt32
    fileprivate let year: UInt32
    fileprivate let suffixes: Suffixes
    private var index = 0

    fileprivate init(day: UInt32, month: UInt32, year: UInt32, suffixes: Suffixes) {
      self.day = day
      self.month = month
      self.year = year
      self.suffixes = suffixes
    }

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard index < 1_000 else { return false }
      var d = day &* 65_537
      var m = month &* 65_537
      var y = (year &+ UInt32(truncatingIfNeeded: index)) &* 65_537
      let length = ((d >> 3 ^ y >> 8 ^ y >> 11) & 3) + 12
      name.removeAll()
      for _ in 0..<length {
        d = (d << 13) >> 19 ^ (d >> 1) << 13 ^ d >> 19
        m = (m << 2) >> 25 ^ (m >> 3) << 7 ^ m >> 25
        y = (y << 3) >> 11 ^ (y >> 4) << 21 ^ y >> 11
        name.append(letter: (y ^ m ^ d) % 25)
      }
      suffixes.append(index % 7, to: &name)
      index += 1
      return true
    }
  }
}
