import DGAKit

/// Bamital: the MD5 of a capital letter and the date, under four suffixes.
///
/// Seed parameters: none.
struct Bamital: DGAModel {
  static let metadata = ModelMetadata(
    family: "bamital", malpedia: "win.bamital", trust: .medium,
    check: "Four names of a published table of family examples (DGAfamilies) are those of"
      + " 2016-03-14 for the letters A, B, C and I; that there are 26 letters under each suffix,"
      + " and their order, is inferred.",
    variants: [
      VariantInfo(
        kind: .hash, period: .day, clock: .utc, namesPerPeriod: .exactly(104),
        topLevelDomains: suffixes,
        predictability: .partial(
          "on days 1 to 9 of a month: whether the day is hashed with a leading zero is not known"),
        sharedSuffixes: ["co.cc", "cz.cc"])
    ],
    references: [
      "https://github.com/aftabalam01/machinelearningpipeline (bamital, another date format)"
    ],
    notes: "The malware takes the date from the Date header of an HTTP answer. Days 1 to 9 are"
      + " written with a leading zero here, as that header writes them.")

  private static let suffixes = ["org", "info", "co.cc", "cz.cc"]

  static let seeds = [
    Seed(label: "default", reference: "aftabalam01/machinelearningpipeline, date corrected")
  ]

  static let knownAnswers = [
    KnownAnswer(
      seed: "default", at: "2016-03-14", count: 104,
      first: "bde15d38ecc65c801a6ab50a59cea738.org",
      middle: "09a4704d51be04b4df12c5905405589e.org",
      last: "db7aad0fc1b3dce6e14b4945349e6356.cz.cc"),
    KnownAnswer(
      seed: "default", at: "2024-02-29", count: 104,
      first: "ea7318975aeb9b8a196cca4dfd48581a.org",
      middle: "6b053938dc0d1af6a70c4db2511ce202.org",
      last: "a8bb805958dd6b4d636b1a14e4075985.cz.cc"),
    KnownAnswer(
      seed: "default", at: "2026-11-23", count: 104,
      first: "7b39eb8e9892dafa22ddf013e6e4e4bd.org",
      middle: "309b4e92e49bb3b5a9425a010a2b12b9.org",
      last: "22217413f7a79a61689c848395b94fc8.cz.cc"),
  ]

  private let suffixes = Suffixes(Bamital.suffixes)

  init(seed: Seed, resources: ModelResources) throws(ModelError) {}

  func period(containing instant: Instant) -> Period { .day(containing: instant) }

  func names(at instant: Instant) -> Names {
    let today = instant.calendarDay
    let day = today.day < 10 ? "0\(today.day)" : "\(today.day)"
    let date = "\(day) \(EnglishNames.month(today.month, letters: 3)) \(today.year)"
    return Names(date: Array(date.utf8), suffixes: suffixes)
  }

  struct Names: NameGenerator {
    fileprivate let date: [UInt8]
    fileprivate let suffixes: Suffixes
    fileprivate var letter = UInt8(ascii: "A")
    fileprivate var suffix = 0
    fileprivate var hash = MD5()

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard letter <= UInt8(ascii: "Z") else { return false }
      if suffix == 0 { hash = hashOfLetterAndDate }
      name.removeAll()
      for position in 0..<16 { name.append(hexadecimal: hash[position]) }
      suffixes.append(suffix, to: &name)
      suffix = (suffix + 1) % suffixes.count
      if suffix == 0 { letter += 1 }
      return true
    }

    private var hashOfLetterAndDate: MD5 {
      var message = MD5.ShortMessage()
      message.append(letter)
      message.append(date)
      return message.digest
    }
  }
}
