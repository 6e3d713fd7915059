import DGAKit

/// Pushdo (Cutwail's downloader): syllables out of a chain of MD5 digests, one chain for each of
/// 45 days around today.
///
/// Seed parameters: `consonants` and `endings` (letters a syllable begins and ends with), `mask1`
/// and `mask2` (which octets make a syllable of three letters), `tld`.
struct Pushdo: DGAModel {
  static let metadata = ModelMetadata(
    family: "pushdo", aliases: ["Cutwail downloader"], malpedia: "win.pushdo", trust: .high,
    check: "The 1,350 names of the repository's list for 2019-12-06 (kz_v1, made by the script);"
      + " 2 names of a published list fall in the window of 2014-10-18 (com_v1).",
    variants: [
      VariantInfo(
        kind: .hash, period: .other("day, of a window from -30 to +14 days"), clock: .unstated,
        namesPerPeriod: .exactly(1_350), topLevelDomains: ["kz", "com"], order: .listed,
        notes: "Today's 30 names first, then those of the 30 days before, then of 14 days to"
          + " come; validity is set per name.")
    ],
    references: [
      "https://github.com/baderj/domain_generation_algorithms (pushdo)"
    ],
    notes: "The malware's day counter is no calendar: it jumps at the ends of most months and"
      + " goes back by two at the end of January (by one in leap years). The published script"
      + " prints kz for com_v1, against its own configuration and the names seen.")

  static let seeds = [
    first("kz_v1", tld: "kz"), first("com_v1", tld: "com"),
    second("kz_v2", consonants: "kqbhcndjfwglpmzxrsv", endings: "qzlbtgrnkxsfdcm"),
    second("kz_v3", consonants: "zhjntdwmqbglpxrsfc", endings: "rlngbtkszpfdcmx"),
  ]

  private static func first(_ label: String, tld: String) -> Seed {
    Seed(
      label: label,
      parameters: [
        "consonants": "bcdfghjklmnpqrstvwx", "endings": "zxtsrqpnmlkgfdc", "mask1": 7,
        "mask2": 1, "tld": .text(tld),
      ],
      reference: "baderj")
  }

  private static func second(_ label: String, consonants: String, endings: String) -> Seed {
    Seed(
      label: label,
      parameters: [
        "consonants": .text(consonants), "endings": .text(endings), "mask1": 8, "mask2": 2,
        "tld": "kz",
      ],
      reference: "baderj")
  }

  static let knownAnswers = [
    KnownAnswer(
      seed: "kz_v1", at: "2019-12-06", count: 1_350, first: "weafokuggeir.kz",
      middle: "xilokhosova.kz", last: "woqadudil.kz"),
    KnownAnswer(
      seed: "kz_v1", at: "2024-02-29", count: 1_350, first: "jocupeijoki.kz",
      middle: "moztoqsojo.kz", last: "mupsangoqbul.kz"),
    KnownAnswer(
      seed: "kz_v1", at: "2026-11-23", count: 1_350, first: "beokeafea.kz",
      middle: "wekutimeobu.kz", last: "bilqulilatga.kz"),
    KnownAnswer(
      seed: "com_v1", at: "2026-11-23", count: 1_350, first: "beokeafea.com",
      middle: "wekutimeobu.com", last: "bilqulilatga.com"),
    KnownAnswer(
      seed: "kz_v2", at: "2024-02-29", count: 1_350, first: "doqufleidoj.kz",
      middle: "woqxozosdo.kz", last: "wuzancogkufo.kz"),
    KnownAnswer(
      seed: "kz_v3", at: "2026-11-23", count: 1_350, first: "zegheafea.kz",
      middle: "weofuwizegm.kz", last: "bifuljixcara.kz"),
  ]

