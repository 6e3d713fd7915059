import DGAKit

/// Gozi (Ursnif): words of a public text, whole or halved, until the label is long enough.
///
/// Seed parameters: `words` (the word list's file), `days` (how long a list lasts), `tld`.
struct Gozi: DGAModel {
  static let metadata = ModelMetadata(
    family: "gozi", aliases: ["Ursnif", "Snifula", "Papras", "ISFB"], malpedia: "win.gozi",
    trust: .medium,
    check: "The list for luther on 2016-03-31 published with the script, and runs of the script"
      + " for all four texts; names of other campaigns are known, but not their texts.",
    variants: [
      VariantInfo(
        kind: .wordlist, period: .other("3, 4 or 5 days from 2015-01-01, by seed"),
        clock: .unstated, namesPerPeriod: .exactly(12), topLevelDomains: ["com", "ru"],
        wordLists: pins)
    ],
    references: ["https://github.com/baderj/domain_generation_algorithms (gozi)"],
    notes: "The malware downloads the text: the lists are its words at the time of the analysis."
      + " Periods: rfc4343 3 days, luther 4, nasa and gpl 5.")

  private static let pins = [
    WordListPin(
      file: "gozi-luther.txt",
      sha256: "8ab0ff72927b3d65d5700f4934e70cb3df428cdd64343c2cd654710cc8116117"),
    WordListPin(
      file: "gozi-rfc4343.txt",
      sha256: "732072cf91deb55538130f2e2008a834871d71a63a288609e4a4668d17365d5b"),
    WordListPin(
      file: "gozi-nasa.txt",
      sha256: "56d1bdfe282baa842706184187ea1ddc41d7e809ec1dc6173821af7a1033f910"),
    WordListPin(
      file: "gozi-gpl.txt",
      sha256: "0b8b7393d74f7157e4c9a09dd128dfc8ace34554dce80d2bfffd1ed60d77f1df"),
  ]

  static let seeds = [
    seed("luther", days: 4, tld: "com"), seed("rfc4343", days: 3, tld: "com"),
    seed("nasa", days: 5, tld: "com"), seed("gpl", days: 5, tld: "ru"),
  ]

  private static func seed(_ label: String, days: Int64, tld: String) -> Seed {
    Seed(
      label: label,
      parameters: [
        "words": .text("gozi-\(label).txt"), "days": .integer(days), "tld": .text(tld),
      ],
      reference: "baderj")
  }

  static let knownAnswers = [
    KnownAnswer(
      seed: "luther", at: "2016-03-31", count: 12, first: "quodpresidentemaxsagit.com",
      middle: "svivacpecunias.com", last: "christianaenimdocent.com"),
    KnownAnswer(
      seed: "luther", at: "2024-02-29", count: 12, first: "sedcarnismagislongiusnec.com",
      middle: "daprobblasppextollere.com", last: "virisomniaconfidant.com"),
    KnownAnswer(
      seed: "luther", at: "2026-11-23", count: 12, first: "campanisedificari.com",
      middle: "pecugratiamsuntlibrary.com", last: "quiquodforpenasquod.com"),
    KnownAnswer(
      seed: "rfc4343", at: "2024-02-29", count: 12, first: "valuesmultipledomescaddr.com",
      middle: "desthendnscasestanspong.com", last: "pohasasciimdiffering.com"),
    KnownAnswer(
      seed: "rfc4343", at: "2026-11-23", count: 12, first: "namesforthedefined.com",
      middle: "naperlesstreereferences.com", last: "cainsensitivity.com"),
    KnownAnswer(
      seed: "nasa", at: "2024-02-29", count: 12, first: "technicalwillavaiplutoth.com",
      middle: "officecosteuropahgained.com", last: "missiondevelopmentpluto.com"),
    KnownAnswer(
      seed: "nasa", at: "2026-11-23", count: 12, first: "theapproachameritpla.com",
      middle: "opportunityorghtmunder.com", last: "solthebeenouterweiler.com"),
    KnownAnswer(
      seed: "gpl", at: "2024-02-29", count: 12, first: "thekeepadomainslicenseex.ru",
      middle: "intactaddintentionworkne.ru", last: "usyauthorandththe.ru"),
    KnownAnswer(
      seed: "gpl", at: "2026-11-23", count: 12, first: "andworkshoprominently.ru",
      middle: "additionalthepublic.ru", last: "thcopyrighthas.ru"),
  ]

  /// 2015-01-01, from which the periods are counted.
  private static let origin = Instant(unixSeconds: 1_420_070_400)

  private let words: WordList
  private let secondsPerPeriod: Int64
  private let suffix: Suffixes

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    let file = try seed.text("words")
    guard let pin = Gozi.pins.first(where: { $0.file == file }) else {
      throw .invalidParameter(
        seed: seed.label, parameter: "words", problem: "\(file) is not a list of this family")
    }
    secondsPerPeriod = try seed.integer("days", in: 1...366) * Instant.secondsPerDay
    suffix = Suffixes([try seed.text("tld")])
    words = try resources.words(of: pin)
  }

  func period(containing instant: Instant) -> Period {
    .block(ofSeconds: secondsPerPeriod, containing: instant, origin: Gozi.origin)
  }

  func names(at instant: Instant) -> Names {
    let start = period(containing: instant).start
    let number = (start.unixSeconds - Gozi.origin.unixSeconds) / secondsPerPeriod
    let seed = UInt32(truncatingIfNeeded: number + 0x1_0000 - 306_607_824)
    return Names(words: words, suffix: suffix, random: .numericalRecipes(seed: seed))
  }

  struct Names: NameGenerator {
    fileprivate let words: WordList
    fileprivate let suffix: Suffixes
    fileprivate var random: LinearCongruential32
    fileprivate var left = 12

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard left > 0 else { return false }
      left -= 1
      name.removeAll()
      // The malware draws a number for each name that it does not use.
      _ = random.next()
      let length = Int(random.next() % 12) + 12
      while name.count < length { appendWord(to: &name) }
      suffix.append(0, to: &name)
      return true
    }

    /// Adds a word or, in one of three cases, its first half; leaves it out past 24 letters.
    private mutating func appendWord(to name: inout DomainBuffer) {
      let start = name.count
      let position = random.next() % UInt32(truncatingIfNeeded: words.count)
      words.append(Int(position), to: &name)
      var length = name.count - start
      if random.next() % 3 == 0 { length /= 2 }
      name.truncate(to: start + length <= 24 ? start + length : start)
    }
  }
}
