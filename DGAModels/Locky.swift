import DGAKit

/// Locky, second and third version: rotations and one multiplication over date, seed and index.
///
/// Seed parameters: `seed` (32 bits), `shift` (rotation distance), `mod` (v2: names before the
/// list repeats), `tlds`.
struct Locky: DGAModel {
  static let metadata = ModelMetadata(
    family: "locky", malpedia: "win.locky", trust: .high,
    check: "The published list of 2016-02-29 and three names of 2016-03-14 in a table of"
      + " family examples (DGAfamilies).",
    variants: [
      VariantInfo(
        name: "v2", kind: .arithmetic, period: twoDays, clock: .unstated,
        namesPerPeriod: .exactly(8),
        topLevelDomains: suffixesV2, notes: "Seed cfg5-seed0 repeats its first two names."),
      VariantInfo(
        name: "v3", kind: .arithmetic, period: twoDays, clock: .unstated,
        namesPerPeriod: .exactly(12),
        topLevelDomains: suffixesV3, trust: .medium,
        check: "Only the published script.",
        notes: "From published scripts; no list of another party to compare with."),
    ],
    references: [
      "https://blogs.forcepoint.com/security-labs/lockys-new-dga-seeding-new-domains",
      "https://github.com/baderj/domain_generation_algorithms (locky)",
    ])

  private static let twoDays = PeriodKind.daysOfMonth("days 1, 2-3, 4-5, … of a month")
  private static let suffixesV2 = [
    "ru", "pw", "eu", "in", "yt", "pm", "us", "fr", "de", "it", "be", "uk", "nl", "tf",
  ]
  private static let suffixesV3 = [
    "ru", "info", "biz", "click", "su", "work", "pl", "org", "pw", "xyz",
  ]

  static let seeds = v2Seeds + v3Seeds

  private static let v2Seeds = [62, 75, 9, 7, 0, 660, 555].enumerated().map { index, number in
    let isShort = number == 0
    return seed(
      "v2", index, Int64(number), shift: isShort ? 5 : 7, suffixes: suffixesV2,
      more: ["mod": isShort ? 6 : 8])
  }

  private static let v3Seeds = [
    7_077, 5_566, 9_106, 5_579, 111, 9_044, 9_099, 9_047, 9_133, 9_199,
    9_190, 9_088, 9_998, 9_992, 1_511, 1_513, 1_517, 9_056, 7_773, 7_743,
  ].enumerated().map { index, number in
    seed("v3", index, Int64(number), shift: 7, suffixes: suffixesV3)
  }

  private static func seed(
    _ variant: String, _ index: Int, _ number: Int64, shift: Int64, suffixes: [String],
    more: [String: SeedValue] = [:]
  ) -> Seed {
    let parameters: [String: SeedValue] = [
      "seed": .integer(number), "shift": .integer(shift), "tlds": .list(suffixes),
    ]
    return Seed(
      variant: variant, label: "cfg\(index + 1)-seed\(number)",
      parameters: parameters.merging(more) { first, _ in first }, reference: "baderj")
  }

  static let knownAnswers = [
    KnownAnswer(
      variant: "v2", seed: "cfg1-seed62", at: "2016-05-31", count: 8, first: "nncgsyiqstrvodg.in",
      middle: "dtbtxb.it", last: "unlvpnmgg.us"),
    KnownAnswer(
      variant: "v2", seed: "cfg1-seed62", at: "2024-02-29", count: 8, first: "kmomsexc.de",
      middle: "sovhnfonnj.ru", last: "ywawcybgcgjjaf.nl"),
    KnownAnswer(
      variant: "v2", seed: "cfg1-seed62", at: "2026-11-23", count: 8, first: "ijoav.nl",
      middle: "cwfrrd.tf", last: "ifqdpafbph.eu"),
    KnownAnswer(
      variant: "v2", seed: "cfg5-seed0", at: "2026-11-23", count: 8, first: "xxjxjhxcqaokw.it",
      middle: "effkalaxco.in", last: "lkpgp.be"),
    KnownAnswer(
      variant: "v3", seed: "cfg1-seed7077", at: "2016-05-31", count: 12, first: "helcqfbxtkrpx.su",
      middle: "aqgwuibv.ru", last: "snqbtfhsox.work"),
    KnownAnswer(
      variant: "v3", seed: "cfg1-seed7077", at: "2024-02-29", count: 12,
      first: "xbrsywvnyqgpghm.info", middle: "rmaixlqqde.org", last: "qgpqfxywjdfu.biz"),
    KnownAnswer(
      variant: "v3", seed: "cfg1-seed7077", at: "2026-11-23", count: 12,
      first: "pljblpkxvfeeygrn.click", middle: "mmapkmdb.xyz", last: "iixnpovfqbhaycp.su"),
  ]