  private let syllables: [Syllable]
  private let suffix: Suffixes

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    let consonants = Array(try seed.text("consonants").utf8)
    let endings = Array(try seed.text("endings").utf8)
    let masks = (
      Int(try seed.integer("mask1", in: 0...0xFF)), Int(try seed.integer("mask2", in: 0...0xFF))
    )
    syllables = (0..<256).map {
      Syllable($0, consonants: consonants, endings: endings, masks: masks)
    }
    suffix = Suffixes([try seed.text("tld")])
  }

  /// The days that share a counter value: two, where the counter stands still at a month's end.
  func period(containing instant: Instant) -> Period {
    DayCounters(around: instant).run { $0 == $1 }
  }

  func names(at instant: Instant) -> Names {
    Names(days: DayCounters(around: instant), syllables: syllables, suffix: suffix)
  }

  struct Names: NameGenerator {
    private let days: DayCounters
    private let syllables: [Syllable]
    private let suffix: Suffixes
    /// The place in the walk over the days, 0 to 44.
    private var step = -1
    private var leftOfDay = 0
    private var state: UInt32 = 0
    private var validity = Period.always

    fileprivate init(days: DayCounters, syllables: [Syllable], suffix: Suffixes) {
      self.days = days
      self.syllables = syllables
      self.suffix = suffix
    }

    mutating func next(into name: inout DomainBuffer) -> Bool {
      if leftOfDay == 0 {
        guard step < 44 else { return false }
        step += 1
        beginDay()
      }
      leftOfDay -= 1
      var message = MD5.ShortMessage()
      message.append(littleEndian: state)
      let digest = message.digest
      state = digest.a &+ 1
      name.removeAll()
      name.validity = validity
      let length = Int(digest.a & 3) + 9
      var position = 0
      while name.count < length {
        syllables[Int(digest[position])].append(to: &name)
        position += 1
      }
      name.truncate(to: length)
      suffix.append(0, to: &name)
      return true
    }

    /// Today, then back day by day, then from tomorrow on.
    private mutating func beginDay() {
      let distance = step <= 30 ? -step : step - 30
      leftOfDay = 30
      state = UInt32(truncatingIfNeeded: days.today &+ distance)
      validity = days.run { own, other in
        let reach = own + distance - other
        return -30 <= reach && reach <= 14
      }
    }
  }
}

/// What one octet of a digest becomes: two or three letters.
private struct Syllable {
  let letters: (UInt8, UInt8, UInt8)
  let isLong: Bool

  init(_ octet: Int, consonants: [UInt8], endings: [UInt8], masks: (Int, Int)) {
    let vowels = Array("aeiou".utf8)
    let secondVowels = Array("aio".utf8)
    let vowel = vowels[((octet + 1) & 0xFF) % 5]
    let isDoubleVowel = vowel == UInt8(ascii: "e") && (octet + 2) & masks.0 != 0
    isLong = isDoubleVowel || (octet + 2) & masks.1 != 0
    letters = (
      consonants[octet % consonants.count], vowel,
      isDoubleVowel ? secondVowels[(octet + 2) % 3] : endings[(octet + 3) % endings.count]
    )
  }

  func append(to name: inout DomainBuffer) {
    name.append(letters.0)
    name.append(letters.1)
    if isLong { name.append(letters.2) }
  }
}

// MARK: - Days

/// The malware's day counter for today and the 60 days on either side, which is further than any
/// name is asked for.
private struct DayCounters {
  private static let reach = 60
  private let counters: InlineArray<121, Int>
  private let midnight: Instant

  init(around instant: Instant) {
    let midnight = instant.startOfDay
    self.midnight = midnight
    counters = InlineArray { place in
      DayCounters.counter(of: midnight.adding(days: Int64(place - DayCounters.reach)).calendarDay)
    }
  }

  var today: Int { counters[DayCounters.reach] }

  /// The days around today for which `isSame(today's counter, theirs)` holds without a gap.
  func run(while isSame: (Int, Int) -> Bool) -> Period {
    var first = DayCounters.reach
    while first > 0, isSame(today, counters[first - 1]) { first -= 1 }
    var last = DayCounters.reach
    while last < 120, isSame(today, counters[last + 1]) { last += 1 }
    return Period(
      start: midnight.adding(days: Int64(first - DayCounters.reach)),
      end: midnight.adding(days: Int64(last + 1 - DayCounters.reach)))
  }

  /// Days since a year 0 that the malware counts wrongly: it adds the lengths of the months from
  /// February to the present one, instead of those before it, and each year's leap day at once.
  private static func counter(of day: CalendarDay) -> Int {
    let leapDay = day.year % 4 == 0 ? 1 : 0
    var days = day.day + 365 * day.year + day.year / 4
    if day.month > 1 { days += daysToEndOfMonth[day.month - 1] - 31 + leapDay }
    return days
  }

  private static let daysToEndOfMonth: InlineArray<12, Int> = [
    31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365,
  ]
}
