import DGAKit

/// DarkCracks: year and day of the month, through Base64, a repeated key and Base64 again, backwards.
///
/// Seed parameters: `key` (ASCII text; only its first eight octets matter).
struct Darkcracks: DGAModel {
  static let metadata = ModelMetadata(
    family: "darkcracks", trust: .medium,
    check: "The script's own list of 100 days from 2024-04-03 is reproduced.",
    variants: [
      VariantInfo(
        kind: .hash, period: .day, clock: .unstated, namesPerPeriod: .exactly(1),
        topLevelDomains: ["com"],
        notes: "The month is not used: a day's name comes back on that day of every month of the"
          + " year. An encoding rather than a hash.")
    ],
    references: [
      "https://blog.xlab.qianxin.com/uncovering_darkcracks_payload_delivery_framework_cn/",
      "https://github.com/baderj/domain_generation_algorithms (darkcracks)",
    ],
    notes: "Names are in mixed case, and may hold - and _.")

  static let seeds = [
    Seed(label: "Crackalackin'", parameters: ["key": "Crackalackin'"], reference: "baderj")
  ]

  static let knownAnswers = [
    only("sTDFUgOAgjL.com", at: "2024-04-03"), only("YTAFUgOAgjL.com", at: "2024-06-30"),
    only("QVBFUgOAgjL.com", at: "2024-02-29"), only("sTBrUgOAgjL.com", at: "2026-11-23"),
  ]

  private static func only(_ name: String, at instant: String) -> KnownAnswer {
    KnownAnswer(seed: "Crackalackin'", at: instant, only: name)
  }

  private let key: [UInt8]

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    key = Array(try seed.text("key").utf8)
  }

  func period(containing instant: Instant) -> Period { .day(containing: instant) }

  func names(at instant: Instant) -> Names {
    Names(day: instant.calendarDay, key: key)
  }

  struct Names: NameGenerator {
    fileprivate let day: CalendarDay
    fileprivate let key: [UInt8]
    fileprivate var isDone = false

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard !isDone else { return false }
      isDone = true
      var text = DomainBuffer()
      text.append(decimal: day.year % 10_000, width: 4)
      text.append(decimal: day.day, width: 2)
      var hidden = DomainBuffer()
      Base64.urlSafe.append(text.bytes, to: &hidden)
      for position in 0..<hidden.count {
        hidden[position] = withOtherCase(hidden[position]) ^ key[position % key.count]
      }
      name.removeAll()
      Base64.urlSafe.append(hidden.bytes, padding: false, to: &name)
      name.reverseLast(name.count)
      name.append(".com" as StaticString)
      return true
    }
  }
}

private func withOtherCase(_ octet: UInt8) -> UInt8 {
  let isLetter = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(octet | 0x20)
  return isLetter ? octet ^ 0x20 : octet
}
