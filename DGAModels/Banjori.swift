import DGAKit

/// Banjori (MultiBanker 2): changes the first four letters of a seed domain, name after name.
///
/// Seed parameters: `domain` (the first name); `count`, if the list is shorter than the whole
/// cycle (the names until the first repeat).
struct Banjori: DGAModel {
  static let metadata = ModelMetadata(
    family: "banjori", aliases: ["MultiBanker 2", "BankPatch", "BackPatcher"],
    malpedia: "win.banjori", trust: .high,
    check: "The published first 1,000 names of the first seed, and the sandbox names in"
      + " 360netlab/DGA issues 25, 28 and 39 for the other three.",
    variants: [
      VariantInfo(
        kind: .arithmetic, period: .none, clock: .none, namesPerPeriod: .between(1, cycleLimit),
        topLevelDomains: ["*"],
        notes: "The rest of each name, suffix included, is the seed domain's.")
    ],
    references: [
      "https://bin.re/blog/the-dga-of-banjori/",
      "https://github.com/baderj/domain_generation_algorithms (banjori)",
      "https://github.com/360netlab/DGA/issues/25",
    ],
    notes: "A seed domain may lie outside the cycle it leads into: it is then asked for once.")

  static let seeds = [
    seed("earnestnessbiophysicalohax.com", "baderj"),
    seed("adulthoodivettewl.com", "360netlab/DGA#25"),
    seed("nodomen.com", "360netlab/DGA#28"),
    seed("censorshipecmascriptivylv.com", count: 40, "360netlab/DGA#39"),
  ]

  private static func seed(_ domain: String, count: Int64? = nil, _ reference: String) -> Seed {
    var parameters: [String: SeedValue] = ["domain": .text(domain)]
    parameters["count"] = count.map { .integer($0) }
    return Seed(label: domain, parameters: parameters, reference: reference)
  }

  static let knownAnswers = [
    KnownAnswer(
      seed: "earnestnessbiophysicalohax.com", count: 15_372,
      first: "earnestnessbiophysicalohax.com", middle: "mmzbestnessbiophysicalohax.com",
      last: "bfvkestnessbiophysicalohax.com"),
    KnownAnswer(
      seed: "adulthoodivettewl.com", count: 2_197, first: "adulthoodivettewl.com",
      middle: "gcazthoodivettewl.com", last: "aqulthoodivettewl.com"),
    KnownAnswer(
      seed: "nodomen.com", count: 15_373, first: "nodomen.com", middle: "htbmmen.com",
      last: "nbdomen.com"),
    KnownAnswer(
      seed: "censorshipecmascriptivylv.com", count: 40, first: "censorshipecmascriptivylv.com",
      middle: "ouvhorshipecmascriptivylv.com", last: "wcakorshipecmascriptivylv.com"),
  ]

  private let domain: DomainBuffer
  private let count: Int

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    var domain = DomainBuffer()
    domain.append(text: try seed.text("domain"))
    guard domain.count >= 4, domain.isValidDNSName else {
      throw .invalidParameter(
        seed: seed.label, parameter: "domain", problem: "is not a name of at least 4 octets")
    }
    self.domain = domain
    count = try seed.count(default: Banjori.namesUntilRepeat(from: domain))
  }

  func period(containing instant: Instant) -> Period { .always }

  func names(at instant: Instant) -> Names { Names(domain: domain, left: count) }

  struct Names: NameGenerator {
    fileprivate var domain: DomainBuffer
    fileprivate var left: Int

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard left > 0 else { return false }
      left -= 1
      name = domain
      Banjori.change(&domain)
      return true
    }
  }

  /// Replaces the first four octets, each depending on those before it.
  private static func change(_ name: inout DomainBuffer) {
    let old = (UInt32(name[0]), UInt32(name[1]), UInt32(name[2]), UInt32(name[3]))
    let first = letter(old.0 + old.3)
    let second = letter(first + 2 * old.1)
    let third = letter(first + old.2 - 1)
    let fourth = letter(second + third + old.3)
    name[0] = UInt8(truncatingIfNeeded: first)
    name[1] = UInt8(truncatingIfNeeded: second)
    name[2] = UInt8(truncatingIfNeeded: third)
    name[3] = UInt8(truncatingIfNeeded: fourth)
  }

  /// The octet as a letter, modulo 26 counted from `a`; octets below `a` count backwards.
  private static func letter(_ value: UInt32) -> UInt32 {
    // 104 is a multiple of 26 that keeps the difference positive.
    0x61 + (value + 104 - 0x61) % 26
  }

  /// There are 26^4 states of four letters, and the seed domain may be one more name before them.
  private static let cycleLimit = 26 * 26 * 26 * 26 + 1

  private static func namesUntilRepeat(from seed: DomainBuffer) -> Int {
    var domain = seed
    var seen: Set<UInt32> = []
    while seen.insert(prefix(of: domain)).inserted { change(&domain) }
    return seen.count
  }

  private static func prefix(of name: DomainBuffer) -> UInt32 {
    (0..<4).reduce(0) { $0 << 8 | UInt32(name[$1]) }
  }
}
