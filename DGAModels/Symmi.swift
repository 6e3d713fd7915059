import DGAKit

/// Symmi (MewsSpy, Graftor): vowels and consonants by turns, from the Microsoft C runtime's
/// generator seeded by half month, month and year.
///
/// Seed parameters, as in the malware's configuration: `seed`; `days` (how many days of a month
/// share a list), `count`, `shortest`, `longest` (letters of a name).
struct Symmi: DGAModel {
  static let metadata = ModelMetadata(
    family: "symmi", aliases: ["MewsSpy", "Graftor"], trust: .high,
    check: "The published list for 2015-08-31 (64 of 64 names), three names of 2015-12-20 that"
      + " pchaigno/dga-collection took from an analysis, and three of a published table of examples"
      + " (November and December 2014). Given the generator's first state, also the names of"
      + " 360netlab/DGA#4: 8 of the first 8 for 9054, and 40 of the first 41 for 8046, in order.",
    variants: [
      VariantInfo(
        kind: .arithmetic, period: .daysOfMonth("days 1-15, 16-end"), clock: .unstated,
        namesPerPeriod: .exactly(64), topLevelDomains: ["ddns.net"], sharedSuffixes: ["ddns.net"],
        order: .listed, notes: "After the last name the malware begins again with the first.")
    ],
    references: [
      "https://bin.re/blog/the-dga-of-symmi/",
      "https://github.com/baderj/domain_generation_algorithms (symmi)",
      "https://github.com/pchaigno/dga-collection (names of 2015-12-20)",
      "https://github.com/360netlab/DGA/issues/4",
    ],
    notes: "The sample in 360netlab/DGA#4 began with 9054 on 2016-04-05 and with 8046 in August"
      + " 2016 (found by search), which this formula of date and seed does not give.")

  static let seeds = [Seed(label: "42", parameters: ["seed": 42], reference: "baderj")]

  static let knownAnswers = [
    KnownAnswer(
      seed: "42", at: "2015-08-31", count: 64, first: "ogovugtuipawi.ddns.net",
      middle: "iwigvupa.ddns.net", last: "oftuconuu.ddns.net"),
    KnownAnswer(
      seed: "42", at: "2024-02-29", count: 64, first: "acovworevono.ddns.net",
      middle: "owadgoorgoopi.ddns.net", last: "omkeiqofanpoeg.ddns.net"),
    KnownAnswer(
      seed: "42", at: "2026-11-23", count: 64, first: "doteuses.ddns.net",
      middle: "inaxeqnaaxokga.ddns.net", last: "elorqebepi.ddns.net"),
  ]

  private var seed: UInt32
  private let days: Int
  private let lengths: ClosedRange<UInt32>
  private let count: Int
  private let suffixes = Suffixes(["ddns.net"])

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    self.seed = try seed.uint32("seed")
    days = Int(try seed.integer("days", in: 1...31, default: 16))
    let shortest = UInt32(try seed.integer("shortest", in: 1...63, default: 8))
    let longest = try seed.integer("longest", in: Int64(shortest)...63, default: 15)
    lengths = shortest...UInt32(longest)
    count = try seed.count(default: 64)
  }

  func period(containing instant: Instant) -> Period {
    .daysOfMonth(containing: instant) { $0 / days }
  }

  func names(at instant: Instant) -> Names {
    let today = instant.calendarDay
    let date = 10_000 * (today.day / days * 100 + today.month) + today.year
    return Names(
      random: .microsoftC(seed: UInt32(truncatingIfNeeded: date) &+ seed), lengths: lengths,
      suffixes: suffixes, left: count)
  }

  struct Names: NameGenerator {
    fileprivate var random: LinearCongruential32
    fileprivate let lengths: ClosedRange<UInt32>
    fileprivate let suffixes: Suffixes
    fileprivate var left: Int

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard left > 0 else { return false }
      left -= 1
      name.removeAll()
      let span = lengths.upperBound - lengths.lowerBound + 1
      let length = lengths.lowerBound + random.next15() % span
      var isConsonant = false
      for place in 0..<length {
        // Each pair of letters draws which kind comes first.
        if place & 1 == 0 { isConsonant = random.next15() & 0x100 != 0 }
        appendLetter(isConsonant: isConsonant, to: &name)
        isConsonant.toggle()
      }
      suffixes.append(0, to: &name)
      return true
    }

    private mutating func appendLetter(isConsonant: Bool, to name: inout DomainBuffer) {
      let drawn = Int(random.next15())
      name.append(isConsonant ? consonants[drawn % 18] : vowels[drawn % 5])
    }
  }
}

// The malware's own tables end in `y` and `z`, which it never draws.
private let vowels = Array("aeiou".utf8)
private let consonants = Array("bcdfghklmnpqrstvwx".utf8)

extension Symmi: SearchableModel {
  // The highest bit of a state is never used, and has no effect on lower ones.
  static let searchSpaces = ["": SearchSpace("seed", bits: 31)]

  mutating func setSearchedValue(_ value: UInt32) { seed = value }
}
