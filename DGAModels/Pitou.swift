import DGAKit

/// Pitou (a kernel spambot, Srizbi's successor): names of vowels and consonants for 20 counters,
/// each of which changes about every ten days.
///
/// Seed parameters: `magic` (32 bits).
struct Pitou: DGAModel {
  static let metadata = ModelMetadata(
    family: "pitou", malpedia: "win.pitou", trust: .medium,
    check: "The 280 names of the repository's list for 2019-04-10 (DAFE02C), made by the script;"
      + " no names of another party.",
    variants: [
      VariantInfo(
        kind: .arithmetic, period: .other("1 to 7 days (each name about 10)"), clock: .unstated,
        namesPerPeriod: .between(20, 420), topLevelDomains: suffixes,
        predictability: .partial(
          "the ninth letter of a first label is read from outside the malware's array: all 21"
            + " consonants are listed, of which it asks for one"),
        notes: "20 names a run, those of nine letters being 21 candidates in a row; validity is"
          + " set per name.")
    ],
    references: [
      "https://bin.re/blog/the-dga-of-pitou/",
      "https://github.com/baderj/domain_generation_algorithms (pitou)",
    ],
    notes: "The malware takes the month for one later, so that its day count jumps and repeats"
      + " at the ends of months; and the year for the right one.")

  private static let suffixes = [
    "com", "org", "biz", "net", "info", "mobi", "us", "name", "me",
  ]

  static let seeds = [
    Seed(label: "0xDAFE02C", parameters: ["magic": 0xDAF_E02C], reference: "baderj"),
    Seed(label: "0xDAFE02D", parameters: ["magic": 0xDAF_E02D], reference: "baderj"),
  ]

  static let knownAnswers = [
    KnownAnswer(
      seed: "0xDAFE02C", at: "2019-04-10", count: 280, first: "koohoavab.net",
      middle: "epbaoacap.mobi", last: "huudeanaz.net"),
    KnownAnswer(
      seed: "0xDAFE02C", at: "2024-02-29", count: 300, first: "wouivajab.org",
      middle: "ligoiajac.net", last: "ecovyaob.name"),
    KnownAnswer(
      seed: "0xDAFE02C", at: "2026-11-23", count: 260, first: "biuhubob.mobi",
      middle: "doihaaqab.biz", last: "liewcaba.biz"),
    KnownAnswer(
      seed: "0xDAFE02D", at: "2024-02-29", count: 300, first: "weuuvajab.biz",
      middle: "logiiajac.biz", last: "emozyaob.us"),
    KnownAnswer(
      seed: "0xDAFE02D", at: "2026-11-23", count: 260, first: "biupubob.us",
      middle: "doiezaqab.net", last: "loefcaba.org"),
  ]

