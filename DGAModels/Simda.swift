import DGAKit

/// Simda (Shiz): consonants and vowels in turn, out of a counter with a constant step.
///
/// Seed parameters: `base` (start of the counter), `length` (of the first label), `key` (text
/// whose octets add up to the step), `tld`, `count`.
struct Simda: DGAModel {
  static let metadata = ModelMetadata(
    family: "simda", aliases: ["Shiz"], malpedia: "win.simda", trust: .high,
    check: "The 1,000 published names of the first key and the sandbox names in"
      + " 360netlab/DGA issue 3 for the other.",
    variants: [
      VariantInfo(
        kind: .arithmetic, period: .none, clock: .none, namesPerPeriod: .exactly(1_000),
        topLevelDomains: ["com", "net"])
    ],
    references: [
      "https://github.com/baderj/domain_generation_algorithms (simda)",
      "https://github.com/360netlab/DGA/issues/3",
    ])

  static let seeds = [
    seed("45AE94B2-com", key: "1676d5775e05c50b46baa5579d4fc7", tld: "com", "baderj"),
    seed("45AE94B2-net", key: "167bdf6e5e05c53a8a52b9505876ed", tld: "net", "360netlab/DGA#3"),
  ]

  private static func seed(
    _ label: String, key: String, tld: String, _ reference: String
  ) -> Seed {
    Seed(
      label: label,
      parameters: [
        "base": 0x45AE_94B2, "length": 7, "key": .text(key), "tld": .text(tld), "count": 1_000,
      ],
      reference: reference)
  }

  static let knownAnswers = [
    KnownAnswer(
      seed: "45AE94B2-com", count: 1_000, first: "gatyfus.com", middle: "gacyqys.com",
      last: "puzydog.com"),
    KnownAnswer(
      seed: "45AE94B2-net", count: 1_000, first: "pujeleg.net", middle: "bomywec.net",
      last: "kefimur.net"),
  ]

  private var base: UInt32
  private let step: UInt32
  private let length: Int
  private let suffix: Suffixes
  private let count: Int

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    base = try seed.uint32("base")
    step = try seed.text("key").utf8.reduce(0) { $0 &+ UInt32($1) }
    length = Int(try seed.integer("length", in: 1...63, default: 7))
    suffix = Suffixes([try seed.text("tld")])
    count = try seed.count(default: 1_000)
  }

  func period(containing instant: Instant) -> Period { .always }

  func names(at instant: Instant) -> Names {
    Names(counter: base, step: step, length: UInt32(length), suffix: suffix, left: count)
  }

  struct Names: NameGenerator {
    fileprivate var counter: UInt32
    fileprivate let step: UInt32
    fileprivate let length: UInt32
    fileprivate let suffix: Suffixes
    fileprivate var left: Int

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard left > 0 else { return false }
      left -= 1
      counter &+= step
      name.removeAll()
      for position in 0..<length {
        let draw = Int(counter / (3 &+ 2 &* position))
        let isConsonant = position % 2 == 0
        name.append(isConsonant ? consonants[draw % 20] : vowels[draw % 6])
      }
      suffix.append(0, to: &name)
      return true
    }
  }
}

extension Simda: SearchableModel {
  static let searchSpaces = ["": SearchSpace("base", sufficientDepth: 1)]

  mutating func setSearchedValue(_ value: UInt32) { base = value }
}

private let consonants: InlineArray<20, UInt8> = letters("qwrtpsdfghjklzxcvbnm")
private let vowels: InlineArray<6, UInt8> = letters("eyuioa")

private func letters<let size: Int>(_ text: String) -> InlineArray<size, UInt8> {
  let octets = Array(text.utf8)
  return InlineArray { octets[$0] }
}
