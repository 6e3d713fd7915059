import DGAKit

/// Dyre (Dyreza): a letter that counts up and digits 3 to 35 of the SHA-256 of date and index.
///
/// Seed parameters: `count`.
struct Dyre: DGAModel {
  static let metadata = ModelMetadata(
    family: "dyre", aliases: ["Dyreza", "Dyzap"], malpedia: "win.dyre", trust: .high,
    check: "Names 305 to 310 of 2017-10-24 equal the six Akamai saw in its resolvers' traffic,"
      + " names 0 to 2 of 2014-06-01 those of a published table of family examples"
      + " (DGAfamilies).",
    variants: [
      VariantInfo(
        kind: .hash, period: .day, clock: .unstated, namesPerPeriod: .exactly(1_000),
        topLevelDomains: suffixes)
    ],
    references: [
      "https://www.akamai.com/blog/security/a-death-match-of-domain-generation-algorithms",
      "https://github.com/aftabalam01/machinelearningpipeline (dyre, another date format)",
    ],
    notes: "The sources give no number of names a day: 1,000 are taken.")

  private static let suffixes = ["cc", "ws", "to", "in", "hk", "cn", "tk", "so"]

  static let seeds = [
    Seed(label: "default", reference: "aftabalam01/machinelearningpipeline, date corrected")
  ]

  static let knownAnswers = [
    KnownAnswer(
      seed: "default", at: "2014-06-01", count: 1_000,
      first: "aa1442a1beba3793bbde2582b4127b66ae.cc",
      middle: "gcc0ca567b84ff3bff844e263d22a58379.hk",
      last: "l97bddaaf8651192099df0ab05b7f98d54.so"),
    KnownAnswer(
      seed: "default", at: "2017-10-24", count: 1_000,
      first: "a2e2cdbf100de34c0459638f0304c2c493.cc",
      middle: "gcdcc5252e0e1f448be62da07afdaa6598.hk",
      last: "le2e53ba8df9c99e385352dd9c5022d1d7.so"),
    KnownAnswer(
      seed: "default", at: "2024-02-29", count: 1_000,
      first: "a795c79eb93098108c67ab036208411e7c.cc",
      middle: "g64d095e0cc85c68a35b4ab0fa4ab0bf1f.hk",
      last: "l3edc110e129d9ec2f7981d4bf33a809ab.so"),
    KnownAnswer(
      seed: "default", at: "2026-11-23", count: 1_000,
      first: "a28ed844e36618e2de6b1425f55407163f.cc",
      middle: "g0d16a19b0ef91417e2abec82bf21c8333.hk",
      last: "l89d3dd5158fcb5a58fdda47017b8860cf.so"),
  ]

  private let count: Int
  private let suffixes = Suffixes(Dyre.suffixes)

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    count = try seed.count(default: 1_000)
  }

  func period(containing instant: Instant) -> Period { .day(containing: instant) }

  func names(at instant: Instant) -> Names {
    let today = instant.calendarDay
    var date = SHA256.ShortMessage()
    date.append(decimal: today.year)
    date.append(UInt8(ascii: "-"))
    date.append(decimal: today.month)
    date.append(UInt8(ascii: "-"))
    date.append(decimal: today.day)
    return Names(date: date, count: count, suffixes: suffixes)
  }

  struct Names: NameGenerator {
    private let date: SHA256.ShortMessage
    private let count: Int
    private let suffixes: Suffixes
    private var index = 0

    fileprivate init(date: SHA256.ShortMessage, count: Int, suffixes: Suffixes) {
      self.date = date
      self.count = count
      self.suffixes = suffixes
    }

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard index < count else { return false }
      var message = date
      message.append(decimal: index)
      let digest = message.digest
      name.removeAll()
      name.append(letter: UInt32(truncatingIfNeeded: index % 26))
      for place in 3..<36 { name.append(hexadecimalDigit: digest.nibble(place)) }
      suffixes.append(index % suffixes.count, to: &name)
      index += 1
      return true
    }
  }
}
