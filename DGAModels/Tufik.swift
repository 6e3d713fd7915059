import DGAKit

/// Tufik: letters out of the MD5 of date and index under a key, a sibling of Murofet's second DGA.
///
/// Seed parameters: `key` (32 bits xored over the hashed octets), `count`.
struct Tufik: DGAModel {
  static let metadata = ModelMetadata(
    family: "tufik", trust: .high,
    check: "The published list for 2022-05-09: 1,020 of 1,020 names.",
    variants: [
      VariantInfo(
        kind: .hash, period: .day, clock: .unstated, namesPerPeriod: .exactly(1_020),
        topLevelDomains: suffixes)
    ],
    references: ["https://github.com/baderj/domain_generation_algorithms (tufik)"])

  private static let suffixes = ["biz", "info", "org", "net", "com"]

  static let seeds = [
    Seed(label: "0x997722ED", parameters: ["key": 0x9977_22ED], reference: "baderj")
  ]

  static let knownAnswers = [
    KnownAnswer(
      seed: "0x997722ED", at: "2022-05-09", count: 1_020, first: "iztwlupysutnqqn.biz",
      middle: "rtepvmhjehuklrm.biz", last: "purfwlpgtxvyruqs.com"),
    KnownAnswer(
      seed: "0x997722ED", at: "2024-02-29", count: 1_020, first: "rquiperkwxqcyry.biz",
      middle: "lztgvsliwsmq.biz", last: "tsdlqqntokeqrrfp.com"),
    KnownAnswer(
      seed: "0x997722ED", at: "2026-11-23", count: 1_020, first: "yorvvulkvwgxbp.biz",
      middle: "rympkoetzvqrmu.biz", last: "jfmoipfkwxuprhl.com"),
  ]

  private let key: UInt32
  private let count: UInt32
  private let suffixes = Suffixes(Tufik.suffixes)

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    key = try seed.uint32("key")
    count = UInt32(try seed.count(default: 1_020))
  }

  func period(containing instant: Instant) -> Period { .day(containing: instant) }

  func names(at instant: Instant) -> Names {
    Names(day: instant.calendarDay, key: key, suffixes: suffixes, count: count)
  }

  struct Names: NameGenerator {
    private let date: UInt32
    private let key: UInt32
    private let suffixes: Suffixes
    private let count: UInt32
    private var index: UInt32 = 0
    private var digest = MD5()

    fileprivate init(day: CalendarDay, key: UInt32, suffixes: Suffixes, count: UInt32) {
      let year = UInt32(truncatingIfNeeded: day.year + 48) & 0xFF
      date = year | UInt32(day.month) << 8 | UInt32(day.day) << 16
      self.key = key
      self.suffixes = suffixes
      self.count = count
    }

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard index < count else { return false }
      // The lowest bit of the index is cleared before it is hashed: neighbours share a digest.
      if index & 1 == 0 { digest = hash(of: index) }
      name.removeAll()
      for position in 0..<16 {
        let sum = UInt32(digest[position] & 0xF) + UInt32(digest[position] >> 4)
        if sum < 26 { name.append(letter: sum) }
      }
      suffixes.append(suffixNumber, to: &name)
      index += 1
      return true
    }

    private func hash(of index: UInt32) -> MD5 {
      var message = MD5.ShortMessage()
      message.append(littleEndian: date ^ key)
      message.append(littleEndian: index ^ key)
      return message.digest
    }

    private var suffixNumber: Int {
      if index % 5 == 0 { return 0 }
      if index % 4 == 0 { return 1 }
      if index % 3 == 0 { return 2 }
      return index % 2 == 0 ? 3 : 4
    }
  }
}
