import DGAKit

/// DMSniff: a prefix, then six letters that are multiples of the index, halved until they are small.
///
/// Seed parameters: `prefix`, `factors` (a list of six numbers, 1 to 1,000); `count` (50).
struct Dmsniff: DGAModel {
  static let metadata = ModelMetadata(
    family: "dmsniff", malpedia: "win.dmsniff", trust: .medium,
    check: "The published lists of both samples are reproduced; whether they are the script's or"
      + " were seen is not said.",
    variants: [
      VariantInfo(
        kind: .arithmetic, period: .none, clock: .none, namesPerPeriod: .exactly(50),
        topLevelDomains: suffixes,
        notes: "Halving makes names repeat: 35 of 50 differ.")
    ],
    references: ["https://github.com/baderj/domain_generation_algorithms (dmsniff)"],
    notes: "Eleven versions of the algorithm have been reported; two are public.")

  private static let suffixes = ["com", "org", "net", "ru", "in"]

  static let seeds = [
    Seed(
      label: "al",
      parameters: ["prefix": "al", "factors": ["1", "3", "5", "7", "11", "13"]],
      reference: "baderj",
      sampleSHA256: "92fd43ee62c1551500e4b604d55dcab88424954776d9a1a6074d5084782a486a"),
    Seed(
      label: "sn",
      parameters: ["prefix": "sn", "factors": ["1", "7", "3", "5", "11", "13"]],
      reference: "baderj",
      sampleSHA256: "f21f30279ab4b3d4cf090dc51f199f454d3d42df71223eb67b7481efeef8715f"),
  ]

  static let knownAnswers = [
    KnownAnswer(
      seed: "al", count: 50, first: "albdfhln.com", middle: "alntqwrv.net", last: "almspvru.net"),
    KnownAnswer(
      seed: "sn", count: 50, first: "snbhdfln.com", middle: "snnwtqrv.net", last: "snmvspru.net"),
  ]

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