  private let isThird: Bool
  private let mixer: Mixer
  private var seed: UInt32
  private let modulus: UInt32
  private let suffixes: Suffixes

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    isThird = seed.variant == "v3"
    mixer = Mixer(distance: Int(try seed.integer("shift", in: 0...31, default: 7)))
    self.seed = try seed.uint32("seed")
    modulus = UInt32(try seed.integer("mod", in: 1...Int64(UInt32.max), default: 8))
    suffixes = Suffixes(
      try seed.list("tlds", default: isThird ? Locky.suffixesV3 : Locky.suffixesV2))
  }

  func period(containing instant: Instant) -> Period {
    .daysOfMonth(containing: instant) { $0 / 2 }
  }

  func names(at instant: Instant) -> Names {
    let today = instant.calendarDay
    let date = LockyDate(
      year: UInt32(truncatingIfNeeded: today.year),
      month: UInt32(truncatingIfNeeded: today.month),
      halfDay: UInt32(truncatingIfNeeded: today.day / 2))
    let start: Start =
      isThird
      ? .third(date, seed: seed)
      : .second(
        base: dateBase(date) &+ seed.rotatedLeft(17), modulus: modulus)
    return Names(mixer: mixer, start: start, suffixes: suffixes)
  }

  /// What all names of a date share in version 2.
  private func dateBase(_ date: LockyDate) -> UInt32 {
    var base = mixer.mix(date.year &+ 0x1BF5)
    if seed != 0 { base = mixer.mix(base &+ seed &+ Mixer.offset) }
    base = mixer.mix(base &+ date.halfDay &+ Mixer.offset)
    return mixer.mix(base &+ date.month &+ 0x2709_A354)
  }

  struct Names: NameGenerator {
    private let mixer: Mixer
    private let start: Start
    private let suffixes: Suffixes
    private var index: UInt32 = 0

    fileprivate init(mixer: Mixer, start: Start, suffixes: Suffixes) {
      self.mixer = mixer
      self.start = start
      self.suffixes = suffixes
    }

    mutating func next(into name: inout DomainBuffer) -> Bool {
      var state: UInt32
      let length: UInt32
      switch start {
      case .second(let base, let modulus):
        guard index < 8 else { return false }
        let number = (index % modulus).rotatedLeft(21)
        state = mixer.mix(number &+ base &+ Mixer.offset) &+ Mixer.offset
        length = state % 11 + 5
      case .third(let date, let seed):
        guard index < 12 else { return false }
        state = mixer.third(date, seed: seed, index: index)
        length = state % 11 + 7
      }
      index += 1
      name.removeAll()
      for position in 0..<length {
        state = mixer.mix(state.rotatedLeft(Int(position))) &+ Mixer.offset
        name.append(letter: state % 25)
      }
      let last = mixer.mix(state) &+ Mixer.offset
      suffixes.append(Int(last % UInt32(truncatingIfNeeded: suffixes.count)), to: &name)
      return true
    }
  }
}

extension Locky: SearchableModel {
  static let searchSpaces = ["v2": SearchSpace("seed"), "v3": SearchSpace("seed")]

  mutating func setSearchedValue(_ value: UInt32) { seed = value }
}

// MARK: - Arithmetic

/// The parts of a date the generator uses.
private struct LockyDate {
  let year: UInt32
  let month: UInt32
  let halfDay: UInt32
}

/// What the first state of each name is made from.
private enum Start {
  case second(base: UInt32, modulus: UInt32)
  case third(LockyDate, seed: UInt32)
}

private struct Mixer {
  static let offset: UInt32 = 0x2710_0001
  let distance: Int

  @inline(__always)
  func mix(_ value: UInt32) -> UInt32 {
    (0xB119_24E1 &* value).rotatedRight(distance)
  }

  /// The first state of a name in version 3: seven rounds over the years from the date's on.
  func third(_ date: LockyDate, seed: UInt32, index: UInt32) -> UInt32 {
    var state: UInt32 = 0
    for round in 0..<7 as Range<UInt32> {
      let first = (mix(date.year &+ round &+ state &+ 0x1BF5) &+ Mixer.offset) ^ state
      let second = (mix(first &+ seed) &+ Mixer.offset) ^ first
      let third = 0xD8EF_FFFF &- mix(date.halfDay &+ second) &+ second
      let fourth = third &+ mix(date.month &+ third &- 0x6_5CAD) &+ Mixer.offset
      let salted = fourth &+ seed.rotatedLeft(17) &+ index.rotatedLeft(21)
      state = (mix(salted) &+ Mixer.offset) ^ fourth
    }
    return state
  }
}
