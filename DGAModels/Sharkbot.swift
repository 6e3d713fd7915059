import DGAKit

/// SharkBot (Android): seven suffixes each week; week and year in Base64, or hashed with the
/// suffix.
///
/// Seed parameters: `version` (`0.0`, `1.63`, `2.1` or `2.8`).
struct Sharkbot: DGAModel {
  static let metadata = ModelMetadata(
    family: "sharkbot", malpedia: "apk.sharkbot", trust: .high,
    check: "v2.1 and v2.8: the published lists for 2022-06-05, 7 of 7 names each. v0.0 and v1.63:"
      + " the published script only, which was corrected after its lists were made (the labels of"
      + " v0.0 are still the same).",
    variants: [
      VariantInfo(
        kind: .hash, period: .other("week from Monday, of v1.63 and v2.8 cut at the new year"),
        clock: .unstated, namesPerPeriod: .exactly(7),
        topLevelDomains: ["top", "xyz", "cc", "info", "com", "ru", "net", "live", "store"],
        predictability: .partial(
          "the number of the week depends on the phone's language: it can be one off"))
    ],
    references: ["https://github.com/baderj/domain_generation_algorithms (sharkbot)"],
    notes: "The week is that of ISO 8601, the year the calendar's: 2027-01-01 is in week 53 of"
      + " 2027. v0.0 does not use the year; v2.1 hashes without it and cuts it off.")

  static let seeds = ["0.0", "1.63", "2.1", "2.8"].map { version in
    Seed(label: "v" + version, parameters: ["version": .text(version)], reference: "baderj")
  }

  static let knownAnswers = [
    KnownAnswer(
      seed: "v0.0", at: "2022-06-05", count: 7, first: "mjjwb2pcstlmsedgzgz.top",
      middle: "mjjwb2pcstlmsedgzgz.info", last: "mjjwb2pcstlmsedgzgz.net"),
    KnownAnswer(
      seed: "v0.0", at: "2024-02-29", count: 7, first: "oxbvakjjouxir0zkzmd.top",
      middle: "oxbvakjjouxir0zkzmd.info", last: "oxbvakjjouxir0zkzmd.net"),
    KnownAnswer(
      seed: "v0.0", at: "2026-11-23", count: 7, first: "ndhwb2pcstlmsedgzgz.top",
      middle: "ndhwb2pcstlmsedgzgz.info", last: "ndhwb2pcstlmsedgzgz.net"),
    KnownAnswer(
      seed: "v1.63", at: "2022-06-05", count: 7, first: "mja0nhbvakjjouxir0z.top",
      middle: "mja0nhbvakjjouxir0z.info", last: "mja0nhbvakjjouxir0z.net"),
    KnownAnswer(
      seed: "v1.63", at: "2024-02-29", count: 7, first: "mjazm3bvakjjouxir0z.top",
      middle: "mjazm3bvakjjouxir0z.info", last: "mjazm3bvakjjouxir0z.net"),
    KnownAnswer(
      seed: "v1.63", at: "2026-11-23", count: 7, first: "mja3nhbvakjjouxir0z.top",
      middle: "mja3nhbvakjjouxir0z.info", last: "mja3nhbvakjjouxir0z.net"),
    KnownAnswer(
      seed: "v2.1", at: "2022-06-05", count: 7, first: "2fae36c0d5c7cab3.xyz",
      middle: "f2b24dea13ab03c1.store", last: "9e4d49aa96b8a89c.net"),
    KnownAnswer(
      seed: "v2.1", at: "2024-02-29", count: 7, first: "f3156554219a7697.xyz",
      middle: "133e0c3982f4dd7c.store", last: "310cad60f3e4efb5.net"),
    KnownAnswer(
      seed: "v2.1", at: "2026-11-23", count: 7, first: "b23e2a63bd426a04.xyz",
      middle: "526f53a13357500d.store", last: "26b4e2cdeead10ee.net"),
    KnownAnswer(
      seed: "v2.8", at: "2022-06-05", count: 7, first: "817c0cee3bf6d5d4.xyz",
      middle: "db395e7890d7f878.store", last: "58028e36efdbaf3a.net"),
    KnownAnswer(
      seed: "v2.8", at: "2024-02-29", count: 7, first: "ee4227d72075e894.xyz",
      middle: "ac2e6359a7a282e5.store", last: "747ecd2b9f3cd72f.net"),
    KnownAnswer(
      seed: "v2.8", at: "2026-11-23", count: 7, first: "24a626c124bc4309.xyz",
      middle: "4e4675ddd87e4485.store", last: "77aa507737da1c48.net"),
  ]

