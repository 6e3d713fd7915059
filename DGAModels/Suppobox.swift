import DGAKit

/// Suppobox: two words put together, chosen by fifteen shuffled bits of a 512-second counter.
///
/// Seed parameters: `words`, the word list's file; each has 128 first and 256 second words.
struct Suppobox: DGAModel {
  static let metadata = ModelMetadata(
    family: "suppobox", aliases: ["pizd"], malpedia: "win.suppobox",
    trust: .high,
    check: "All 85 published names of each word list, at the counters they belong to;"
      + " ru_net: 13 of 13 names with times in 360netlab/DGA issue 29.",
    variants: [
      VariantInfo(
        kind: .wordlist, period: .seconds(512), clock: .utc, namesPerPeriod: .exactly(85),
        topLevelDomains: ["net"], wordLists: pins),
      VariantInfo(
        name: "ru_net", kind: .wordlist, period: .seconds(512), clock: .utc,
        namesPerPeriod: .exactly(614), topLevelDomains: ["ru", "net"], wordLists: pins,
        notes: "Every fifth counter value gives the name under .ru and then under .net."),
    ],
    references: [
      "https://github.com/baderj/domain_generation_algorithms (suppobox)",
      "https://github.com/360netlab/DGA/issues/29",
    ],
    notes: "A day takes 253 or 254 lists, each shifted by one name: validity is set per name."
      + " Names come back after 32,768 counter values (194 days).")

  private static let pins = [
    WordListPin(
      file: "suppobox-words1.txt",
      sha256: "6c2724fa338914dad8b32884d86e7954f12300e93bd31710fd48f103e9cc082b"),
    WordListPin(
      file: "suppobox-words2.txt",
      sha256: "5d37d69478bdeb5f102f21d18b4afa055b904312ee29cf6c4557da30cf08bef6"),
    WordListPin(
      file: "suppobox-words3.txt",
      sha256: "cb241aa7aa1e20c22fc7750b046032cbabe16077a0988a63802aadb79883f436"),
  ]

  static let seeds = listed("", "baderj") + listed("ru_net", "360netlab/DGA#29")

  private static func listed(_ variant: String, _ reference: String) -> [Seed] {
    (1...3).map { number in
      Seed(
        variant: variant, label: "words\(number)",
        parameters: ["words": .text("suppobox-words\(number).txt")], reference: reference)
    }
  }

  static let knownAnswers = [
    KnownAnswer(
      seed: "words1", at: "2016-11-05T18:30:00Z", count: 85, first: "oftensister.net",
      middle: "thickvalley.net", last: "rathershout.net"),
    KnownAnswer(
      seed: "words1", at: "2024-02-29", count: 85, first: "winterdifference.net",
      middle: "buildingvalue.net", last: "strengthalmost.net"),
    KnownAnswer(
      seed: "words1", at: "2026-11-23", count: 85, first: "husbanduntil.net",
      middle: "throughabove.net", last: "hearddollar.net"),
    KnownAnswer(
      seed: "words2", at: "2026-11-23", count: 85, first: "triedworld.net",
      middle: "mostenjoy.net", last: "signfirst.net"),
    KnownAnswer(
      seed: "words3", at: "2026-11-23T13:37:00Z", count: 85, first: "harriettepleasance.net",
      middle: "maybellinegloriana.net", last: "magdaleneelisabeth.net"),
    KnownAnswer(
      variant: "ru_net", seed: "words1", at: "2016-11-05T18:30:00Z", count: 614,
      first: "oftensister.net", middle: "riddennotice.net", last: "belonglaughter.net"),
    KnownAnswer(
      variant: "ru_net", seed: "words1", at: "2024-02-29", count: 614,
      first: "winterdifference.net", middle: "fellowstrike.net", last: "doubleperfect.net"),
    KnownAnswer(
      variant: "ru_net", seed: "words1", at: "2026-11-23", count: 614, first: "husbanduntil.ru",
      middle: "degreewagon.net", last: "returncompany.net"),
    KnownAnswer(
      variant: "ru_net", seed: "words2", at: "2026-11-23", count: 614, first: "triedworld.ru",
      middle: "knowiron.net", last: "wifelend.net"),
    KnownAnswer(
      variant: "ru_net", seed: "words3", at: "2026-11-23T13:37:00Z", count: 614,
      first: "harriettepleasance.ru", middle: "brooklynnkristina.net",
      last: "georgeannatennyson.net"),
  ]

