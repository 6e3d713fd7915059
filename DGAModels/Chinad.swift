import DGAKit

/// Chinad: sixteen letters and digits and a suffix out of the SHA-1 of date and index.
///
/// Seed parameters: none; `count` (256: the malware's index has eight bits).
struct Chinad: DGAModel {
  static let metadata = ModelMetadata(
    family: "chinad", trust: .high,
    check: "Baderj's list of 2017-01-13, 360netlab's of 2016-10-24, and three names a third party"
      + " gives for 2012-01-01 are reproduced.",
    variants: [
      VariantInfo(
        kind: .hash, period: .day, clock: .unstated, namesPerPeriod: .exactly(256),
        topLevelDomains: suffixes,
        notes: "The malware makes 1,000 names, of which only the first 256 differ.")
    ],
    references: [
      "https://github.com/baderj/domain_generation_algorithms (chinad)",
      "https://github.com/360netlab/DGA/issues/1",
    ])

  private static let suffixes = ["com", "org", "net", "biz", "info", "ru", "cn"]

  static let seeds = [Seed(label: "default", reference: "baderj")]

  static let knownAnswers = [
    KnownAnswer(
      seed: "default", at: "2017-01-13", count: 256, first: "8f6bacmw30xxv6sc.cn",
      middle: "hrhykgaz4zpjt3ww.cn", last: "exs2oquga1nu68sf.org"),
    KnownAnswer(
      seed: "default", at: "2024-02-29", count: 256, first: "gw6ult7t9oue3ltu.org",
      middle: "f1eo7was9q8eyq1i.info", last: "bpks02nypba4eymh.biz"),
    KnownAnswer(
      seed: "default", at: "2026-11-23", count: 256, first: "5k992d7taah87e3l.cn",
      middle: "ds5bqmzwivr3a0nh.com", last: "kol62d9e8hwb9171.ru"),
  ]

  private let count: Int
  private let suffixes = Suffixes(Chinad.suffixes)

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    count = Int(try seed.integer("count", in: 1...256, default: 256))
  }

  func period(containing instant: Instant) -> Period { .day(containing: instant) }

  func names(at instant: Instant) -> Names {
    let today = instant.calendarDay
    let date = UInt32(today.year % 100) | UInt32(today.month) << 8 | UInt32(today.day) << 16
    return Names(date: date, suffixes: suffixes, count: UInt32(count))
  }

  struct Names: NameGenerator {
    fileprivate let date: UInt32
    fileprivate let suffixes: Suffixes
    fileprivate let count: UInt32
    fileprivate var index: UInt32 = 0

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard index < count else { return false }
      var message = SHA1.ShortMessage()
      message.append(littleEndian: date | index << 24)
      message.append(littleEndian: 0 as UInt64)
      message.append(littleEndian: 0 as UInt32)
      let digest = message.digest
      name.removeAll()
      appendFour(digest.a, to: &name)
      appendFour(digest.b, to: &name)
      appendFour(digest.c, to: &name)
      appendFour(digest.d, to: &name)
      suffixes.append(Int(digest.e & 0xFF) % suffixes.count, to: &name)
      index += 1
      return true
    }
  }
}

/// A letter or digit from each octet of a word, lowest first: the malware reads the digest as words
/// of its own byte order.
private func appendFour(_ word: UInt32, to name: inout DomainBuffer) {
  for shift in stride(from: 0 as UInt32, to: 32, by: 8) {
    name.append(letterOrDigit: UInt8(truncatingIfNeeded: word &>> shift) % 36)
  }
}