  private let version: Version
  private let suffixes: Suffixes
  /// What is hashed for each suffix, still without the date.
  private let messages: [MD5.ShortMessage]

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    guard let version = Version(rawValue: try seed.text("version")) else {
      throw .invalidParameter(
        seed: seed.label, parameter: "version", problem: "is none of 0.0, 1.63, 2.1, 2.8")
    }
    let names =
      version.isHashed
      ? ["xyz", "live", "com", "store", "info", "top", "net"]
      : ["top", "xyz", "cc", "info", "com", "ru", "net"]
    self.version = version
    suffixes = Suffixes(names)
    messages = names.map { name in
      var message = MD5.ShortMessage()
      message.append(Array(("." + name).utf8))
      return message
    }
  }

  func period(containing instant: Instant) -> Period {
    let monday = instant.startOfDay.adding(days: -Int64((instant.weekday + 6) % 7))
    let week = Period(start: monday, end: monday.adding(days: 7))
    guard version.dependsOnYear else { return week }
    // 1 January belongs to the last week of the year before, or to the first of its own.
    let newYear = Instant(CalendarDay(year: week.end.year, month: 1, day: 1))
    guard week.start < newYear, newYear < week.end else { return week }
    return instant < newYear
      ? Period(start: week.start, end: newYear) : Period(start: newYear, end: week.end)
  }

  func names(at instant: Instant) -> Names {
    Names(
      version: version, week: instant.isoWeek.week, year: instant.year, messages: messages,
      suffixes: suffixes)
  }

  fileprivate enum Version: String {
    case first = "0.0"
    case summed = "1.63"
    case hashedWeek = "2.1"
    case hashedDate = "2.8"

    var isHashed: Bool { self == .hashedWeek || self == .hashedDate }
    var dependsOnYear: Bool { self == .summed || self == .hashedDate }
  }

  struct Names: NameGenerator {
    private let version: Version
    private let week: Int
    private let year: Int
    private let messages: [MD5.ShortMessage]
    private let suffixes: Suffixes
    private var index = 0

    fileprivate init(
      version: Version, week: Int, year: Int, messages: [MD5.ShortMessage], suffixes: Suffixes
    ) {
      self.version = version
      self.week = week
      self.year = year
      self.messages = messages
      self.suffixes = suffixes
    }

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard index < messages.count else { return false }
      name.removeAll()
      switch version {
      case .first: appendBase64(number: week, to: &name)
      case .summed: appendBase64(number: week + year, to: &name)
      case .hashedWeek, .hashedDate: appendHash(to: &name)
      }
      suffixes.append(index, to: &name)
      index += 1
      return true
    }

    private func appendHash(to name: inout DomainBuffer) {
      var message = messages[index]
      message.append(decimal: week)
      if version.dependsOnYear { message.append(decimal: year) }
      let digest = message.digest
      for position in 0..<8 { name.append(hexadecimal: digest[position]) }
    }
  }
}

/// Adds 19 characters of the Base64 form of a number and the malware's text, in lower case.
private func appendBase64(number: Int, to name: inout DomainBuffer) {
  var octets = InlineArray<15, UInt8>(repeating: 0)
  var used = 0
  number.forEachDecimalCharacter { digit in
    octets[used] = digit
    used += 1
  }
  for place in used..<15 { octets[place] = text[place - used] }
  for position in 0..<19 {
    // Six bits from this octet and the next; the fifteenth octet is enough for 20 characters.
    let place = position * 6 / 8
    let pair = Int(octets[place]) << 8 | Int(place < 14 ? octets[place + 1] : 0)
    name.append(lowerBase64[pair >> (10 - position * 6 % 8) & 0x3F])
  }
}

private let text = Array("pojBI9LHGFdfgegjjsJ99hvVGHVOjhksdf".utf8)
private let lowerBase64 = Array(
  "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
