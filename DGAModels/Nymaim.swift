import DGAKit

/// Nymaim: letters from four registers seeded by the date (v1), then two words chosen by a chain of
/// MD5 digests, for the present day and the ten before it (v2).
///
/// Seed parameters (v1): `a`, `b`, `c`, `d`, 32 bits each, added to the date; `count`.
/// Seed parameters (v2): `key`; `days` (how many days back), `perDay` (names for each day).
struct Nymaim: DGAModel {
  static let metadata = ModelMetadata(
    family: "nymaim", malpedia: "win.nymaim", trust: .medium,
    variants: [
      VariantInfo(
        name: "v1", kind: .arithmetic, period: .day, clock: .unstated,
        namesPerPeriod: .exactly(128), topLevelDomains: letterSuffixes,
        check: "The 128 names for 2019-07-19 published with the script; the names in a table of"
          + " family examples by others are not in the lists of 2012-06 to 2019-05."),
      VariantInfo(
        name: "v2", kind: .wordlist, period: .day, clock: .unstated,
        namesPerPeriod: .exactly(704), topLevelDomains: wordSuffixes, wordLists: pins,
        order: .listed,
        check: "The 704 names for 2018-04-29 published with the script and the ten names for"
          + " 2018-04-27 in the write-up.",
        notes: "A day's 64 names are asked for on ten more days, but not beyond the end of the"
          + " year: in early January the days before have negative numbers and names of their own."
          + " The malware asks for 46 fixed names first, which are not in the lists."),
    ],
    references: [
      "https://bin.re/blog/the-new-domain-generation-algorithm-of-nymaim/",
      "https://github.com/baderj/domain_generation_algorithms (nymaim, nymaim2)",
    ])

  private static let letterSuffixes = ["com", "org", "biz", "net", "info"]
  private static let wordSuffixes = [
    "com", "net", "ac", "ad", "at", "am", "az", "be", "biz", "bt", "by", "cc", "ch", "cm", "cn",
    "co", "cx", "cz", "de", "dk", "ec", "eu", "gs", "hn", "ht", "id", "in", "info", "it", "jp",
    "ki", "kr", "kz", "la", "li", "lk", "lv", "me", "mo", "mv", "mx", "name", "nu", "org", "ph",
    "pk", "pl", "pro", "ps", "re", "ru", "sc", "sg", "sh", "su", "tel", "tf", "tj", "tk", "tm",
    "top", "uz", "vn", "win", "ws", "wtf", "xyz", "yt",
  ]

  private static let pins = [
    WordListPin(
      file: "nymaim-v2-firstword.txt",
      sha256: "62fbf338f182ab927a57167b9fdfa3c5139f9b6bc87950e843012be4826502dd"),
    WordListPin(
      file: "nymaim-v2-separator.txt",
      sha256: "37ae5433ccca719752271029f837b7d942fbda927e26c43b06592c42d6151ec3"),
    WordListPin(
      file: "nymaim-v2-secondword.txt",
      sha256: "1af280a7a7a6c6a05de40b510ff16c6d25a074ffd5c6d43ea0a1e7e861a7d158"),
    WordListPin(
      file: "nymaim-v2-tld.txt",
      sha256: "6abff5a5b87c9569436f9abc3a5ca50077bafe77173d3a39726b89f117296708"),
  ]

  static let seeds = [
    Seed(
      variant: "v1", label: "default",
      parameters: ["a": 0x5245_5641, "b": 0x4948_4F4C, "c": 0x5955_4820, "d": 0x4D41_5620],
      reference: "baderj"),
    Seed(
      variant: "v2", label: "3138C81ED54AD5F8E905555A6623C9C9",
      parameters: ["key": "3138C81ED54AD5F8E905555A6623C9C9"],
      reference: "bin.re/blog/the-new-domain-generation-algorithm-of-nymaim",
      sampleSHA256: "73f06bed13e22c2ab8b41bde5fc32b6d91680e87d0f57b3563c629ee3c479e73"),
  ]

  static let knownAnswers = [
    KnownAnswer(
      variant: "v1", seed: "default", at: "2019-07-19", count: 128, first: "oftbpec.com",
      middle: "opavfk.com", last: "sbxuvrkjt.org"),
    KnownAnswer(
      variant: "v1", seed: "default", at: "2024-02-29", count: 128, first: "jlzgtp.net",
      middle: "nwhkruz.net", last: "puvnxv.info"),
    KnownAnswer(
      variant: "v1", seed: "default", at: "2026-11-23", count: 128, first: "lbtussw.net",
      middle: "aevuhrtmjln.org", last: "rtibcbptx.net"),
    words("2018-04-29", "surfaces-drawing.com", "searchgenerator.by", "trailerforced.ad"),
    words("2024-02-29", "yearlyherb.com", "sept-forums.pl", "transcripthairy.ps"),
    words("2026-11-23", "registrygreat.gs", "wrong-production.vn", "seafooddealt.com"),
    words("2027-01-01", "richardsengineers.de", "receptors-inside.pro", "reduces-omega.lk"),
  ]

  private static func words(
    _ date: String, _ first: String, _ middle: String, _ last: String
  ) -> KnownAnswer {
    KnownAnswer(
      variant: "v2", seed: "3138C81ED54AD5F8E905555A6623C9C9", at: date, count: 704,
      first: first, middle: middle, last: last)
  }

  private enum Version {
    case letters(Registers, count: Int)
    case words(WordSettings)
  }

