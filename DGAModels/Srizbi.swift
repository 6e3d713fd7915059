import DGAKit

/// Srizbi (Cbeplay, Exchanger): sixteen hexadecimal digits' worth of a day count xored with a magic
/// number, spelled with the first fifteen letters of a keyboard.
///
/// Seed parameters: `magic` (32 bits).
struct Srizbi: DGAModel {
  static let metadata = ModelMetadata(
    family: "srizbi", aliases: ["Cbeplay", "Exchanger"], trust: .medium,
    check: "FireEye's eight names of a sample for 2008-11-13 and 2008-11-17 reproduce (magic"
      + " number 5BE741E3). No other month was at hand: there the day count is inferred.",
    variants: [
      VariantInfo(
        kind: .arithmetic, period: .other("three days, cut at the end of a month"), clock: .utc,
        namesPerPeriod: .exactly(4), topLevelDomains: ["com"], order: .listed,
        notes: "The malware goes round the four names for ever once its servers fail.")
    ],
    references: [
      "https://www.fireeye.com/blog/threat-research/2008/11/"
        + "technical-details-of-srizbis-domain-generation-algorithm.html",
      "http://www.pctools.com/security-news/srizbis-domain-calculator/",
      "https://github.com/chrislee35/rubot (srizbi.rb, test_dga.rb)",
    ],
    notes: "FireEye found 55 magic numbers; two are at hand. The malware counts the month from 1"
      + " where its own calendar counts from 0, so that it sees the day one month later.")

  static let seeds = [
    seed(0x5BE7_41E3), seed(0xB05E_6620),
  ]

  private static func seed(_ magic: Int64) -> Seed {
    Seed(
      label: String(magic, radix: 16, uppercase: true), parameters: ["magic": .integer(magic)],
      reference: "FireEye 2008, by way of chrislee35/rubot")
  }

  static let knownAnswers = [
    KnownAnswer(
      seed: "5BE741E3", at: "2008-11-13", count: 4, first: "yrytdyip.com",
      middle: "qpqduqud.com", last: "ydywryfu.com"),
    KnownAnswer(
      seed: "5BE741E3", at: "2008-11-14", count: 4, first: "yrytdyip.com",
      middle: "qpqduqud.com", last: "ydywryfu.com"),
    KnownAnswer(
      seed: "5BE741E3", at: "2008-11-17", count: 4, first: "ererseqg.com",
      middle: "upupruqd.com", last: "ododgoqs.com"),
    KnownAnswer(
      seed: "B05E6620", at: "2008-11-13", count: 4, first: "pqiridpe.com",
      middle: "dqupuudu.com", last: "uqfdfruo.com"),
  ]

  private var magic: UInt32
  private let suffix = Suffixes(["com"])

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    magic = try seed.uint32("magic")
  }

  func period(containing instant: Instant) -> Period {
    let midnight = instant.startOfDay
    let count = dayCount(at: instant)
    var first = midnight
    while dayCount(at: first.adding(days: -1)) == count { first = first.adding(days: -1) }
    var end = midnight.adding(days: 1)
    while dayCount(at: end) == count { end = end.adding(days: 1) }
    return Period(start: first, end: end)
  }

  func names(at instant: Instant) -> Names {
    let count = UInt32(truncatingIfNeeded: dayCount(at: instant))
    let lowestDigitEverywhere = (count & 0xF) &* 0x1111_1111
    return Names(digits: count ^ magic ^ lowestDigitEverywhere, suffix: suffix)
  }

  /// Days from 1970 to the same day of the next month, rounded down to a multiple of three.
  private func dayCount(at instant: Instant) -> Int64 {
    let days = instant.startOfNextMonth.daysSince1970 + Int64(instant.day) - 1
    return days - (days % 3 + 3) % 3
  }

  struct Names: NameGenerator {
    fileprivate let digits: UInt32
    fileprivate let suffix: Suffixes
    fileprivate var factor: UInt32 = 0

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard factor < 4 else { return false }
      factor += 1
      name.removeAll()
      for place in 0..<8 {
        // Octets from the lowest, in each the high digit first.
        let shift = UInt32(truncatingIfNeeded: (place ^ 1) &* 4)
        let digit = (digits &>> shift) & 0xF
        name.append(keys[Int(digit &* factor % 15)])
      }
      suffix.append(0, to: &name)
      return true
    }
  }
}

extension Srizbi: SearchableModel {
  static let searchSpaces = ["": SearchSpace("magic")]

  mutating func setSearchedValue(_ value: UInt32) { magic = value }
}

private let keys: InlineArray<15, UInt8> = {
  let octets = Array("qwertyuiopasdfg".utf8)
  return InlineArray { octets[$0] }
}()
