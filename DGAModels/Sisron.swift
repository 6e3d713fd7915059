import DGAKit

/// Sisron: the date in Base64, of the day and the nine before it, under four suffixes in turn.
///
/// Seed parameters: none.
struct Sisron: DGAModel {
  static let metadata = ModelMetadata(
    family: "sisron", aliases: ["TOMB", "Win32/Agent.WRQ", "Trojan.Scar"], trust: .high,
    check: "The published list of 2016-06-02 and the names of a Sophos report (2012-02-24) are"
      + " reproduced.",
    variants: [
      VariantInfo(
        kind: .hash, period: .day, clock: .unstated, namesPerPeriod: .exactly(40),
        topLevelDomains: suffixes,
        notes: "An encoding rather than a hash. The walk reaches back nine days: validity is set"
          + " per name.")
    ],
    references: [
      "https://bin.re/blog/the-dga-of-sisron/",
      "https://github.com/baderj/domain_generation_algorithms (sisron)",
    ],
    notes: "Taken down by Microsoft (operation b106).")

  private static let suffixes = ["com", "org", "net", "info"]

  static let seeds = [Seed(label: "default", reference: "baderj")]

  static let knownAnswers = [
    KnownAnswer(
      seed: "default", at: "2016-06-02", count: 40, first: "mdiwnjiwmtya.com",
      middle: "mdiwnjiwmtya.net", last: "mjqwntiwmtya.info"),
    KnownAnswer(
      seed: "default", at: "2024-02-29", count: 40, first: "mjkwmjiwmjqa.com",
      middle: "mjkwmjiwmjqa.net", last: "mjawmjiwmjqa.info"),
    KnownAnswer(
      seed: "default", at: "2026-11-23", count: 40, first: "mjmxmtiwmjya.com",
      middle: "mjmxmtiwmjya.net", last: "mtqxmtiwmjya.info"),
  ]

  private let suffixes = Suffixes(Sisron.suffixes)

  init(seed: Seed, resources: ModelResources) throws(ModelError) {}

  func period(containing instant: Instant) -> Period { .day(containing: instant) }

  func names(at instant: Instant) -> Names {
    Names(today: instant.startOfDay, suffixes: suffixes)
  }

  struct Names: NameGenerator {
    fileprivate let today: Instant
    fileprivate let suffixes: Suffixes
    fileprivate let base64 = Base64.standard
    fileprivate var index = 0

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard index < days * suffixes.count else { return false }
      let day = today.adding(days: Int64(-(index % days)))
      name.removeAll()
      appendEncoded(dateText(of: day.calendarDay), to: &name)
      suffixes.append(index / days, to: &name)
      name.validity = Period(start: day, end: day.adding(days: Int64(days)))
      index += 1
      return true
    }

    /// In lower case and with `a` for the one `=`: eight octets make eleven characters and that.
    private func appendEncoded(_ text: UInt64, to name: inout DomainBuffer) {
      for shift in stride(from: 58, through: 4, by: -6) {
        name.append(lowerCase(base64.character(text >> UInt64(shift))))
      }
      name.append(lowerCase(base64.character(text << 2)))
      name.append(UInt8(ascii: "a"))
    }
  }
}

/// How many days' names are in a list.
private let days = 10

/// The eight digits of day, month and year, first in the highest octet.
private func dateText(of day: CalendarDay) -> UInt64 {
  var text: UInt64 = 0
  let digits = day.day * 1_000_000 + day.month * 10_000 + day.year % 10_000
  var rest = UInt64(truncatingIfNeeded: digits)
  for shift in stride(from: 0 as UInt64, to: 64, by: 8) {
    text |= (rest % 10 + 0x30) << shift
    rest /= 10
  }
  return text
}

private func lowerCase(_ octet: UInt8) -> UInt8 {
  (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(octet) ? octet | 0x20 : octet
}
