import DGAKit

/// Torpig (Sinowal): four characters and the month's ending, out of the date alone.
///
/// Seed parameters: `factor`, by which the scrambled date is multiplied.
struct Torpig: DGAModel {
  static let metadata = ModelMetadata(
    family: "torpig", aliases: ["Sinowal", "Mebroot", "Anserin"], malpedia: "win.sinowal",
    trust: .low,
    variants: [
      VariantInfo(
        name: "daily_p8", kind: .arithmetic, period: .day, clock: .unstated,
        namesPerPeriod: .exactly(3), topLevelDomains: suffixes,
        check: "Only dhidxguag.biz, in a test of dga-collection, was found: the name of 2015-08-03,"
          + " and perhaps that script's own output."),
      VariantInfo(
        name: "short_p8", kind: .arithmetic, period: .day, clock: .unstated,
        namesPerPeriod: .exactly(3), topLevelDomains: suffixes, trust: .medium,
        check: "The three names of a published table of family examples (DGAfamilies) come out for"
          + " 2009-06-21, 2009-08-09 and 2015-07-20; the table has no dates.",
        notes: "Without the letters h and x. That a list lasts a day is inferred."),
    ],
    references: [
      "Stone-Gross and others: Your Botnet is My Botnet (CCS 2009)",
      "https://github.com/pchaigno/dga-collection",
    ],
    notes: "On days 24 to 31 the last character before the month's ending is doubtful: the scripts"
      + " compare in an odd way, which gives a colon on the 29th. The later generator, which needs"
      + " the Twitter trends of the day, is not modelled.")

  private static let suffixes = ["com", "net", "biz"]

  static let seeds = [
    Seed(
      variant: "daily_p8", label: "p8", parameters: ["factor": 8],
      reference: "pchaigno/dga-collection"),
    Seed(
      variant: "short_p8", label: "p8", parameters: ["factor": 8], reference: "DGAfamilies (names)"),
  ]

  static let knownAnswers = [
    KnownAnswer(
      variant: "daily_p8", seed: "p8", at: "2015-08-03", count: 3, first: "dhidxguag.com",
      middle: "dhidxguag.net", last: "dhidxguag.biz"),
    KnownAnswer(
      variant: "daily_p8", seed: "p8", at: "2024-02-29", count: 3, first: "ghfpx:ebf.com",
      middle: "ghfpx:ebf.net", last: "ghfpx:ebf.biz"),
    KnownAnswer(
      variant: "daily_p8", seed: "p8", at: "2026-11-23", count: 3, first: "fhiqxvonv.com",
      middle: "fhiqxvonv.net", last: "fhiqxvonv.biz"),
    KnownAnswer(
      variant: "short_p8", seed: "p8", at: "2009-06-21", count: 3, first: "xgrrunj.com",
      middle: "xgrrunj.net", last: "xgrrunj.biz"),
    KnownAnswer(
      variant: "short_p8", seed: "p8", at: "2009-08-09", count: 3, first: "vgpsuag.com",
      middle: "vgpsuag.net", last: "vgpsuag.biz"),
    KnownAnswer(
      variant: "short_p8", seed: "p8", at: "2015-07-20", count: 3, first: "ueupulj.com",
      middle: "ueupulj.net", last: "ueupulj.biz"),
  ]

  private let isShort: Bool
  private var factor: Int
  private let suffixes = Suffixes(Torpig.suffixes)

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    isShort = seed.variant == "short_p8"
    factor = Int(try seed.integer("factor", in: 0...0xFFFF))
  }

  func period(containing instant: Instant) -> Period { .day(containing: instant) }

  func names(at instant: Instant) -> Names {
    Names(day: instant.calendarDay, factor: factor, isShort: isShort, suffixes: suffixes)
  }

  struct Names: NameGenerator {
    private let day: CalendarDay
    private let scrambled: Int
    private let isShort: Bool
    private let suffixes: Suffixes
    private var index = 0

    fileprivate init(day: CalendarDay, factor: Int, isShort: Bool, suffixes: Suffixes) {
      var day = day
      day.year = max(day.year, 2_007)
      self.day = day
      scrambled = ((day.month ^ day.day) + day.day) * factor + day.day + day.year
      self.isShort = isShort
      self.suffixes = suffixes
    }

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard index < suffixes.count else { return false }
      name.removeAll()
      appendLetter(((day.year >> 2 & 0x3FC0) + scrambled) % 25, to: &name)
      if !isShort { name.append(UInt8(ascii: "h")) }
      appendLetter((day.month + scrambled) % 10, to: &name)
      appendLetter((day.year & 0xFF + scrambled) % 25, to: &name)
      if !isShort { name.append(UInt8(ascii: "x")) }
      if day.day < 29 {
        appendLetter(day.day * 2 % 25, to: &name)
      } else {
        name.append(UInt8(ascii: "1") + UInt8(truncatingIfNeeded: day.day % 10))
      }
      name.append(text: monthEndings[day.month - 1])
      suffixes.append(index, to: &name)
      index += 1
      return true
    }

    private func appendLetter(_ place: Int, to name: inout DomainBuffer) {
      name.append(letter: UInt32(truncatingIfNeeded: place))
    }
  }
}

private let monthEndings = [
  "anj", "ebf", "arm", "pra", "aym", "unj", "ulj", "uag", "esp", "kot", "onv", "edc",
]

extension Torpig: SearchableModel {
  static let searchSpaces = ["daily_p8": SearchSpace("factor", bits: 16)]

  mutating func setSearchedValue(_ value: UInt32) { factor = Int(value) }
}
