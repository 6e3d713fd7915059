import DGAKit

/// Qadars: letters and digits out of a 31-bit congruential generator, started by the week.
///
/// Seed parameters: `seed` (32 bits, the generator's increment), `tlds` (three), `count`.
struct Qadars: DGAModel {
  static let metadata = ModelMetadata(
    family: "qadars", malpedia: "win.qadars", trust: .high,
    check: "The 200 names of the repository's own list for the week of 2016-03-28, and 3 of 3 of"
      + " another party for the week after (seed 89F5 with com, org, net). The other seeds: the"
      + " published script's output.",
    variants: [
      VariantInfo(
        kind: .arithmetic, period: .other("week from Monday"), clock: .unstated,
        namesPerPeriod: .exactly(200), topLevelDomains: ["com", "org", "net", "top"])
    ],
    references: [
      "https://bin.re/blog/the-dga-of-qadars/",
      "https://github.com/baderj/domain_generation_algorithms (qadars)",
    ],
    notes: "The script gives seed 89F5 the suffixes net, org, top, against its own sample list:"
      + " that is label 89f5, not active. Label 89f5-com_org_net has those of the samples.")

  private static let comOrgNet = ["com", "org", "net"]
  private static let netOrgTop = ["net", "org", "top"]

  static let seeds = [
    // The script's slip: hosts ask for the names of 89f5-com_org_net.
    seed("89f5", 0x89F5, netOrgTop, isActive: false),
    seed("4449", 0x4449, netOrgTop),
    seed("89f5-com_org_net", 0x89F5, comOrgNet),
    seed("E08A", 0xE08A, netOrgTop),
    seed("E1F1", 0xE1F1, comOrgNet),
    seed("E1F2", 0xE1F2, comOrgNet),
    seed("E1F5", 0xE1F5, comOrgNet),
  ]

  private static func seed(
    _ label: String, _ number: Int64, _ suffixes: [String], isActive: Bool = true
  ) -> Seed {
    Seed(
      label: label, parameters: ["seed": .integer(number), "tlds": .list(suffixes)],
      reference: "baderj", isActive: isActive)
  }

  static let knownAnswers = [
    KnownAnswer(
      seed: "89f5-com_org_net", at: "2016-03-28", count: 200, first: "jk9enwhansl2.org",
      middle: "nk5qfo1qz8li.org", last: "y7wlirs9ufsd.com"),
    KnownAnswer(
      seed: "89f5-com_org_net", at: "2024-02-29", count: 200, first: "zc9abcd6nst2.org",
      middle: "js5aro56jgpi.net", last: "unc9un0lan8p.org"),
    KnownAnswer(
      seed: "89f5-com_org_net", at: "2026-11-23", count: 200, first: "n8t6vodybg1a.org",
      middle: "3cpuj4duf8xa.net", last: "6fgtqf8dinox.net"),
    KnownAnswer(
      seed: "89f5", at: "2026-11-23", count: 200, first: "n8t6vodybg1a.org",
      middle: "3cpuj4duf8xa.top", last: "6fgtqf8dinox.top"),
    KnownAnswer(
      seed: "4449", at: "2026-11-23", count: 200, first: "7g5qr8hivs1u.org",
      middle: "7sxefw12fwp6.top", last: "eb41mrc9efkt.org"),
    KnownAnswer(
      seed: "E08A", at: "2024-02-29", count: 200, first: "o2gi86cugicm.top",
      middle: "suw2gm8m0ycy.top", last: "y8qoe4q8ycmc.net"),
    KnownAnswer(
      seed: "E1F1", at: "2026-11-23", count: 200, first: "bwpmjgdyngxy.org",
      middle: "z4p6r0h2r8d6.net", last: "un8da3cdirw9.com"),
    KnownAnswer(
      seed: "E1F2", at: "2016-03-28", count: 200, first: "8y8ukekacyoi.org",
      middle: "8i0agusqs6ge.net", last: "u06waom4uwmk.com"),
    KnownAnswer(
      seed: "E1F5", at: "2024-02-29", count: 200, first: "r0he7ktqvw9m.com",
      middle: "7o92ncxqv0te.org", last: "e74taf0xmnwd.net"),
  ]

  private var increment: UInt32
  private let suffixes: Suffixes
  private let count: Int

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    increment = try seed.uint32("seed")
    suffixes = Suffixes(try seed.list("tlds"))
    guard suffixes.count == 3 else {
      throw .invalidParameter(
        seed: seed.label, parameter: "tlds", problem: "is not a list of three suffixes")
    }
    count = try seed.count(default: 200)
  }

  func period(containing instant: Instant) -> Period {
    // 1970-01-05 was a Monday.
    .block(ofSeconds: 7 * 86_400, containing: instant, origin: Instant(unixSeconds: 4 * 86_400))
  }

  func names(at instant: Instant) -> Names {
    let monday = period(containing: instant).start.unixSeconds
    let random = LinearCongruential32(
      state: UInt32(truncatingIfNeeded: monday), multiplier: 0 &- 1_043_968_403,
      increment: increment)
    return Names(random: random, suffixes: suffixes, left: count)
  }

  struct Names: NameGenerator {
    fileprivate var random: LinearCongruential32
    fileprivate let suffixes: Suffixes
    fileprivate var left: Int

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard left > 0 else { return false }
      left -= 1
      name.removeAll()
      for _ in 0..<12 {
        name.append(letterOrDigit: UInt8(truncatingIfNeeded: next31() % 36))
      }
      suffixes.append(Int(next31() % 3), to: &name)
      return true
    }

    /// The low 31 bits: they do not depend on the state's highest bit, which the malware clears.
    private mutating func next31() -> UInt32 { random.next() & 0x7FFF_FFFF }
  }
}

extension Qadars: SearchableModel {
  // The highest bit of a state is never used, and has no effect on lower ones.
  static let searchSpaces = ["": SearchSpace("seed", bits: 31)]

  mutating func setSearchedValue(_ value: UInt32) { increment = value }
}
