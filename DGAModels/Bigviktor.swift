import DGAKit

/// BigViktor: verb, adjective and noun drawn by a xorshift generator, seeded by the month's name.
///
/// Seed parameters: none.
struct Bigviktor: DGAModel {
  static let metadata = ModelMetadata(
    family: "bigviktor", malpedia: "elf.bigviktor", trust: .high,
    check: "The first ten names of 2020-07 equal those of 360netlab/DGA#55.",
    variants: [
      VariantInfo(
        kind: .wordlist, period: .month, clock: .local, namesPerPeriod: .exactly(1_000),
        topLevelDomains: suffixes, wordLists: [prefixes, verbs, adjectives, nouns])
    ],
    references: [
      "https://github.com/360netlab/DGA/issues/55",
      "https://github.com/360netlab/DGA (code/bigviktor)",
    ],
    notes: "One name in five has a label such as www2 or mail in front.")

  private static let suffixes = [
    "art", "click", "club", "com", "fans", "futbol", "in", "info", "link", "net", "nl", "observer",
    "one", "org", "pictures", "realty", "rocks", "tel", "top", "xyz",
  ]

  private static let prefixes = WordListPin(
    file: "bigviktor-prefix.txt",
    sha256: "6829228d14a21eb9b42d301b1b2eda48012716b933c892c2ca5277c66de2ec86")
  private static let verbs = WordListPin(
    file: "bigviktor-verbs.txt",
    sha256: "aef9e69c40e190905a487857f99709e8cf430a8e80705c9ac715cf614b8efbf1")
  private static let adjectives = WordListPin(
    file: "bigviktor-adjs.txt",
    sha256: "5a794f0757a054a71bac2446cd495b6f6eb1d06ea326b47e5a7bcbdc1754f1e2")
  private static let nouns = WordListPin(
    file: "bigviktor-nouns.txt",
    sha256: "3ef73fce56f7b2551ddc4d4604ce01ffce7e5d597a75afa578caaef853b9576d")

  static let seeds = [Seed(label: "default", reference: "360netlab/DGA#55")]

  static let knownAnswers = [
    KnownAnswer(
      seed: "default", at: "2020-07-15", count: 1_000, first: "decidefresh-county.in",
      middle: "look-small-image.org", last: "holdasleepstructure.observer"),
    KnownAnswer(
      seed: "default", at: "2024-02-29", count: 1_000, first: "addlong-list.link",
      middle: "keepthesetoday.observer", last: "trytruesite.futbol"),
    KnownAnswer(
      seed: "default", at: "2026-11-23", count: 1_000, first: "passappropriate-psychology.top",
      middle: "spend-openjunior.club", last: "make-strangecoast.click"),
  ]

  private let words: Words

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    words = Words(
      prefixes: try resources.words(of: Bigviktor.prefixes),
      verbs: try resources.words(of: Bigviktor.verbs),
      adjectives: try resources.words(of: Bigviktor.adjectives),
      nouns: try resources.words(of: Bigviktor.nouns),
      suffixes: Suffixes(Bigviktor.suffixes))
  }

  func period(containing instant: Instant) -> Period { .month(containing: instant) }

  func names(at instant: Instant) -> Names {
    let today = instant.calendarDay
    let digits = String(today.year)
    let year = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    let text = "\(EnglishNames.month(today.month, letters: 3)) \(year) 00:00"
    return Names(state: SHA256.hash(Array(text.utf8)).words[0], words: words)
  }

  struct Names: NameGenerator {
    fileprivate var state: UInt32
    fileprivate let words: Words
    fileprivate var left = 1_000

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard left > 0 else { return false }
      left -= 1
      name.removeAll()
      if draw(5) == 0 {
        words.prefixes.append(draw(words.prefixes.count), to: &name)
        name.append(UInt8(ascii: "."))
      }
      words.verbs.append(draw(words.verbs.count), to: &name)
      appendPossibleHyphen(to: &name)
      words.adjectives.append(draw(words.adjectives.count), to: &name)
      appendPossibleHyphen(to: &name)
      words.nouns.append(draw(words.nouns.count), to: &name)
      words.suffixes.append(draw(words.suffixes.count), to: &name)
      return true
    }

    private mutating func appendPossibleHyphen(to name: inout DomainBuffer) {
      if draw(10) <= 1 { name.append(UInt8(ascii: "-")) }
    }

    /// Marsaglia's xorshift with the distances 13, 17 and 5.
    private mutating func draw(_ bound: Int) -> Int {
      state ^= state &<< 13
      state ^= state &>> 17
      state ^= state &<< 5
      return Int(state % UInt32(truncatingIfNeeded: bound))
    }
  }
}

private struct Words {
  let prefixes: WordList
  let verbs: WordList
  let adjectives: WordList
  let nouns: WordList
  let suffixes: Suffixes
}
