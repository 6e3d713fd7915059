import DGAKit

/// Kraken (Oderoor, Bobax): two names for each number, one for bots that found their marker file
/// and one for those that did not; v2 steps its generator once more every week.
///
/// Seed parameters: `ex` and `nex` (32 bits, may be negative), added where the marker file is there
/// and where it is not; `tlds` (four; v2 only); `count`.
struct Kraken: DGAModel {
  static let metadata = ModelMetadata(
    family: "kraken", aliases: ["Oderoor", "Bobax"], trust: .high,
    check: "The 2,000 names of v1 seed a and of v2 seed a-tld1 on 2015-12-27 published with the"
      + " scripts; in a table of family examples by others, all three names of Bobax (v1 seed b)"
      + " and two of three of Oderoor (v2 seed a).",
    variants: [
      VariantInfo(
        name: "v1", kind: .arithmetic, period: .none, clock: .none,
        namesPerPeriod: .exactly(2_000), topLevelDomains: dynamicDNS, sharedSuffixes: dynamicDNS,
        notes: "The number of names is that of the published list; the malware counts on."),
      VariantInfo(
        name: "v2", kind: .arithmetic, period: .seconds(604_800), clock: .unstated,
        namesPerPeriod: .exactly(2_000), topLevelDomains: regular + dynamicDNS,
        sharedSuffixes: dynamicDNS,
        notes: "Weeks begin on Mondays at 21:46:40. Discarded draws keep 15 bits of the state, so"
          + " that hardly 1,200 names of a list differ. One number in nine does not depend on time"
          + " and two in nine are a week behind."),
    ],
    references: [
      "https://bin.re/blog/krakens-two-domain-generation-algorithms/",
      "https://github.com/baderj/domain_generation_algorithms (kraken)",
    ])

  private static let regular = ["com", "net", "tv", "cc"]
  private static let dynamicDNS = ["dyndns.org", "yi.org", "dynserv.com", "mooo.com"]

  static let seeds = [
    Seed(
      variant: "v1", label: "a", parameters: ["ex": -0x0FCF_BF88, "nex": 0x0892_4541],
      reference: "baderj"),
    Seed(
      variant: "v1", label: "b", parameters: ["ex": -0x1FCF_BF87, "nex": 0x0792_4542],
      reference: "baderj"),
    timed("a-tld1", 24_938_314, regular), timed("b-tld1", 1_600_000, regular),
    timed("a-tld2", 24_938_314, dynamicDNS), timed("b-tld2", 1_600_000, dynamicDNS),
  ]

  private static func timed(_ label: String, _ number: Int64, _ suffixes: [String]) -> Seed {
    Seed(
      variant: "v2", label: label,
      parameters: [
        "ex": .integer(number), "nex": .integer(number + 1), "tlds": .list(suffixes),
      ],
      reference: "baderj")
  }

  static let knownAnswers = [
    KnownAnswer(
      variant: "v1", seed: "a", count: 2_000, first: "ibbwnhgh.mooo.com",
      middle: "mzwwuqlw.mooo.com", last: "kllgnr.dynserv.com"),
    KnownAnswer(
      variant: "v1", seed: "b", count: 2_000, first: "hmhxnupkc.mooo.com",
      middle: "lrcxtd.mooo.com", last: "jdrzme.dynserv.com"),
    KnownAnswer(
      variant: "v2", seed: "a-tld1", at: "2015-12-27", count: 2_000, first: "xpdbwuimwag.com",
      middle: "fwkywkoj.com", last: "mqiygmb.cc"),
    KnownAnswer(
      variant: "v2", seed: "a-tld1", at: "2024-02-29", count: 2_000, first: "hwrwlqhidsdv.com",
      middle: "zxxvzxvnt.com", last: "nbozfffvqn.cc"),
    KnownAnswer(
      variant: "v2", seed: "a-tld1", at: "2026-11-23", count: 2_000, first: "vswgwffevhu.com",
      middle: "zfopgwhe.com", last: "oyebgolrk.cc"),
    KnownAnswer(
      variant: "v2", seed: "b-tld1", at: "2024-02-29", count: 2_000, first: "amtdzzcgvpi.com",
      middle: "dajsrmdwhv.com", last: "yvrblhl.cc"),
    KnownAnswer(
      variant: "v2", seed: "b-tld1", at: "2026-11-23", count: 2_000, first: "tyiuwewgaul.com",
      middle: "uvjdbietrup.com", last: "stjrhxmejni.cc"),
    KnownAnswer(
      variant: "v2", seed: "a-tld2", at: "2026-11-23", count: 2_000,
      first: "vswgwffevhu.dyndns.org", middle: "zfopgwhe.dyndns.org", last: "oyebgolrk.mooo.com"),
    KnownAnswer(
      variant: "v2", seed: "b-tld2", at: "2026-11-23", count: 2_000,
      first: "tyiuwewgaul.dyndns.org", middle: "uvjdbietrup.dyndns.org",
      last: "stjrhxmejni.mooo.com"),
  ]