  private let magic: UInt32
  private let suffixes = Suffixes(Pitou.suffixes)

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    magic = try seed.uint32("magic")
  }

  /// The days on which none of the counters' tens changes.
  func period(containing instant: Instant) -> Period {
    let today = PitouDay(instant)
    return today.run { other in (0..<7).allSatisfy { today.tens($0) == other.tens($0) } }
  }

  func names(at instant: Instant) -> Names {
    Names(today: PitouDay(instant), magic: magic, suffixes: suffixes)
  }

  struct Names: NameGenerator {
    private let today: PitouDay
    private let magic: UInt32
    private let suffixes: Suffixes
    /// The counter of the name at hand, -1 before the first.
    private var counter = -1
    /// The first eight letters and the place of the suffix.
    private var label = DomainBuffer()
    private var suffix = 0
    private var isOpen = false
    /// How many of the counter's names are left: 21 if the ninth letter is open, else 1.
    private var left = 0
    private var validity = Period.always

    fileprivate init(today: PitouDay, magic: UInt32, suffixes: Suffixes) {
      self.today = today
      self.magic = magic
      self.suffixes = suffixes
    }

    mutating func next(into name: inout DomainBuffer) -> Bool {
      if left == 0 {
        guard counter < 19 else { return false }
        counter += 1
        begin()
      }
      name = label
      name.validity = validity
      if isOpen { name.append(consonants[21 - left]) }
      suffixes.append(suffix, to: &name)
      left -= 1
      return true
    }

    private mutating func begin() {
      let third = counter / 3
      // Three counters share their tens, and so their validity.
      if counter % 3 == 0 {
        validity = today.run { $0.tens(third) == today.tens(third) }
      }
      let days = UInt32(truncatingIfNeeded: today.tens(third))
      let number = UInt32(truncatingIfNeeded: counter)
      suffix = Int((number ^ days ^ magic) % 9)
      spell(octets(days: days, number: number))
      left = isOpen ? 21 : 1
    }

    /// Eight octets out of the nibbles of the magic's low half, the year and the days.
    private func octets(days: UInt32, number: UInt32) -> InlineArray<8, UInt8> {
      let year = UInt32(truncatingIfNeeded: today.year - 1_900)
      let (low, high) = (days & 0xFF, (days >> 8) & 0xFF)
      return InlineArray { place in
        let half = UInt32(truncatingIfNeeded: place / 4)
        let octet = (magic >> (half * 8)) & 0xFF
        let nibble = place % 2 == 0 ? octet >> 4 : octet & 0xF
        let factor =
          switch place % 4 {
          case 0: UInt32(bitPattern: Int32(bitPattern: year) >> Int32(half))
          case 1: year << half
          case 2: (high << half) ^ (low >> half)
          default: (low << half) ^ (high >> half)
          }
        return UInt8(truncatingIfNeeded: (nibble &* factor & 0xFF) &* (number + 1))
      }
    }

    /// Octets from 0x80 on spell consonant, vowel and perhaps a second vowel; others spell vowel
    /// and consonant.
    private mutating func spell(_ octets: InlineArray<8, UInt8>) {
      label.removeAll()
      isOpen = false
      while label.count < 8 {
        let isConsonant = octets[label.count] & 0x80 != 0
        append(isConsonant ? consonants.span : vowels.span, octets)
        if !isConsonant, label.count == 8 {
          // The consonant that would follow is spelt by memory after the eight octets.
          isOpen = true
        } else if label.count < 8 {
          append(isConsonant ? vowels.span : consonants.span, octets)
          if isConsonant, label.count < 8, octets[label.count] & 0x40 != 0 {
            append(vowels.span, octets)
          }
        }
      }
    }

    /// Adds the letter of the octet whose turn it is: each letter uses up one.
    private mutating func append(_ letters: Span<UInt8>, _ octets: InlineArray<8, UInt8>) {
      label.append(letters[Int(octets[label.count]) % letters.count])
    }
  }
}

private let vowels = InlineArray<5, UInt8> { Array("aeiou".utf8)[$0] }
private let consonants = InlineArray<21, UInt8> { Array("bcdfghjklmnpqrstvwxyz".utf8)[$0] }

// MARK: - Days

/// A day as the malware counts it.
private struct PitouDay {
  let midnight: Instant
  let year: Int
  /// Days since 1970-01-01 of the same day one month later; a day the month lacks runs over.
  private let days: Int64

  init(_ instant: Instant) {
    midnight = instant.startOfDay
    let today = midnight.calendarDay
    year = today.year
    let isDecember = today.month == 12
    let nextMonth = CalendarDay(
      year: isDecember ? year + 1 : year, month: isDecember ? 1 : today.month + 1, day: 1)
    days = nextMonth.daysSince1970 + Int64(today.day - 1)
  }

  /// The days in full tens, after adding a third of a counter.
  func tens(_ third: Int) -> Int64 {
    let sum = days + Int64(third)
    let ones = sum % 10
    return sum - (ones < 0 ? ones + 10 : ones)
  }

  /// The days of this year around this one for which a property holds without a gap.
  func run(while isSame: (PitouDay) -> Bool) -> Period {
    Period(
      start: edge(step: -1, while: isSame),
      end: edge(step: 1, while: isSame).adding(days: 1))
  }

  /// The midnight of the last day in one direction.
  private func edge(step: Int64, while isSame: (PitouDay) -> Bool) -> Instant {
    var last = midnight
    while true {
      let next = PitouDay(last.adding(days: step))
      guard next.year == year, isSame(next) else { return last }
      last = next.midnight
    }
  }
}
