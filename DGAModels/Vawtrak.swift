import DGAKit

/// Vawtrak (Neverquest): the generator of the ISO C example, for plain letters (v1) or for
/// consonants and vowels in short runs (v2, v3).
///
/// Seed parameters: `seed` (32 bits), `count`.
struct Vawtrak: DGAModel {
  static let metadata = ModelMetadata(
    family: "vawtrak", aliases: ["Neverquest"], malpedia: "win.vawtrak", trust: .medium,
    check: "The published scripts; not seen confirmed by names from samples.",
    variants: [
      VariantInfo(
        name: "v1", kind: .arithmetic, period: .none, clock: .none, namesPerPeriod: .exactly(96),
        topLevelDomains: ["top"],
        notes: "No seed of a sample is published: DEADBEEF is the script's example."),
      VariantInfo(
        name: "v2", kind: .arithmetic, period: .none, clock: .none,
        namesPerPeriod: .exactly(150), topLevelDomains: ["com"], trust: .high,
        check: "The published list for 0x5884c3c4: 100 of 100 names."),
      VariantInfo(
        name: "v3", kind: .arithmetic, period: .none, clock: .none,
        namesPerPeriod: .exactly(150), topLevelDomains: ["com"]),
    ],
    references: ["https://github.com/baderj/domain_generation_algorithms (vawtrak)"])

  static let seeds = [
    seed("v1", "DEADBEEF", 0xDEAD_BEEF, "example of baderj"),
    seed("v2", "0x5884c3c4", 0x5884_C3C4), seed("v2", "0x5542b2", 0x55_42B2),
    seed("v3", "874c49", 0x87_4C49), seed("v3", "3cdca1", 0x3C_DCA1),
  ]

  private static func seed(
    _ variant: String, _ label: String, _ number: Int64, _ reference: String = "baderj"
  ) -> Seed {
    Seed(
      variant: variant, label: label, parameters: ["seed": .integer(number)],
      reference: reference)
  }

  static let knownAnswers = [
    KnownAnswer(
      variant: "v1", seed: "DEADBEEF", count: 96, first: "detglevgza.top", middle: "hijypeb.top",
      last: "pazaluhc.top"),
    KnownAnswer(
      variant: "v2", seed: "0x5884c3c4", count: 150, first: "usahwutle.com",
      middle: "fadohgatl.com", last: "usehnefs.com"),
    KnownAnswer(
      variant: "v2", seed: "0x5542b2", count: 150, first: "awufsur.com", middle: "usucgot.com",
      last: "fosucno.com"),
    KnownAnswer(
      variant: "v3", seed: "874c49", count: 150, first: "goraddefong.com",
      middle: "domawgerold.com", last: "girusdatenn.com"),
    KnownAnswer(
      variant: "v3", seed: "3cdca1", count: 150, first: "geholso.com", middle: "wirudlum.com",
      last: "dufunnuresd.com"),
  ]

  private var seed: UInt32
  private let style: Names.Style
  private let count: Int
  private let suffixes: Suffixes

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    switch seed.variant {
    case "v1": style = .letters
    case "v2": style = .runs(step: 2)
    case "v3": style = .runs(step: 0x1895_120F)
    default: throw .unknownVariant(seed: seed.label, variant: seed.variant)
    }
    self.seed = try seed.uint32("seed")
    let isFirst = seed.variant == "v1"
    count = try seed.count(default: isFirst ? 96 : 150)
    suffixes = Suffixes([isFirst ? "top" : "com"])
  }

  func period(containing instant: Instant) -> Period { .always }

  func names(at instant: Instant) -> Names {
    Names(random: .ansiC(seed: seed), style: style, suffixes: suffixes, left: count)
  }

  struct Names: NameGenerator {
    fileprivate enum Style {
      case letters
      /// What is added to the state before each letter.
      case runs(step: UInt32)
    }

    fileprivate var random: LinearCongruential32
    fileprivate let style: Style
    fileprivate let suffixes: Suffixes
    fileprivate var left: Int

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard left > 0 else { return false }
      left -= 1
      name.removeAll()
      let length = next31() % 5 + 7
      switch style {
      case .letters:
        for _ in 0..<length { name.append(letter: next31() % 26) }
      case .runs(let step):
        appendRuns(of: length, step: step, to: &name)
      }
      suffixes.append(0, to: &name)
      return true
    }

    private mutating func appendRuns(
      of length: UInt32, step: UInt32, to name: inout DomainBuffer
    ) {
      var consonantsLeft = next31() % 2
      for _ in 0..<length {
        random.state &+= step
        let drawn = Int(next31())
        if consonantsLeft > 0 {
          name.append(consonants[drawn % 12])
          consonantsLeft -= 1
        } else {
          name.append(vowels[drawn % 5])
          consonantsLeft = next31() % 2 + 1
        }
      }
    }

    private mutating func next31() -> UInt32 { random.next() & 0x7FFF_FFFF }
  }
}

private let consonants = Array("cdfghlmnrstw".utf8)
private let vowels = Array("aeiou".utf8)

extension Vawtrak: SearchableModel {
  // The highest bit of a state is never used, and has no effect on lower ones.
  static let searchSpaces = [
    "v1": SearchSpace("seed", bits: 31, sufficientDepth: 1),
    "v2": SearchSpace("seed", bits: 31, sufficientDepth: 1),
    "v3": SearchSpace("seed", bits: 31, sufficientDepth: 1),
  ]

  mutating func setSearchedValue(_ value: UInt32) { seed = value }
}
