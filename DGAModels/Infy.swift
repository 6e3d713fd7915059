import DGAKit

/// Infy's successor Foudre: the CRC-32 of a word, year, month, week and index, in hexadecimal.
///
/// Seed parameters: `prefix` (the word), `tlds`; `count` (of checksums, each under all suffixes).
struct Infy: DGAModel {
  static let metadata = ModelMetadata(
    family: "infy", aliases: ["Foudre", "Prince of Persia"], malpedia: "win.infy", trust: .high,
    check: "All 73 names under space, net, top and dynu.net that Maltrail lists from Unit 42's and"
      + " Intezer's posts and from sandboxes (2016-09 to 2020-12), among them all 80 of one week for"
      + " prefix NRV1 on 2020-12-16, and the three of a published table of family examples"
      + " (DGAfamilies).",
    variants: [
      VariantInfo(
        kind: .hash, period: .other("ISO 8601 week, cut at the ends of months"), clock: .unstated,
        namesPerPeriod: .between(60, 80), topLevelDomains: suffixes, sharedSuffixes: ["dynu.net"],
        notes:
          "Of prefix NRTV1 only names under space and without an index are published: its other"
          + " names, and that the calendar's year is taken around New Year, are inferred.")
    ],
    references: [
      "https://unit42.paloaltonetworks.com/unit42-prince-persia-ride-lightning-infy-returns-foudre/",
      "https://www.intezer.com/blog/research/prince-of-persia-the-sands-of-foudre/",
      "https://github.com/stamparm/maltrail (trails/static/malware/apt_infy.txt)",
    ],
    notes: "The 25 names under site in Unit 42's list have another origin and are not modelled.")

  private static let suffixes = ["space", "net", "top", "dynu.net"]

  static let seeds = [
    seed("NRV1", suffixes, "Unit 42"), seed("NRTV1", ["space", "net", "top"], "Intezer"),
  ]

  private static func seed(_ prefix: String, _ suffixes: [String], _ reference: String) -> Seed {
    Seed(
      label: prefix, parameters: ["prefix": .text(prefix), "tlds": .list(suffixes)],
      reference: reference)
  }

  static let knownAnswers = [
    KnownAnswer(
      seed: "NRV1", at: "2017-05-20", count: 80, first: "39451f31.space", middle: "ea0816e3.space",
      last: "93d4ae47.dynu.net"),
    KnownAnswer(
      seed: "NRV1", at: "2020-10-19", count: 80, first: "e00be33d.space", middle: "f2b63e96.space",
      last: "8b6a8632.dynu.net"),
    KnownAnswer(
      seed: "NRV1", at: "2020-12-16", count: 80, first: "149a673e.space", middle: "334edefd.space",
      last: "4a926659.dynu.net"),
    KnownAnswer(
      seed: "NRTV1", at: "2018-08-14", count: 60, first: "891ec9e9.space", middle: "cc599e4e.space",
      last: "b58526ea.top"),
    KnownAnswer(
      seed: "NRTV1", at: "2018-10-01", count: 60, first: "1d8bfc20.space", middle: "80d2a2ff.space",
      last: "f90e1a5b.top"),
  ]

  private let prefix: String
  private let count: Int
  private let suffixes: Suffixes

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    prefix = try seed.text("prefix")
    count = try seed.count(default: 20)
    suffixes = Suffixes(try seed.list("tlds", default: Infy.suffixes))
  }

  func period(containing instant: Instant) -> Period {
    let monday = instant.startOfDay.adding(days: -Int64((instant.weekday + 6) % 7))
    return Period(
      start: max(monday, instant.startOfMonth),
      end: min(monday.adding(days: 7), instant.startOfNextMonth))
  }

  func names(at instant: Instant) -> Names {
    var checksum = CRC32()
    checksum.append(
      text: "\(prefix)\(instant.year)\(instant.month)\(instant.isoWeek.week)")
    return Names(checksum: checksum, count: count, suffixes: suffixes)
  }

  struct Names: NameGenerator {
    fileprivate let checksum: CRC32
    fileprivate let count: Int
    fileprivate let suffixes: Suffixes
    fileprivate var index = 0
    fileprivate var suffix = 0

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard index < count else { return false }
      var checksum = checksum
      // The first checksum is without an index.
      if index > 0 { index.forEachDecimalCharacter { checksum.append($0) } }
      name.removeAll()
      name.append(digitsOf: checksum.value, base: 16, width: 8)
      suffixes.append(suffix, to: &name)
      suffix = (suffix + 1) % suffixes.count
      if suffix == 0 { index += 1 }
      return true
    }
  }
}
