import DGAKit

/// Flashback (Flashfake, variant K, for Mac OS X): one name a day under five suffixes, from three
/// shift registers that never meet.
///
/// Takes no seed parameters.
struct Flashback: DGAModel {
  static let metadata = ModelMetadata(
    family: "flashback", aliases: ["Flashfake", "BackDoor.Flashback.39"],
    malpedia: "osx.flashback", trust: .high,
    check: "Agrees with the name registered by Kaspersky for 2012-04-06 (krymbrjasnof.com), the"
      + " five names Kleissner saw under Apple's sinkhole for 2013-09-27, and four names in Maltrail"
      + " (2012-05-26, 2014-01-05 to 2014-01-07).",
    variants: [
      VariantInfo(
        kind: .arithmetic, period: .day, clock: .unstated, namesPerPeriod: .exactly(5),
        topLevelDomains: suffixList,
        notes: "The names fixed in each sample's configuration are not among these.")
    ],
    references: [
      "http://blog.kleissner.org/?p=351",
      "Kaspersky, Flashfake Mac OS X botnet confirmed (Securelist, April 2012)",
      "https://github.com/chrislee35/rubot (flashback-k.rb, after Brett Stone-Gross)",
      "https://github.com/stamparm/maltrail (trails/static/malware/osx_flashback.txt)",
    ])

  private static let suffixList = ["com", "net", "info", "in", "kz"]

  static let seeds = [
    Seed(label: "default", reference: "chrislee35/rubot, after Brett Stone-Gross")
  ]

  static let knownAnswers = [
    KnownAnswer(
      seed: "default", at: "2012-04-06", count: 5, first: "krymbrjasnof.com",
      middle: "krymbrjasnof.info", last: "krymbrjasnof.kz"),
    KnownAnswer(
      seed: "default", at: "2012-08-03", count: 5, first: "tomewpjgkeea.com",
      middle: "tomewpjgkeea.info", last: "tomewpjgkeea.kz"),
    KnownAnswer(
      seed: "default", at: "2013-09-27", count: 5, first: "mdrmcwayiivnrvo.com",
      middle: "mdrmcwayiivnrvo.info", last: "mdrmcwayiivnrvo.kz"),
  ]

  private let suffixes = Suffixes(Flashback.suffixList)

  init(seed: Seed, resources: ModelResources) throws(ModelError) {}

  func period(containing instant: Instant) -> Period { .day(containing: instant) }

  func names(at instant: Instant) -> Names {
    Names(registers: Registers(instant.calendarDay), suffixes: suffixes)
  }

  struct Names: NameGenerator {
    fileprivate let registers: Registers
    fileprivate let suffixes: Suffixes
    fileprivate var suffix = 0

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard suffix < suffixes.count else { return false }
      name.removeAll()
      var copy = registers
      for _ in 0..<registers.length { name.append(letter: copy.next() % 25) }
      suffixes.append(suffix, to: &name)
      suffix += 1
      return true
    }
  }
}

/// The day, the month from 0 and the years since 1900, each in a register of its own.
private struct Registers {
  private var day: UInt32
  private var month: UInt32
  private var year: UInt32

  init(_ today: CalendarDay) {
    day = spread(UInt32(today.day), above: 1)
    month = spread(UInt32(today.month - 1), above: 7)
    year = spread(UInt32(truncatingIfNeeded: today.year - 1_900), above: 15)
  }

  /// Twelve to fifteen letters.
  var length: UInt32 {
    let mixed =
      16 &* (month & 0xF8) ^ (month ^ 4 &* month) >> 25 ^ (day ^ day << 13) >> 19
      ^ (year ^ 8 &* year) >> 11
    return 12 + (mixed & 3)
  }

  mutating func next() -> UInt32 {
    day = (day ^ day << 13) >> 19 ^ (day & 0xFFFF_FFFE) << 12
    month = (month ^ 4 &* month) >> 25 ^ 16 &* (month & 0xFFFF_FFF8)
    year = (year ^ 8 &* year) >> 11 ^ (year & 0xFFFF_FFF0) << 17
    return year ^ month ^ day
  }
}

/// A number doubled into both halves; one too small for the register it starts is shifted up or,
/// if that does not help, complemented.
private func spread(_ number: UInt32, above least: UInt32) -> UInt32 {
  let doubled = number ^ number << 16
  guard doubled <= least else { return doubled }
  let shifted = number << 24
  return shifted > least ? shifted : ~shifted
}