  private let isTimed: Bool
  private var constants: (without: UInt32, with: UInt32)
  private let suffixes: Suffixes
  private let count: UInt32
  private let leaps: [UInt16]

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    isTimed = seed.variant == "v2"
    let range: ClosedRange<Int64> = -0x8000_0000...0xFFFF_FFFF
    constants = (
      UInt32(truncatingIfNeeded: try seed.integer("nex", in: range)),
      UInt32(truncatingIfNeeded: try seed.integer("ex", in: range))
    )
    let list = isTimed ? try seed.list("tlds") : Kraken.dynamicDNS
    guard list.count == 4 else {
      throw .invalidParameter(
        seed: seed.label, parameter: "tlds", problem: "must have four entries")
    }
    suffixes = Suffixes(list)
    count = UInt32(try seed.count(default: 2_000))
    leaps = isTimed ? leapsOf64 : []
  }

  private static let week: Int64 = 604_800
  private static let origin = Instant(unixSeconds: 1_207_000_000)

  func period(containing instant: Instant) -> Period {
    guard isTimed else { return .always }
    let firstWeek = Kraken.origin.adding(seconds: -Kraken.week)
    guard instant >= firstWeek else { return Period(start: .distantPast, end: firstWeek) }
    return .block(ofSeconds: Kraken.week, containing: instant, origin: Kraken.origin)
  }

  func names(at instant: Instant) -> Names {
    let elapsed = instant.unixSeconds - Kraken.origin.unixSeconds
    return Names(
      isTimed: isTimed, constants: constants, suffixes: suffixes, count: count, leaps: leaps,
      weeks: Int(max(0, elapsed + 2 * Kraken.week) / Kraken.week))
  }

  struct Names: NameGenerator {
    fileprivate let isTimed: Bool
    fileprivate let constants: (without: UInt32, with: UInt32)
    fileprivate let suffixes: Suffixes
    fileprivate let count: UInt32
    fileprivate let leaps: [UInt16]
    fileprivate let weeks: Int
    fileprivate var ordinal: UInt32 = 0

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard ordinal < count else { return false }
      let isMarked = ordinal % 2 == 1
      let constant = isMarked ? constants.with : constants.without
      let number = isTimed ? ordinal / 2 : ordinal / 2 + 1_000_015
      var random = Generator15(
        state: isTimed
          ? state(after: discards(for: number), from: 3 &* number &+ constant)
          : mixed(number, isMarked: isMarked) &+ constant)
      name.removeAll()
      for _ in 0..<length(&random) { name.append(letter: random.next() % 26) }
      suffixes.append(Int(number % 4), to: &name)
      ordinal += 1
      return true
    }

    private func length(_ random: inout Generator15) -> UInt32 {
      let product = random.next() * random.next()
      let third = random.next()
      guard !isTimed else { return (product + third) % 6 + 7 }
      // The remainder of the difference is rounded down where that is negative: a multiple of 6
      // above any third number keeps it positive.
      return (product + 32_772 - third) % 6 + 6
    }

    private func discards(for number: UInt32) -> Int {
      switch number % 9 {
      case 0...5: weeks
      case 6, 7: weeks - 1
      default: 0
      }
    }

    /// The state after so many draws of which only the result is kept.
    private func state(after discards: Int, from start: UInt32) -> UInt32 {
      guard discards > 0 else { return start }
      var state = discarded(start)
      var left = discards - 1
      while left >= 64 {
        state = UInt32(leaps[Int(state)])
        left -= 64
      }
      for _ in 0..<left { state = discarded(state) }
      return state
    }
  }
}

// MARK: - Numbers

/// The ANSI C generator with two digits of its increment swapped; results are bits 8 to 22.
private struct Generator15 {
  var state: UInt32

  @inline(__always)
  mutating func next() -> UInt32 {
    state = 1_103_515_245 &* state &+ 12_435
    return (state >> 8) & 0x7FFF
  }
}

/// A discarded draw: its result becomes the state.
@inline(__always)
private func discarded(_ state: UInt32) -> UInt32 {
  var random = Generator15(state: state)
  return random.next()
}

/// Where 64 discarded draws lead from each 15-bit state: there are about a thousand for each name.
private let leapsOf64: [UInt16] = {
  var leaps = (0..<0x8000).map { UInt16(truncatingIfNeeded: discarded($0)) }
  for _ in 0..<6 { leaps = leaps.map { leaps[Int($0)] } }
  return leaps
}()

/// What v1 makes of a number: two products, the first one divided as a signed 32-bit number.
///
/// The malware divides by 9.0 and cuts off the fraction: the same as a whole division, for no
/// ninth of a 32-bit number is nearer to a whole number than a double can tell.
private func mixed(_ number: UInt32, isMarked: Bool) -> UInt32 {
  let cube =
    isMarked
    ? number &* (number &+ 7) &* (number &+ 12)
    : (number &+ 2) &* (number &+ 7) &* number
  let square = isMarked ? number &* (number &+ 1) : (3 &* number &+ 1) &* number
  return UInt32(bitPattern: Int32(bitPattern: cube) / 9) &+ square
}

extension Kraken: SearchableModel {
  static let searchSpaces = ["v1": SearchSpace("nex"), "v2": SearchSpace("nex")]

  mutating func setSearchedValue(_ value: UInt32) { constants.without = value }
}
