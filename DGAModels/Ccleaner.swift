import DGAKit

/// CCleaner's back door of 2017 (Floxif): two numbers in hexadecimal, drawn once a month.
///
/// Seed parameters: none.
struct Ccleaner: DGAModel {
  static let metadata = ModelMetadata(
    family: "ccleaner", aliases: ["Floxif", "DIRTCLEANER"], malpedia: "win.ccleaner_backdoor",
    trust: .high,
    check: "The names of 2017-02, 2017-09 and 2017-11 equal the three of a published table of"
      + " family examples (DGAfamilies).",
    variants: [
      VariantInfo(
        kind: .arithmetic, period: .month, clock: .unstated, namesPerPeriod: .exactly(1),
        topLevelDomains: ["com"], order: .listed)
    ],
    references: [
      "https://github.com/360netlab/DGA (code/ccleaner)",
      "https://cert.360.cn/warning/detail?id=0dc8a230ad210be8a8b872a73b18d220",
    ],
    notes: "Names have 6 to 14 hexadecimal digits after ab: the numbers are not padded.")

  static let seeds = [Seed(label: "default", reference: "360netlab/DGA")]

  static let knownAnswers = [
    answer("2017-02-01", "ab6d54340c1a.com"), answer("2017-09-01", "ab1145b758c30.com"),
    answer("2017-11-30", "ab3d685a0c37.com"), answer("2024-02-29", "aba7dc76e908.com"),
    answer("2026-11-23", "ab3fdfec0845.com"),
  ]

  private static func answer(_ date: String, _ name: String) -> KnownAnswer {
    KnownAnswer(seed: "default", at: date, only: name)
  }

  private let suffixes = Suffixes(["com"])

  init(seed: Seed, resources: ModelResources) throws(ModelError) {}

  func period(containing instant: Instant) -> Period { .month(containing: instant) }

  func names(at instant: Instant) -> Names {
    let today = instant.calendarDay
    let month = UInt32(truncatingIfNeeded: today.year * 10_000 + today.month)
    return Names(random: .microsoftC(seed: month), suffixes: suffixes)
  }

  struct Names: NameGenerator {
    fileprivate var random: LinearCongruential32
    fileprivate let suffixes: Suffixes
    fileprivate var isDone = false

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard !isDone else { return false }
      isDone = true
      let (first, second, third) = (random.next15(), random.next15(), random.next15())
      name.removeAll()
      name.append("ab")
      name.append(digitsOf: second &* third, base: 16)
      name.append(digitsOf: first, base: 16)
      suffixes.append(0, to: &name)
      return true
    }
  }
}