  private let hasRussianNames: Bool
  private let words: WordList
  private let suffixes = Suffixes(["net", "ru"])

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    hasRussianNames = seed.variant == "ru_net"
    let file = try seed.text("words")
    guard let pin = Suppobox.pins.first(where: { $0.file == file }) else {
      throw .invalidParameter(
        seed: seed.label, parameter: "words", problem: "\(file) is not a list of this family")
    }
    words = try resources.words(of: pin)
    guard words.count >= 384 else {
      throw .invalidParameter(
        seed: seed.label, parameter: "words", problem: "has fewer than 384 words")
    }
  }

  func period(containing instant: Instant) -> Period {
    .block(ofSeconds: 512, containing: instant)
  }

  func names(at instant: Instant) -> Names {
    Names(
      counter: instant.unixSeconds >> 9, hasRussianNames: hasRussianNames,
      words: words, suffixes: suffixes)
  }

  struct Names: NameGenerator {
    private var counter: Int64
    private let hasRussianNames: Bool
    private let words: WordList
    private let suffixes: Suffixes
    private var left: Int
    private var isSecond = false

    fileprivate init(
      counter: Int64, hasRussianNames: Bool, words: WordList, suffixes: Suffixes
    ) {
      self.counter = counter
      self.hasRussianNames = hasRussianNames
      self.words = words
      self.suffixes = suffixes
      left = hasRussianNames ? 614 : 85
    }

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard left > 0 else { return false }
      left -= 1
      let bits = Int(shuffled(counter))
      name.removeAll()
      words.append(bits >> 8, to: &name)
      words.append(128 + bits & 0xFF, to: &name)
      let isRussian = hasRussianNames && !isSecond && counter % 5 == 0
      suffixes.append(isRussian ? 1 : 0, to: &name)
      name.validity = Period(
        start: start(ofList: counter - reach(back: isRussian)), end: start(ofList: counter + 1))
      isSecond = isRussian
      if !isRussian { counter += 1 }
      return true
    }

    private func start(ofList counter: Int64) -> Instant {
      Instant(unixSeconds: counter << 9)
    }

    /// How many lists before the counter's own the present name is in.
    ///
    /// A list from `counter - back` on has the name at ordinal `back` plus one for each fifth
    /// counter value it passed.
    private func reach(back isRussian: Bool) -> Int64 {
      guard hasRussianNames else { return 84 }
      let own: Int64 = !isRussian && counter % 5 == 0 ? 1 : 0
      var back: Int64 = 511
      while back + own + fifths(in: counter - back) > 613 { back -= 1 }
      while back + 1 + own + fifths(in: counter - back - 1) <= 613 { back += 1 }
      return back
    }

    /// The multiples of 5 from `first` up to, not including, the counter (counters are positive).
    private func fifths(in first: Int64) -> Int64 {
      (counter + 4) / 5 - (first + 4) / 5
    }
  }
}

/// Where each of the counter's bits, lowest first, goes among bits counted from the highest.
private let places: InlineArray<15, UInt16> = [3, 9, 13, 6, 2, 4, 11, 7, 14, 1, 10, 5, 8, 12, 0]

/// The counter's low 15 bits in the malware's order: 7 for the first word, 8 for the second.
private func shuffled(_ counter: Int64) -> UInt16 {
  var result: UInt16 = 0
  for bit in 0..<15 where counter >> Int64(bit) & 1 == 1 {
    result |= 1 &<< (14 &- places[bit])
  }
  return result
}
