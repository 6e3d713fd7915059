import DGAKit

/// Mirai with a DGA (December 2016): Ranbyus' shift registers over day, month, year and seed.
///
/// Seed parameters: `seed` (32 bits), `tlds`.
struct Mirai: DGAModel {
  static let metadata = ModelMetadata(
    family: "mirai", malpedia: "elf.mirai", trust: .high,
    check: "Seed 00000000: the names of 2016-12-05 (online) and 2016-12-20 (tech) equal those of a"
      + " published table of family examples (DGAfamilies), and so does that of 2016-12-04 (tech)"
      + " but for one letter missing there. Seed 00000091 was found by 360netlab in passive DNS; no"
      + " list of its names was at hand.",
    variants: [
      VariantInfo(
        kind: .arithmetic, period: .day, clock: .unstated, namesPerPeriod: .between(1, 3),
        topLevelDomains: suffixes,
        notes: "The malware takes one of its three suffixes, by a rule not published: all three are"
          + " given.")
    ],
    references: [
      "https://www.govcert.admin.ch/blog/when-mirai-meets-ranbyus/",
      "https://blog.netlab.360.com/new-mirai-dga-seed-0x91-brute-forced/",
      "https://isc.sans.edu/diary/21799",
    ],
    notes: "Lists depend on day and month alone: years 2016 to 2031 give the same names.")

  private static let suffixes = ["online", "tech", "support"]

  static let seeds = [
    Seed(
      label: "00000000", parameters: ["seed": 0, "tlds": .list(suffixes)], reference: "360netlab"),
    Seed(
      label: "00000091", parameters: ["seed": 0x91, "tlds": ["online"]], reference: "360netlab"),
  ]

  static let knownAnswers = [
    answer("2016-12-04", "vmdefmnsndoj"), answer("2016-12-05", "xpknpxmywqsr"),
    answer("2016-12-20", "oornsduuwjli"),
    KnownAnswer(
      seed: "00000091", at: "2016-12-01", count: 1, first: "irbdlacprqhw.online",
      middle: "irbdlacprqhw.online", last: "irbdlacprqhw.online"),
  ]

  private static func answer(_ date: String, _ label: String) -> KnownAnswer {
    KnownAnswer(
      seed: "00000000", at: date, count: 3, first: label + ".online", middle: label + ".tech",
      last: label + ".support")
  }

  private var seed: UInt32
  private let suffixes: Suffixes

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    self.seed = try seed.uint32("seed")
    suffixes = Suffixes(try seed.list("tlds", default: Mirai.suffixes))
  }

  func period(containing instant: Instant) -> Period { .day(containing: instant) }

  func names(at instant: Instant) -> Names {
    let today = instant.calendarDay
    return Names(
      registers: Registers(
        day: UInt32(today.day), month: UInt32(today.month),
        year: UInt32(truncatingIfNeeded: today.year), seed: seed),
      suffixes: suffixes)
  }

  struct Names: NameGenerator {
    private let registers: Registers
    private let suffixes: Suffixes
    private var index = 0

    fileprivate init(registers: Registers, suffixes: Suffixes) {
      self.registers = registers
      self.suffixes = suffixes
    }

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard index < suffixes.count else { return false }
      var registers = registers
      name.removeAll()
      for _ in 0..<12 { name.append(letter: registers.next() % 25) }
      suffixes.append(index, to: &name)
      index += 1
      return true
    }
  }
}

/// Four registers that never meet but in the day's, into which the seed's is mixed.
private struct Registers {
  var day: UInt32
  var month: UInt32
  var year: UInt32
  var seed: UInt32

  mutating func next() -> UInt32 {
    day = (day >> 15) ^ 16 &* ((day & 0x1FFF) ^ 4 &* (seed ^ day))
    year = ((year & 0xFFFF_FFF0) << 17) ^ ((year ^ (7 &* year)) >> 11)
    month = 14 &* (month & 0xFFFF_FFFE) ^ ((month ^ (4 &* month)) >> 8)
    seed = (seed >> 6) ^ (((day &+ 8 &* seed) << 8) & 0x3FF_FF00)
    return day ^ month ^ year
  }
}

extension Mirai: SearchableModel {
  static let searchSpaces = ["": SearchSpace("seed")]

  mutating func setSearchedValue(_ value: UInt32) { seed = value }
}
