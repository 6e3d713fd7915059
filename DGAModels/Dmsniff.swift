import DGAKit

/// DMSniff: a prefix, then six letters that are multiples of the index, halved until they are small.
///
/// Seed parameters: `prefix`, `factors` (a list of six numbers, 1 to 1,000); `count` (50).
struct Dmsniff: DGAModel {
  static let metadata = ModelMetadata(
    family: "dmsniff", malpedia: "win.dmsniff", trust: .high,
    check: "The script's lists for al and sn, and all 30 names of Flashpoint's report, are"
      + " reproduced.",
    variants: [
      VariantInfo(
        kind: .arithmetic, period: .none, clock: .none, namesPerPeriod: .exactly(50),
        topLevelDomains: suffixes,
        notes: "Halving makes names repeat: 35 of 50 differ.")
    ],
    references: [
      "https://github.com/baderj/domain_generation_algorithms (dmsniff)",
      "https://www.flashpoint-intel.com/blog/dmsniff-pos-malware-actively-leveraged-target-medium"
        + "-sized-businesses/",
      "https://github.com/0x6e66/mace",
    ],
    notes: "Eleven versions of the algorithm were reported. The factors of en, ko, ks and rx were"
      + " worked out from the reported names.")

  private static let suffixes = ["com", "org", "net", "ru", "in"]

  static let seeds = [
    seed(
      "al", [1, 3, 5, 7, 11, 13], "baderj",
      sample: "92fd43ee62c1551500e4b604d55dcab88424954776d9a1a6074d5084782a486a"),
    seed(
      "sn", [1, 7, 3, 5, 11, 13], "baderj",
      sample: "f21f30279ab4b3d4cf090dc51f199f454d3d42df71223eb67b7481efeef8715f"),
    seed("en", [1, 3, 5, 7, 11, 13], "names reported by Flashpoint"),
    seed("ko", [1, 3, 5, 11, 13, 7], "names reported by Flashpoint"),
    seed("ks", [1, 5, 3, 11, 2, 7], "names reported by Flashpoint"),
    seed("rx", [1, 3, 5, 7, 11, 13], "a name reported by Flashpoint"),
    seed(
      "st", [5, 3, 1, 7, 13, 11], "0x6e66/mace",
      sample: "f4be1b8d67e33c11789d151d288130254d346ecc0f4738a12ce3a34d86ec646d"),
  ]

  private static func seed(
    _ prefix: String, _ factors: [Int], _ reference: String, sample: String? = nil
  ) -> Seed {
    Seed(
      label: prefix,
      parameters: ["prefix": .text(prefix), "factors": .list(factors.map { String($0) })],
      reference: reference, sampleSHA256: sample)
  }

  static let knownAnswers = [
    answer("al", "albdfhln.com", "alntqwrv.net", "almspvru.net"),
    answer("sn", "snbhdfln.com", "snnwtqrv.net", "snmvspru.net"),
    answer("en", "enbdfhln.com", "enntqwrv.net", "enmspvru.net"),
    answer("ko", "kobdflnh.com", "kontqrvw.net", "komspruv.net"),
    answer("ks", "ksbfdlch.com", "ksnqtrnw.net", "ksmpsrmv.net"),
    answer("rx", "rxbdfhln.com", "rxntqwrv.net", "rxmspvru.net"),
    answer("st", "stfdbhnl.com", "stqtnwvr.net", "stpsmvur.net"),
  ]

  private static func answer(
    _ seed: String, _ first: String, _ middle: String, _ last: String
  ) -> KnownAnswer {
    KnownAnswer(seed: seed, count: 50, first: first, middle: middle, last: last)
  }

  private let prefix: [UInt8]
  private let factors: [UInt32]
  private let count: Int
  private let suffixes = Suffixes(Dmsniff.suffixes)

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    prefix = Array(try seed.text("prefix").utf8)
    factors = try Dmsniff.factors(of: seed)
    count = try seed.count(default: 50)
  }

  private static func factors(of seed: Seed) throws(ModelError) -> [UInt32] {
    let numbers = try seed.list("factors").compactMap { UInt32($0) }
    guard numbers.count == 6, numbers.allSatisfy({ (1...1_000).contains($0) }) else {
      throw .invalidParameter(
        seed: seed.label, parameter: "factors", problem: "is not six numbers from 1 to 1000")
    }
    return numbers
  }

  func period(containing instant: Instant) -> Period { .always }

  func names(at instant: Instant) -> Names {
    Names(prefix: prefix, factors: factors, suffixes: suffixes, count: UInt32(count))
  }

  struct Names: NameGenerator {
    fileprivate let prefix: [UInt8]
    fileprivate let factors: [UInt32]
    fileprivate let suffixes: Suffixes
    fileprivate let count: UInt32
    fileprivate var index: UInt32 = 0

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard index < count else { return false }
      index += 1
      name.removeAll()
      name.append(prefix.span)
      for factor in factors { name.append(letter: halved(factor * index)) }
      suffixes.append(Int(halved(index) / 5), to: &name)
      return true
    }
  }
}

/// A number halved until it is at most 24.
private func halved(_ number: UInt32) -> UInt32 {
  // The first five bits, or the first four where those would make more than 24.
  let excess = max(0, 27 - number.leadingZeroBitCount)
  let rest = number >> UInt32(excess)
  return rest > 24 ? rest >> 1 : rest
}
