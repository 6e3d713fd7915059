import DGAKit

/// Ranbyus: shift registers over day, month, year and seed (May 2015), then a 64-bit congruential
/// generator (September 2015).
///
/// Seed parameters: `seed` (32 bits), `tlds` (the last one is never used).
struct Ranbyus: DGAModel {
  static let metadata = ModelMetadata(
    family: "ranbyus", malpedia: "win.ranbyus", trust: .high,
    check: "Seven names of 2015-05-19 in pchaigno/dga-collection (may) and eleven sandbox"
      + " names in 360netlab/DGA issue 27 (september).",
    variants: [
      VariantInfo(
        name: "may", kind: .arithmetic, period: .day, clock: .unstated,
        namesPerPeriod: .exactly(40),
        topLevelDomains: suffixes),
      VariantInfo(
        name: "september", kind: .arithmetic, period: .day, clock: .unstated,
        namesPerPeriod: .exactly(40), topLevelDomains: suffixes + ["org"]),
    ],
    references: [
      "https://bin.re/blog/the-dga-of-ranbyus/",
      "https://bin.re/blog/ranbyuss-dga-revisited/",
      "https://github.com/360netlab/DGA/issues/27",
      "https://github.com/360netlab/DGA/issues/56",
    ],
    notes: "Seed BFC60429 was recovered from the list in 360netlab/DGA#27.")

  private static let suffixes = ["in", "me", "cc", "su", "tw", "net", "com", "pw"]
  private static let otherSuffixes = ["in", "net", "org", "com", "me", "su", "tw", "cc"]

  static let seeds =
    [
      may(0xC5F1_28F3), may(0xB635_4BC3), may(0x65BA_0743), may(0x0478_620C),
      may(0xB71C_DAF5, "360netlab/DGA#56"),
    ] + [
      september(0x0F0D_5BFA), september(0xF2C7_2B14), september(0xAE87_14BE),
      september(0xCE7F_8514, suffixes: otherSuffixes), september(0x5724_73BB),
      september(0x1779_4CF1), september(0xC0E3_2524), september(0x7CB7_966E),
      september(0x9F90_C9E7), september(0x8FB8_879B), september(0xE981_684B),
      september(0xBFC6_0429, reference: "360netlab/DGA#27"),
    ]

  private static func may(_ number: Int64, _ reference: String = "baderj") -> Seed {
    seed("may", number, suffixes, reference)
  }

  private static func september(
    _ number: Int64, suffixes: [String] = Ranbyus.suffixes, reference: String = "baderj"
  ) -> Seed {
    seed("september", number, suffixes, reference)
  }

  private static func seed(
    _ variant: String, _ number: Int64, _ suffixes: [String], _ reference: String
  ) -> Seed {
    let digits = String(number, radix: 16, uppercase: true)
    return Seed(
      variant: variant, label: String(repeating: "0", count: 8 - digits.count) + digits,
      parameters: ["seed": .integer(number), "tlds": .list(suffixes)], reference: reference)
  }

  static let knownAnswers = [
    KnownAnswer(
      variant: "may", seed: "C5F128F3", at: "2015-05-19", count: 40, first: "ugytupofwqrpyn.su",
      middle: "burlowijioujpn.pw", last: "grieqakwyprjum.cc"),
    KnownAnswer(
      variant: "may", seed: "C5F128F3", at: "2024-02-29", count: 40, first: "flphkyijbipjoa.net",
      middle: "kmijtaatggjvyk.me", last: "kgrwoymyrxgjjn.tw"),
    KnownAnswer(
      variant: "may", seed: "C5F128F3", at: "2026-11-23", count: 40, first: "tkexiqddbturaf.pw",
      middle: "bueiibfwbwjkbt.su", last: "clkpwqlpcpykcj.com"),
    KnownAnswer(
      variant: "may", seed: "B71CDAF5", at: "2026-11-23", count: 40, first: "ngncyxdpfwlvth.pw",
      middle: "eoewteogcymblm.su", last: "ifhjievaecgjlg.com"),
    KnownAnswer(
      variant: "september", seed: "0F0D5BFA", at: "2015-09-15", count: 40,
      first: "usclklgatpkaexfap.pw", middle: "scyvupdfnmgjadiqo.su", last: "ndfwctiyxyyvtbsjk.com"),
    KnownAnswer(
      variant: "september", seed: "0F0D5BFA", at: "2024-02-29", count: 40,
      first: "vxtouwsdksvswcwrk.net", middle: "ffucogmwihduogcip.me", last: "ngbcosymjuwaoxbeh.tw"),
    KnownAnswer(
      variant: "september", seed: "0F0D5BFA", at: "2026-11-23", count: 40,
      first: "qqhamiqmmaaijasft.pw", middle: "xadhrhiowvjxhpqkn.su", last: "riqfoxrypkdktdipk.com"),
    KnownAnswer(
      variant: "september", seed: "CE7F8514", at: "2026-11-23", count: 40,
      first: "dtpbfgftadfhobbfy.cc", middle: "dynalwvyvfbmdfawr.com", last: "wwkiahhfihaxjtmhb.tw"),
  ]