  private let version: Version
  /// What names are put together from, in order: the suffixes alone in v1.
  private let lists: [WordList]

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    guard seed.variant == "v2" else {
      version = .letters(try Registers(seed), count: try seed.count(default: 128))
      lists = [WordList(Nymaim.letterSuffixes.map { ".\($0)" })]
      return
    }
    version = .words(try WordSettings(seed))
    lists = [
      try resources.words(of: Nymaim.pins[0]), try resources.words(of: Nymaim.pins[1]),
      try resources.words(of: Nymaim.pins[2]), try resources.words(of: Nymaim.pins[3]),
    ]
  }

  func period(containing instant: Instant) -> Period { .day(containing: instant) }

  func names(at instant: Instant) -> Names {
    switch version {
    case .letters(let registers, let count):
      Names(source: .letters(registers.dated(instant), left: count), lists: lists)
    case .words(let settings):
      Names(source: .words(WordWalk(settings, at: instant)), lists: lists)
    }
  }

  struct Names: NameGenerator {
    fileprivate enum Source {
      case letters(Registers, left: Int)
      case words(WordWalk)
    }

    fileprivate var source: Source
    fileprivate let lists: [WordList]

    mutating func next(into name: inout DomainBuffer) -> Bool {
      name.removeAll()
      switch source {
      case .letters(var registers, let left):
        guard left > 0 else { return false }
        for _ in 0..<registers.draw(below: 6) + 6 { name.append(letter: registers.draw(below: 26)) }
        lists[0].append(suffixNumber(of: name), to: &name)
        source = .letters(registers, left: left - 1)
      case .words(var walk):
        guard walk.hasNext() else { return false }
        for list in lists { list.append(walk.draw(below: list.count), to: &name) }
        name.validity = walk.validity
        source = .words(walk)
      }
      return true
    }
  }
}

// MARK: - Letters

/// Four registers that run into each other.
private struct Registers {
  var a: UInt32
  var b: UInt32
  var c: UInt32
  var d: UInt32

  init(_ seed: Seed) throws(ModelError) {
    a = try seed.uint32("a")
    b = try seed.uint32("b")
    c = try seed.uint32("c")
    d = try seed.uint32("d")
  }

  /// The registers with the date added to each; the second one becomes 0 where that overflows.
  func dated(_ instant: Instant) -> Registers {
    let today = instant.calendarDay
    let date = UInt32(
      truncatingIfNeeded: today.year + ((today.month + today.day) << 16) + instant.weekday)
    let second = b.addingReportingOverflow(date)
    var registers = self
    registers.a &+= date
    registers.b = second.overflow ? 0 : second.partialValue
    registers.c &+= date
    registers.d &+= date
    return registers
  }

  @inline(__always)
  mutating func draw(below bound: UInt32) -> UInt32 {
    let mixed = a ^ (a << 11)
    let last = d ^ (d >> 19) ^ mixed ^ (mixed >> 8)
    let result = (c &+ last) / 100 % bound
    a &+= b
    b &+= c
    c &+= d
    d = last
    return result
  }
}

/// The suffix goes by the last letter but one.
private func suffixNumber(of name: borrowing DomainBuffer) -> Int {
  switch name[name.count - 2] - UInt8(ascii: "a") {
  case ..<9: 0
  case ..<13: 1
  case ..<17: 2
  case ..<21: 3
  default: 4
  }
}

// MARK: - Words

private struct WordSettings {
  let key: MD5
  let days: Int
  let perDay: Int

  init(_ seed: Seed) throws(ModelError) {
    key = MD5.hash(Array(try seed.text("key").utf8))
    days = Int(try seed.integer("days", in: 0...365, default: 10))
    perDay = Int(try seed.integer("perDay", in: 1...2_000, default: 64))
  }
}

/// The walk from a day back; each day's numbers are a chain of digests of its own.
private struct WordWalk {
  private let settings: WordSettings
  private let newYear: Instant
  private let year: Int
  /// The next day to begin, 0 on 1 January; goes below 0 without a change of the year.
  private var day: Int
  private var daysLeft: Int
  private var namesLeft = 0
  private var digest: MD5
  /// When the present day's names are asked for.
  private(set) var validity: Period

  init(_ settings: WordSettings, at instant: Instant) {
    self.settings = settings
    year = instant.year
    newYear = Instant(CalendarDay(year: year, month: 1, day: 1))
    day = instant.dayOfYear - 1
    daysLeft = settings.days + 1
    digest = settings.key
    validity = .always
  }

  /// Goes on to the next name, which may be another day's; false after the last.
  mutating func hasNext() -> Bool {
    if namesLeft == 0 {
      guard daysLeft > 0 else { return false }
      beginDay()
      day -= 1
      daysLeft -= 1
      namesLeft = settings.perDay
    }
    namesLeft -= 1
    return true
  }

  private mutating func beginDay() {
    var message = MD5.ShortMessage()
    message.appendDigits(of: settings.key, from: 0)
    message.append(decimal: year % 100)
    message.append(decimal: day)
    digest = message.digest
    let nextYear = Instant(CalendarDay(year: year + 1, month: 1, day: 1))
    validity = Period(
      start: max(newYear, newYear.adding(days: Int64(day))),
      end: min(nextYear, newYear.adding(days: Int64(day + settings.days + 1))))
  }

  /// The first eight digits as a number; the digits from the eighth on are the next one's message.
  mutating func draw(below bound: Int) -> Int {
    let number = Int(digest.a.byteSwapped) % bound
    var message = MD5.ShortMessage()
    message.appendDigits(of: digest, from: 7)
    digest = message.digest
    return number
  }
}

extension OneBlockMessage<MD5> {
  /// Adds the hexadecimal digits of a digest from a position up to the last.
  fileprivate mutating func appendDigits(of digest: MD5, from start: Int) {
    for position in start..<32 {
      append(digest.nibble(position).hexadecimalCharacter)
    }
  }
}
