import DGAKit

/// Fosniw: a counter put behind a fixed host name.
///
/// Seed parameters: `prefix` (what stands before the number), `tld`, `count`.
struct Fosniw: DGAModel {
  static let metadata = ModelMetadata(
    family: "fosniw", trust: .medium,
    check: "All 101 names of both lists published with the script; not seen confirmed by others.",
    variants: [
      VariantInfo(
        kind: .arithmetic, period: .none, clock: .none, namesPerPeriod: .exactly(101),
        topLevelDomains: ["com"])
    ],
    references: ["https://github.com/baderj/domain_generation_algorithms (fosniw)"],
    notes: "The number stands in the registered domain; the label before it is a fixed host name.")

  static let seeds = [
    Seed(
      label: "winsoft", parameters: ["prefix": "app2.winsoft", "tld": "com", "count": 101],
      reference: "baderj"),
    Seed(
      label: "koreasys", parameters: ["prefix": "appx.koreasys", "tld": "com", "count": 101],
      reference: "baderj"),
  ]

  static let knownAnswers = [
    KnownAnswer(
      seed: "winsoft", count: 101, first: "app2.winsoft0.com", middle: "app2.winsoft50.com",
      last: "app2.winsoft100.com"),
    KnownAnswer(
      seed: "koreasys", count: 101, first: "appx.koreasys0.com", middle: "appx.koreasys50.com",
      last: "appx.koreasys100.com"),
  ]

  private let prefix: [UInt8]
  private let suffix: Suffixes
  private let count: Int

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    prefix = Array(try seed.text("prefix").utf8)
    suffix = Suffixes([try seed.text("tld")])
    count = try seed.count(default: 101)
  }

  func period(containing instant: Instant) -> Period { .always }

  func names(at instant: Instant) -> Names {
    Names(prefix: prefix, suffix: suffix, count: count)
  }

  struct Names: NameGenerator {
    fileprivate let prefix: [UInt8]
    fileprivate let suffix: Suffixes
    fileprivate let count: Int
    fileprivate var number = 0

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard number < count else { return false }
      name.removeAll()
      name.append(prefix.span)
      name.append(decimal: number)
      suffix.append(0, to: &name)
      number += 1
      return true
    }
  }
}