  private let isSeptember: Bool
  private var seed: UInt32
  private let suffixes: Suffixes

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    isSeptember = seed.variant == "september"
    self.seed = try seed.uint32("seed")
    suffixes = Suffixes(try seed.list("tlds", default: Ranbyus.suffixes))
  }

  func period(containing instant: Instant) -> Period { .day(containing: instant) }

  func names(at instant: Instant) -> Names {
    let today = instant.calendarDay
    let source: Names.Source
    if isSeptember {
      let year = UInt64(UInt32(truncatingIfNeeded: today.year))
      let start = UInt64(today.day) * UInt64(today.month) * year ^ UInt64(seed)
      source = .september(.pcg(state: start))
    } else {
      source = .may(RanbyusRegisters(day: today, seed: seed))
    }
    return Names(source: source, suffixes: suffixes, suffix: today.day)
  }

  struct Names: NameGenerator {
    fileprivate enum Source {
      case may(RanbyusRegisters)
      case september(LinearCongruential64)
    }

    private var source: Source
    private let suffixes: Suffixes
    private var suffix: Int
    private var left = 40

    fileprivate init(source: Source, suffixes: Suffixes, suffix: Int) {
      self.source = source
      self.suffixes = suffixes
      self.suffix = suffix
    }

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard left > 0 else { return false }
      left -= 1
      name.removeAll()
      switch source {
      case .may(var registers):
        for _ in 0..<14 { name.append(letter: registers.next() % 25) }
        source = .may(registers)
      case .september(var random):
        appendSixteen(from: &random, to: &name)
        // The second block of sixteen octets is drawn for its first one.
        let block = Block(&random)
        name.append(letter: (block.words.0 & 0xFF) % 25)
        source = .september(random)
      }
      suffixes.append(suffix % suffixes.count, to: &name)
      suffix += 1
      return true
    }
  }
}

extension Ranbyus: SearchableModel {
  static let searchSpaces = ["may": SearchSpace("seed"), "september": SearchSpace("seed")]

  mutating func setSearchedValue(_ value: UInt32) { seed = value }
}

// MARK: - September

/// Sixteen octets, as four little-endian words, from three steps of the generator.
private struct Block {
  let words: (UInt32, UInt32, UInt32, UInt32)

  @inline(__always)
  init(_ random: inout LinearCongruential64) {
    let (first, second, third) = (random.next(), random.next(), random.next())
    let rotated =
      UInt32(truncatingIfNeeded: third >> 24) & 0xFFFF_FF00
      | UInt32(truncatingIfNeeded: third) >> 24
    let low = UInt32(truncatingIfNeeded: second)
    words = (
      ((rotated ^ low) & 0xF_FFFF) ^ low,
      UInt32(truncatingIfNeeded: second >> 32),
      UInt32(truncatingIfNeeded: first) & 0xFFF0_0000
        | UInt32(truncatingIfNeeded: third >> 32) >> 12,
      UInt32(truncatingIfNeeded: first >> 32)
    )
  }
}

private func appendSixteen(from random: inout LinearCongruential64, to name: inout DomainBuffer) {
  let block = Block(&random)
  appendLetters(block.words.0, to: &name)
  appendLetters(block.words.1, to: &name)
  appendLetters(block.words.2, to: &name)
  appendLetters(block.words.3, to: &name)
}

/// A letter from each octet of a word, lowest first.
private func appendLetters(_ word: UInt32, to name: inout DomainBuffer) {
  for shift in stride(from: 0 as UInt32, to: 32, by: 8) {
    name.append(letter: ((word &>> shift) & 0xFF) % 25)
  }
}
