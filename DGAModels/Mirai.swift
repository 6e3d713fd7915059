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
    KnownAnswer(seed: "00000091", at: "2016-12-01", only: "irbdlacprqhw.online"),
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
    Names(
      registers: RanbyusRegisters(day: instant.calendarDay, seed: seed), suffixes: suffixes)
  }

  struct Names: NameGenerator {
    private let registers: RanbyusRegisters
    private let suffixes: Suffixes
    private var index = 0

    fileprivate init(registers: RanbyusRegisters, suffixes: Suffixes) {
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

extension Mirai: SearchableModel {
  static let searchSpaces = ["": SearchSpace("seed")]

  mutating func setSearchedValue(_ value: UInt32) { seed = value }
}
