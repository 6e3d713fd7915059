import DGAKit

/// Gameover Zeus after its takedown ("newGOZ"): MD5 of index and date, written in base 36.
struct Newgoz: DGAModel {
  static let metadata = ModelMetadata(
    family: "newgoz", aliases: ["Gameover Zeus", "Peer-to-Peer Zeus"],
    malpedia: "win.gameover_p2p", trust: .high,
    check: "The published 1,000 names of 2015-08-31 and three names of 2014-11-03 in a table"
      + " of family examples (DGAfamilies).",
    variants: [
      VariantInfo(
        kind: .hash, period: .day, clock: .unstated, namesPerPeriod: .exactly(1_000),
        topLevelDomains: ["com", "org", "biz", "net"])
    ],
    references: [
      "https://bin.re/blog/the-dga-of-newgoz/",
      "https://github.com/baderj/domain_generation_algorithms (newgoz)",
    ],
    notes: "Write-ups mention another build with 10,000 names a day and another key.")

  static let seeds = [
    Seed(label: "default", parameters: ["key": 0x3519_0501], reference: "baderj")
  ]

  static let knownAnswers = [
    KnownAnswer(
      seed: "default", at: "2014-11-03", count: 1_000, first: "1pb98u4egqbcwzes185mpfyvc.com",
      middle: "d2e13s1ejlfwr3c2bwi56xpbn.com", last: "1uvkifw1vcjgtc1vebtuy54n2s6.org"),
    KnownAnswer(
      seed: "default", at: "2024-02-29", count: 1_000, first: "df1g4i475z4y1arqcwh6nszq1.com",
      middle: "1o28l0fra44slnhabzsr0x8jl.com", last: "1vmlm4nl3tiul9lczomauzct2.org"),
    KnownAnswer(
      seed: "default", at: "2026-11-23", count: 1_000, first: "1clx7s611ixc8b8g9hlcy7kn75.com",
      middle: "1lg61uvtqbfq8qetpu0zl6b69.com", last: "1a2vpt91ahpsyu1185jmq1vi8ade.org"),
  ]

  private var key: UInt32
  private let count: Int
  private let suffixes = Suffixes(["com", "org", "biz", "net"])

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    key = try seed.uint32("key")
    count = try seed.count(default: 1_000)
  }

  func period(containing instant: Instant) -> Period { .day(containing: instant) }

  func names(at instant: Instant) -> Names {
    Names(day: instant.calendarDay, key: key, suffixes: suffixes, count: UInt32(count))
  }

  struct Names: NameGenerator {
    private let year: UInt16
    private let month: UInt16
    private let day: UInt16
    private let key: UInt32
    private let suffixes: Suffixes
    private let count: UInt32
    private var index: UInt32 = 0

    fileprivate init(day: CalendarDay, key: UInt32, suffixes: Suffixes, count: UInt32) {
      year = UInt16(truncatingIfNeeded: day.year)
      month = UInt16(truncatingIfNeeded: day.month)
      self.day = UInt16(truncatingIfNeeded: day.day)
      self.key = key
      self.suffixes = suffixes
      self.count = count
    }

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard index < count else { return false }
      var message = MD5.ShortMessage()
      message.append(littleEndian: index)
      message.append(littleEndian: year)
      message.append(littleEndian: key)
      message.append(littleEndian: month)
      message.append(littleEndian: key)
      message.append(littleEndian: day)
      message.append(littleEndian: key)
      let digest = message.digest
      name.removeAll()
      appendBase36(digest.a, to: &name)
      appendBase36(digest.b, to: &name)
      appendBase36(digest.c, to: &name)
      appendBase36(digest.d, to: &name)
      let suffix = index % 4 == 0 ? 0 : index % 3 == 0 ? 1 : index % 2 == 0 ? 2 : 3
      suffixes.append(suffix, to: &name)
      index += 1
      return true
    }
  }
}

extension Newgoz: SearchableModel {
  static let searchSpaces = ["": SearchSpace("key")]

  mutating func setSearchedValue(_ value: UInt32) { key = value }
}

/// Adds a word in base 36 without leading zeros, highest digit first.
///
/// The malware stops after seven digits, which is enough for any 32-bit word (36^7 > 2^32).
private func appendBase36(_ word: UInt32, to name: inout DomainBuffer) {
  var digits: UInt64 = 0
  var count = 0
  var rest = word
  repeat {
    let digit = rest % 36
    rest /= 36
    digits = digits << 8 | UInt64(digit < 10 ? digit + 0x30 : digit + 0x57)
    count += 1
  } while rest != 0
  for _ in 0..<count {
    name.append(UInt8(truncatingIfNeeded: digits))
    digits >>= 8
  }
}
