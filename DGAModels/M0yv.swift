import DGAKit

/// M0yv (Expiro): one run of the C runtime's generator for each name; td turns the seed once for
/// each week of a count that runs down within the month.
///
/// Seed parameters: `seed` (32 bits); `count`.
struct M0yv: DGAModel {
  static let metadata = ModelMetadata(
    family: "m0yv", aliases: ["Expiro"], malpedia: "win.m0yv", trust: .high,
    variants: [
      VariantInfo(
        name: "static", kind: .arithmetic, period: .none, clock: .none,
        namesPerPeriod: .exactly(128), topLevelDomains: ["biz"],
        check: "The 128 names of seed 0x02484A18 published with the script, the first 16 of them"
          + " also in the tests of somebody else's program, the first as a C&C in a reputation"
          + " feed; the other seeds with runs of the script."),
      VariantInfo(
        name: "td", kind: .arithmetic,
        period: .daysOfMonth("days with the same whole part of (30.5 * month - day) / 7"),
        clock: .utc, namesPerPeriod: .exactly(128), topLevelDomains: ["biz"], trust: .medium,
        check: "Runs of the published script only.",
        notes: "Each month the count begins about eight weeks higher than the last one ended: the"
          + " list of a month's first days may come back at the end of the next month."),
    ],
    references: ["https://github.com/baderj/domain_generation_algorithms (m0yv)"])

  static let seeds = ["static", "td"].flatMap { variant in
    [("0x02484A18", 0x0248_4A18), ("0x00128a0e", 0x0012_8A0E), ("0x7178af3f", 0x7178_AF3F)].map {
      Seed(
        variant: variant, label: $0.0, parameters: ["seed": .integer($0.1)], reference: "baderj")
    }
  }

  static let knownAnswers = [
    KnownAnswer(
      variant: "static", seed: "0x02484A18", count: 128, first: "pywolwnvd.biz",
      middle: "tnevuluw.biz", last: "giliplg.biz"),
    KnownAnswer(
      variant: "static", seed: "0x00128a0e", count: 128, first: "govqya.biz",
      middle: "kddfh.biz", last: "sfbva.biz"),
    KnownAnswer(
      variant: "static", seed: "0x7178af3f", count: 128, first: "xkfvhokx.biz",
      middle: "bznkydq.biz", last: "hesnih.biz"),
    // 2019-01-31: the last day of January has a week of -1/14, which counts as 0.
    KnownAnswer(
      variant: "td", seed: "0x02484A18", at: "2019-01-31", count: 128, first: "aukgrot.biz",
      middle: "wfcrazvi.biz", last: "kwgyqnpg.biz"),
    KnownAnswer(
      variant: "td", seed: "0x02484A18", at: "2024-02-29", count: 128, first: "fphtj.biz",
      middle: "jmphsdtko.biz", last: "hcndugzze.biz"),
    KnownAnswer(
      variant: "td", seed: "0x02484A18", at: "2026-11-23", count: 128, first: "jtukyoop.biz",
      middle: "nicyhdv.biz", last: "vvlrdw.biz"),
    KnownAnswer(
      variant: "td", seed: "0x00128a0e", at: "2026-11-23", count: 128, first: "bozbxhqc.biz",
      middle: "xzrnoskid.biz", last: "eeoqyvwa.biz"),
    KnownAnswer(
      variant: "td", seed: "0x7178af3f", at: "2026-11-23", count: 128, first: "eiirphfn.biz",
      middle: "ifqgyol.biz", last: "phucp.biz"),
  ]

  private let isTimed: Bool
  private var seed: UInt32
  private let suffix = Suffixes(["biz"])
  private let count: UInt32

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    isTimed = seed.variant == "td"
    self.seed = try seed.uint32("seed")
    count = UInt32(try seed.count(default: 128))
  }

  func period(containing instant: Instant) -> Period {
    guard isTimed else { return .always }
    let month = instant.month
    return .daysOfMonth(containing: instant) { week(ofDay: $0, month: month) }
  }

  func names(at instant: Instant) -> Names {
    Names(
      seed: isTimed ? turned(seed, on: instant.calendarDay) : seed, suffix: suffix, count: count)
  }

  struct Names: NameGenerator {
    fileprivate let seed: UInt32
    fileprivate let suffix: Suffixes
    fileprivate let count: UInt32
    fileprivate var index: UInt32 = 0

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard index < count else { return false }
      var random = LinearCongruential32.microsoftC(seed: seed ^ index)
      index += 1
      name.removeAll()
      for _ in 0..<5 + random.next15() % 5 { name.append(letter: random.next15() % 26) }
      suffix.append(0, to: &name)
      return true
    }
  }
}

// MARK: - Weeks

/// The whole part of (30.5 * month - day) / 7, which the malware computes in floating point; it is
/// exact there, too.
private func week(ofDay day: Int, month: Int) -> Int {
  (61 * month - 2 * day) / 14
}

/// The seed plus the year, turned left by one bit after adding 1, once for each week.
///
/// The published script turns before it cuts off at 32 bits: the carry comes back as a bit.
private func turned(_ seed: UInt32, on day: CalendarDay) -> UInt32 {
  var state = UInt64(seed) + UInt64(day.year)
  for _ in 0..<week(ofDay: day.day, month: day.month) {
    let doubled = (state + 1) << 1
    state = (doubled + (doubled >> 32)) & 0xFFFF_FFFF
  }
  return UInt32(truncatingIfNeeded: state)
}

extension M0yv: SearchableModel {
  static let searchSpaces = [
    "static": SearchSpace("seed", sufficientDepth: 1), "td": SearchSpace("seed"),
  ]

  mutating func setSearchedValue(_ value: UInt32) { seed = value }
}
