import DGAKit

/// Reconyc: letters and digits from a Mersenne Twister that is seeded with the uptime.
///
/// Seed parameters: `seed` (32 bits), `count`.
struct Reconyc: DGAModel {
  static let metadata = ModelMetadata(
    family: "reconyc", malpedia: "win.reconyc", trust: .high,
    check: "The published list of names from a run is that of seed 434921, found by search:"
      + " 100 of 100 names.",
    variants: [
      VariantInfo(
        kind: .arithmetic, period: .none, clock: .none, namesPerPeriod: .exactly(100),
        topLevelDomains: ["com"],
        predictability: .unpredictable(
          "the seed is the time since the computer started, in milliseconds: 86.4 million lists"),
        notes: "Names have letters in both cases.")
    ],
    references: ["https://github.com/baderj/domain_generation_algorithms (reconyc)"],
    notes: "The seeds are examples, none of them is known to be used.")

  static let seeds = [1, 1_234_567, 43_200_000, 86_399_999].map { number in
    Seed(
      label: "\(number)", parameters: ["seed": .integer(number)],
      reference: "example, run through the script of baderj")
  }

  static let knownAnswers = [
    KnownAnswer(
      seed: "1", count: 100, first: "hfuEiz0fXC.com", middle: "imNsoFN7IX.com",
      last: "EQcjqoEpCz.com"),
    KnownAnswer(
      seed: "1234567", count: 100, first: "CxiZHEdE9Y.com", middle: "OwWBGmchNS.com",
      last: "GjWbuEJJjq.com"),
    KnownAnswer(
      seed: "43200000", count: 100, first: "fzDMqD25Yr.com", middle: "KRXmBzneQv.com",
      last: "PuhXLvJfR1.com"),
    KnownAnswer(
      seed: "86399999", count: 100, first: "RsowwOSsPB.com", middle: "nLqhpbk2zW.com",
      last: "vylGQtpt1A.com"),
  ]

  private var seed: UInt32
  private let count: Int
  private let suffixes = Suffixes(["com"])

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    self.seed = try seed.uint32("seed")
    count = try seed.count(default: 100)
  }

  func period(containing instant: Instant) -> Period { .always }

  func names(at instant: Instant) -> Names {
    Names(random: IncompleteTwister(seed: seed), suffixes: suffixes, left: count)
  }

  struct Names: NameGenerator {
    fileprivate var random: IncompleteTwister
    fileprivate let suffixes: Suffixes
    fileprivate var left: Int

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard left > 0 else { return false }
      left -= 1
      name.removeAll()
      for _ in 0..<10 {
        name.append(characters[Int(random.next().multipliedFullWidth(by: 62).high)])
      }
      suffixes.append(0, to: &name)
      return true
    }
  }
}

private let characters = Array(
  "iHRYg79zJXaGw1CF5K0d3vZobhAlx6StUBnjOIMpe2yVuPr4sL8DqmQTkEcWNf".utf8)

/// MT19937 that forgets the last of its 624 words when it makes new ones: the kit's generator
/// makes them all.
private struct IncompleteTwister {
  private var words: InlineArray<624, UInt32>
  private var position = 624

  init(seed: UInt32) {
    words = InlineArray(repeating: 0)
    var word = seed
    words[0] = word
    for index in 1..<624 {
      word = 1_812_433_253 &* (word ^ (word &>> 30)) &+ UInt32(truncatingIfNeeded: index)
      words[index] = word
    }
  }

  mutating func next() -> UInt32 {
    if position == 624 { refill() }
    var word = words[position]
    position &+= 1
    word ^= word &>> 11
    word ^= (word &<< 7) & 0x9D2C_5680
    word ^= (word &<< 15) & 0xEFC6_0000
    return word ^ (word &>> 18)
  }

  private mutating func refill() {
    for index in 0..<227 { twist(index, far: index + 397) }
    for index in 227..<623 { twist(index, far: index - 227) }
    position = 0
  }

  private mutating func twist(_ index: Int, far: Int) {
    let joined = (words[index] & 0x8000_0000) | (words[index + 1] & 0x7FFF_FFFF)
    words[index] = words[far] ^ (joined &>> 1) ^ (joined & 1 == 0 ? 0 : 0x9908_B0DF)
  }
}

extension Reconyc: SearchableModel {
  static let searchSpaces = ["": SearchSpace("seed", values: 0...86_399_999)]

  mutating func setSearchedValue(_ value: UInt32) { seed = value }
}
