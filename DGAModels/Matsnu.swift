import DGAKit

/// Matsnu: nouns and verbs in turn, some of them joined by hyphens, chosen by sixteen bits that
/// are multiplied by two constants, the day and the name's number.
///
/// Seed parameters: `factor` and `secondFactor` (whole numbers below 2^20).
struct Matsnu: DGAModel {
  static let metadata = ModelMetadata(
    family: "matsnu", malpedia: "win.matsnu", trust: .high,
    check: "Seven names of other parties are among the first three of a day: four that 360netlab's"
      + " feed has (2015-05-25, 2015-05-30, 2016-01-04, 2016-02-07; all its names below 24 octets),"
      + " two registered at a known control server (2015-06-07, 2015-08-14) and one of Bambenek's"
      + " feed (2015-08-17). The known answers are from a second implementation of Check Point's"
      + " published analysis.",
    variants: [
      VariantInfo(
        kind: .wordlist, period: .day, clock: .unstated, namesPerPeriod: .exactly(30),
        topLevelDomains: ["com"], wordLists: [nouns, verbs],
        notes: "Ten names each of the day before yesterday, yesterday and today.")
    ],
    references: [
      "https://blog.checkpoint.com/2015/07/02/matsnu-a-new-malware-discovery/",
      "https://github.com/andrewaeva/DGA (dga_algorithms/Matsnu.py, the two word lists)",
      "https://github.com/chrmor/DGA_domains_dataset (names of 360netlab's feed)",
    ],
    notes: "Other Matsnu samples make names of 24 octets and more from one noun and then verbs;"
      + " their constants are not published. One-word names can be those of strangers.")

  private static let nouns = WordListPin(
    file: "matsnu-nouns.txt",
    sha256: "32ea3031d42c67b02267af31d254cc213af0ade4ad0c5061a65b343aadfdf9f5")
  private static let verbs = WordListPin(
    file: "matsnu-verbs.txt",
    sha256: "897bc1d3329afafd77f9568e13b1cddbddef7d38afabee6448b3dd57eb23e2a2")

  static let seeds = [
    Seed(
      label: "EF5EB", parameters: ["factor": 0xE_F5EB, "secondFactor": 0x3_9339],
      reference: "Check Point, Matsnu technical brief, July 2015")
  ]

  static let knownAnswers = [
    KnownAnswer(
      seed: "EF5EB", at: "2015-05-27", count: 30, first: "year-maintain.com",
      middle: "bat-trust-definition.com", last: "mirror-argue.com"),
    KnownAnswer(
      seed: "EF5EB", at: "2015-08-16", count: 30, first: "profitstring.com",
      middle: "peace-dry-clock.com", last: "service-believe.com"),
    KnownAnswer(
      seed: "EF5EB", at: "2016-02-09", count: 30, first: "instruction-towel.com",
      middle: "black-smoke-document.com", last: "love-care-husband.com"),
    KnownAnswer(
      seed: "EF5EB", at: "2024-02-29", count: 30, first: "monitor-judge.com",
      middle: "nurse-reduce.com", last: "list-survey-instruction.com"),
    KnownAnswer(
      seed: "EF5EB", at: "2026-11-23", count: 30, first: "physics-ground.com",
      middle: "curve-loan-evidence.com", last: "parking-seem.com"),
  ]

  private let factor: UInt16
  private let secondFactor: UInt16
  private let lists: (nouns: WordList, verbs: WordList)
  private let suffix = Suffixes(["com"])

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    // The arithmetic is modulo 2^16: higher bits of the constants never count.
    factor = UInt16(truncatingIfNeeded: try seed.integer("factor", in: 0...0xF_FFFF))
    secondFactor = UInt16(truncatingIfNeeded: try seed.integer("secondFactor", in: 0...0xF_FFFF))
    lists = (try resources.words(of: Matsnu.nouns), try resources.words(of: Matsnu.verbs))
  }

  func period(containing instant: Instant) -> Period { .day(containing: instant) }

  func names(at instant: Instant) -> Names {
    Names(
      factors: (factor, secondFactor), lists: lists, suffix: suffix,
      day: instant.startOfDay.adding(days: -2))
  }

  struct Names: NameGenerator {
    private let factors: (UInt16, UInt16)
    private let lists: (nouns: WordList, verbs: WordList)
    private let suffix: Suffixes
    /// The day whose ten names come next, and how many days are left.
    private var day: Instant
    private var daysLeft = 3
    private var state: UInt16 = 1
    private var number: UInt16 = 1

    fileprivate init(
      factors: (UInt16, UInt16), lists: (nouns: WordList, verbs: WordList), suffix: Suffixes,
      day: Instant
    ) {
      self.factors = factors
      self.lists = lists
      self.suffix = suffix
      self.day = day
    }

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard daysLeft > 0 else { return false }
      name.removeAll()
      appendWords(to: &name)
      suffix.append(0, to: &name)
      name.validity = Period(start: day, end: day.adding(days: 3))
      number += 1
      if number > 10 { beginNextDay() }
      return true
    }

    private mutating func beginNextDay() {
      day = day.adding(days: 1)
      daysLeft -= 1
      state = 1
      number = 1
    }

    /// Adds words until there are 13 octets, of which the last may be a hyphen to be dropped.
    private mutating func appendWords(to name: inout DomainBuffer) {
      let daysSince1970 = UInt16(truncatingIfNeeded: day.daysSince1970)
      let product = factors.0 &* daysSince1970 &* factors.1 &* number
      var isNoun = true
      while name.count <= 12 {
        state = state &* product ^ factors.0
        let list = isNoun ? lists.nouns : lists.verbs
        list.append(Int(state) % list.count, to: &name)
        if state & 1 == 1 { name.append(UInt8(ascii: "-")) }
        isNoun.toggle()
      }
      if name[name.count - 1] == UInt8(ascii: "-") { name.truncate(to: name.count - 1) }
    }
  }
}
