import DGAKit

/// Ramnit (Nimnul): letters from the minimal standard generator, reseeded for each name.
///
/// Seed parameters: `seed` (32 bits), `tlds` (used in turn), `count`, `shortest`, `longest`
/// (letters of a name).
struct Ramnit: DGAModel {
  static let metadata = ModelMetadata(
    family: "ramnit", aliases: ["Nimnul"], malpedia: "win.ramnit", trust: .high,
    check: "The published list of names from a sample (seed 79159C10): 100 of 100 names.",
    variants: [
      VariantInfo(
        name: "classic", kind: .arithmetic, period: .none, clock: .none,
        namesPerPeriod: .between(10, 1_000), topLevelDomains: ["com", "eu", "click", "bid"],
        notes: "The malware stops at the first name that answers; where no count is known, the"
          + " first 1,000 names are given."),
      VariantInfo(
        name: "head2022", kind: .arithmetic, period: .none, clock: .none,
        namesPerPeriod: .exactly(1_000), topLevelDomains: rotatingSuffixes, trust: .low,
        check: "The published script as of October 2022, whose lengths (9 to 25) and suffixes do"
          + " not reproduce the list of names from a sample that stands beside it.",
        notes: "No malware is known to ask for these names: the seeds take no part in the index."),
    ],
    references: [
      "https://bin.re/blog/the-dga-of-ramnit/",
      "https://github.com/baderj/domain_generation_algorithms (ramnit, commit e67be7b)",
    ],
    notes: "The source's later version, with other lengths and suffixes, is the variant head2022.")

  private static let rotatingSuffixes = ["click", "com", "eu", "bid"]

  static let seeds = classicSeeds + classicSeeds.map { later(than: $0) }

  private static let classicSeeds = [
    seed("16647BB4"), seed("E7392D18"), seed("C129388E"), seed("E706B455"), seed("DC485593"),
    seed("EF214BBF"), seed("28488EEA"), seed("4BFCBC6A"), seed("79159C10"), seed("92F4BE35"),
    seed("4302C04A", count: 10, suffixes: ["click", "bid", "eu"]), seed("52278648"),
    seed("9753029A", count: 100, suffixes: ["eu"]), seed("A6EAB21A", count: 500),
    seed("46CF1B28", count: 500), seed("1CCEC41C"), seed("0C5787AE2"), seed("0FCFFD9E9"),
    seed("75EA95C2"), seed("8A0AEC7D"), seed("1DF640A8"), seed("14DF29DD"), seed("8222270B"),
    seed("55536A85"), seed("5C39E467"), seed("D2B3C361"), seed("F318D47D"), seed("231D9480"),
    seed("13317EAC"), seed("89547381"), seed("6C36D41D"),
  ]

  private static func seed(
    _ label: String, count: Int64 = 1_000, suffixes: [String] = ["com"]
  ) -> Seed {
    Seed(
      variant: "classic", label: label,
      parameters: [
        "seed": .text("0x" + label), "tlds": .list(suffixes), "count": .integer(count),
      ],
      reference: "baderj")
  }

  /// The later version's seeds are the same numbers; all else is its defaults.
  private static func later(than classic: Seed) -> Seed {
    Seed(
      variant: "head2022", label: classic.label,
      parameters: classic.parameters.filter { $0.key == "seed" }, reference: "baderj, October 2022",
      isActive: false)
  }

  static let knownAnswers = [
    KnownAnswer(
      variant: "classic", seed: "16647BB4", count: 1_000, first: "prklqkkwhgpshiej.com",
      middle: "spwgpgxdatsuskw.com", last: "xornhuungywtk.com"),
    KnownAnswer(
      variant: "classic", seed: "E7392D18", count: 1_000, first: "ngdfwbkg.com",
      middle: "ulspyarplocmfobsyqm.com", last: "tbnvrjylhfkewfm.com"),
    KnownAnswer(
      variant: "classic", seed: "79159C10", count: 1_000, first: "knpqxlxcwtlvgrdyhd.com",
      middle: "ehwyeoaqwthjacgilmn.com", last: "ybtntisyvlcbwdk.com"),
    KnownAnswer(
      variant: "classic", seed: "4302C04A", count: 10, first: "rgcakqlu.click",
      middle: "wmrsfhcaqspdg.eu", last: "smsyalkclunrd.click"),
    KnownAnswer(
      variant: "classic", seed: "9753029A", count: 100, first: "xohrikvjhiu.eu",
      middle: "rtdwfludebews.eu", last: "axbudkcoqvhgrj.eu"),
    KnownAnswer(
      variant: "classic", seed: "0C5787AE2", count: 1_000, first: "ndjlctodpepuxb.com",
      middle: "eodvitna.com", last: "uuinqykgiqknsqmese.com"),
    KnownAnswer(
      variant: "head2022", seed: "16647BB4", count: 1_000, first: "prklqkkwhgpshiejk.click",
      middle: "spwgpgxdatsuskwdmuphiqph.click", last: "xornhuungywtkcrylh.bid"),
    KnownAnswer(
      variant: "head2022", seed: "79159C10", count: 1_000, first: "knpqxlxcwtlvgrdyhdogpi.click",
      middle: "ehwyeoaqwthjacgilmnttpikr.click", last: "ybtntisyvlcbwdknhp.bid"),
    KnownAnswer(
      variant: "head2022", seed: "4302C04A", count: 1_000, first: "rgcakqluqsrjpwcpwu.click",
      middle: "lchtyatpayrjy.click", last: "bskkueicnfjrh.bid"),
  ]

  private var state: UInt32
  private let lengths: ClosedRange<UInt32>
  private let count: Int
  private let suffixes: Suffixes

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    let isClassic = seed.variant == "classic"
    state = try seed.uint32("seed")
    let shortest = try seed.integer("shortest", in: 1...63, default: isClassic ? 8 : 9)
    let longest = try seed.integer("longest", in: shortest...63, default: isClassic ? 19 : 25)
    lengths = UInt32(shortest)...UInt32(longest)
    count = try seed.count(default: 1_000)
    suffixes = Suffixes(
      try seed.list("tlds", default: isClassic ? ["com"] : Ramnit.rotatingSuffixes))
  }

  func period(containing instant: Instant) -> Period { .always }

  func names(at instant: Instant) -> Names {
    Names(random: Schrage(state: state), lengths: lengths, suffixes: suffixes, count: count)
  }

  struct Names: NameGenerator {
    private var random: Schrage
    private let shortest: UInt32
    private let span: UInt32
    private let suffixes: Suffixes
    private let count: Int
    private var index = 0

    fileprivate init(
      random: Schrage, lengths: ClosedRange<UInt32>, suffixes: Suffixes, count: Int
    ) {
      self.random = random
      shortest = lengths.lowerBound
      span = lengths.upperBound - lengths.lowerBound + 1
      self.suffixes = suffixes
      self.count = count
    }

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard index < count else { return false }
      let first = random.state
      let length = random.next() % span + shortest
      let second = random.state
      name.removeAll()
      for _ in 0..<length { name.append(letter: random.next() % 25) }
      suffixes.append(index % suffixes.count, to: &name)
      let product = first.multipliedFullWidth(by: second)
      random.state = product.low &+ product.high
      index += 1
      return true
    }
  }
}

extension Ramnit: SearchableModel {
  static let searchSpaces = [
    "classic": SearchSpace("seed", sufficientDepth: 1),
    "head2022": SearchSpace("seed", sufficientDepth: 1),
  ]

  mutating func setSearchedValue(_ value: UInt32) { state = value }
}
