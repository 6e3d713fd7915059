import DGAKit

/// DirCrypt: letters drawn from the minimal standard generator, one stream for the whole list.
///
/// Seed parameters: `seed` (32 bits), `count`.
struct Dircrypt: DGAModel {
  static let metadata = ModelMetadata(
    family: "dircrypt", malpedia: "win.dircrypt", trust: .high,
    check: "All 30 published names of seed F2113C2A and the first ten names seen on"
      + " VirusTotal in 360netlab/DGA issue 12 for F6A84A56.",
    variants: [
      VariantInfo(
        kind: .arithmetic, period: .none, clock: .none, namesPerPeriod: .between(30, 50),
        topLevelDomains: ["com"])
    ],
    references: [
      "https://bin.re/blog/the-dga-of-dircrypt/",
      "https://github.com/360netlab/DGA/issues/12",
    ],
    notes: "Seed F2113C2A was recovered from a published list; 72113C2B gives the same names.")

  static let seeds = [
    Seed(
      label: "F2113C2A", parameters: ["seed": 0xF211_3C2A, "count": 30], reference: "baderj"),
    Seed(
      label: "F6A84A56", parameters: ["seed": 0xF6A8_4A56, "count": 50],
      reference: "360netlab/DGA#12"),
  ]

  static let knownAnswers = [
    KnownAnswer(
      seed: "F2113C2A", count: 30, first: "rauggyguyp.com", middle: "plxeyaja.com",
      last: "ggspyfmreouxnhqi.com"),
    KnownAnswer(
      seed: "F6A84A56", count: 50, first: "roxgaffvgdoussasodp.com", middle: "eugrbfjvkzx.com",
      last: "zwmobkxpbcwddexzh.com"),
  ]

  private var state: UInt32
  private let count: Int
  private let suffix = Suffixes(["com"])

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    state = try seed.uint32("seed")
    count = try seed.count(default: 30)
  }

  func period(containing instant: Instant) -> Period { .always }

  func names(at instant: Instant) -> Names {
    Names(random: Schrage(state: state), suffix: suffix, left: count)
  }

  struct Names: NameGenerator {
    fileprivate var random: Schrage
    fileprivate let suffix: Suffixes
    fileprivate var left: Int

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard left > 0 else { return false }
      left -= 1
      name.removeAll()
      for _ in 0..<random.next() % 13 + 8 { name.append(letter: random.next() % 26) }
      suffix.append(0, to: &name)
      return true
    }
  }
}

extension Dircrypt: SearchableModel {
  static let searchSpaces = ["": SearchSpace("seed", sufficientDepth: 1)]

  mutating func setSearchedValue(_ value: UInt32) { state = value }
}
