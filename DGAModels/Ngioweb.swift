import DGAKit

/// Ngioweb: one to three made-up words of a prefix, vowels and consonants in turn, and an ending.
///
/// Seed parameters: `seed` (32 bits); `count`.
struct Ngioweb: DGAModel {
  static let metadata = ModelMetadata(
    family: "ngioweb", malpedia: "elf.ngioweb", trust: .high,
    check: "46 of the 300 names 360netlab lists for seed 5397FB1 (the first 15 and the last 6 among"
      + " them), in its order; they sinkholed the first. The 1,024 names of seed 56EDC15"
      + " published with the script; the other seeds with runs of it.",
    variants: [
      VariantInfo(
        kind: .wordlist, period: .none, clock: .none, namesPerPeriod: .exactly(1_024),
        topLevelDomains: suffixes, order: .listed,
        notes: "The sample with seed 5397FB1 starts again after 300 names, one every 73 seconds."
          + " The number of names is that of the published list.")
    ],
    references: [
      "https://blog.netlab.360.com/an-analysis-of-linux-ngioweb-botnet-en/",
      "https://blog.netlab.360.com/linux-ngioweb-v2-going-after-iot-devices-en/",
      "https://github.com/baderj/domain_generation_algorithms (ngioweb)",
    ])

  private static let suffixes = ["net", "info", "com", "biz", "org", "name"]

  static let seeds = [
    seed("5397FB1", 0x0539_7FB1, "360netlab, an-analysis-of-linux-ngioweb-botnet"),
    seed("56EDC15", 0x056E_DC15, "baderj, sample with MD5 2838cd03b6c0a414c8edb4d4a333ff94"),
    seed("01275c63", 0x0127_5C63, "360netlab, linux-ngioweb-v2"),
    seed("04bc65bc", 0x04BC_65BC, "360netlab, linux-ngioweb-v2"),
    seed("00375d5a", 0x0037_5D5A, "360netlab, linux-ngioweb-v2"),
  ]

  private static func seed(_ label: String, _ number: Int64, _ reference: String) -> Seed {
    Seed(label: label, parameters: ["seed": .integer(number)], reference: reference)
  }

  static let knownAnswers = [
    KnownAnswer(
      seed: "5397FB1", count: 1_024, first: "enutofish-pronadimoful-multihitision.org",
      middle: "disohalian-unuzopish.name", last: "underobedoment-enafavufish-resezaced.net"),
    KnownAnswer(
      seed: "56EDC15", count: 1_024, first: "minihileth-subatudofy.org",
      middle: "microzofuxetion.name", last: "ultraxupoship.org"),
    KnownAnswer(
      seed: "01275c63", count: 1_024, first: "overobozikish-semipezavution-interigupant.com",
      middle: "interalekubant-nonohebehood.org", last: "overulicance-unaduhufy-misuduxor.name"),
    KnownAnswer(
      seed: "04bc65bc", count: 1_024, first: "unazehuth.net", middle: "ematugebal.info",
      last: "conevasancy-interisopetant.com"),
    KnownAnswer(
      seed: "00375d5a", count: 1_024, first: "monorocakic.com", middle: "ineluzocish.com",
      last: "prepevation-postebixish-probunedom.info"),
  ]

  private var seed: UInt32
  private let count: Int
  private let suffixes = Suffixes(Ngioweb.suffixes)
  private let syllables = Syllables()

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    self.seed = try seed.uint32("seed")
    count = try seed.count(default: 1_024)
  }

  func period(containing instant: Instant) -> Period { .always }

  func names(at instant: Instant) -> Names {
    Names(syllables: syllables, suffixes: suffixes, random: .ansiC(seed: seed), left: count)
  }

  struct Names: NameGenerator {
    fileprivate let syllables: Syllables
    fileprivate let suffixes: Suffixes
    fileprivate var random: LinearCongruential32
    fileprivate var left: Int

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard left > 0 else { return false }
      left -= 1
      name.removeAll()
      appendWord(to: &name)
      return true
    }

    private mutating func appendWord(to name: inout DomainBuffer) {
      let last = draw(below: 3)
      for number in 0...last {
        appendPart(to: &name)
        if number < last { name.append(UInt8(ascii: "-")) }
      }
      suffixes.append(draw(below: 6), to: &name)
    }

    private mutating func appendPart(to name: inout DomainBuffer) {
      syllables.prefixes.append(draw(below: 30), to: &name)
      var isVowelNext = !name.endsInVowel
      for _ in 0..<draw(below: 3) + 4 {
        name.append(isVowelNext ? vowels[draw(below: 5)] : consonants[draw(below: 17)])
        isVowelNext.toggle()
      }
      if name.endsInVowel {
        syllables.endingsAfterVowel.append(draw(below: 16), to: &name)
      } else {
        syllables.endingsAfterConsonant.append(draw(below: 35), to: &name)
      }
    }

    private mutating func draw(below bound: UInt32) -> Int {
      Int(random.next() % bound)
    }
  }
}

extension DomainBuffer {
  fileprivate var endsInVowel: Bool {
    switch self[count - 1] {
    case UInt8(ascii: "a"), UInt8(ascii: "e"), UInt8(ascii: "i"), UInt8(ascii: "o"),
      UInt8(ascii: "u"):
      true
    default: false
    }
  }
}

// MARK: - Syllables

private let vowels: InlineArray<5, UInt8> = octets("aeiou")
private let consonants: InlineArray<17, UInt8> = octets("bcdfghklmnprstvxz")

private func octets<let size: Int>(_ text: String) -> InlineArray<size, UInt8> {
  let octets = Array(text.utf8)
  return InlineArray { octets[$0] }
}

/// The malware's own tables; some endings stand in them twice.
private struct Syllables {
  let prefixes = WordList([
    "un", "under", "re", "in", "im", "il", "ir", "en", "em", "over", "mis", "dis", "pre", "post",
    "anti", "inter", "sub", "ultra", "non", "de", "pro", "trans", "ex", "macro", "micro", "mini",
    "mono", "multi", "semi", "co",
  ])
  let endingsAfterConsonant = WordList([
    "able", "ant", "ate", "age", "ance", "ancy", "an", "ary", "al", "en", "ency", "er", "etn",
    "ed", "ese", "ern", "ize", "ify", "ing", "ish", "ity", "ion", "ian", "ism", "ist", "ic",
    "ical", "ible", "ive", "ite", "ish", "ian", "or", "ous", "ure",
  ])
  let endingsAfterVowel = WordList([
    "dom", "hood", "less", "like", "ly", "fy", "ful", "ness", "ment", "sion", "ssion", "ship",
    "ty", "th", "tion", "ward",
  ])
}

extension Ngioweb: SearchableModel {
  static let searchSpaces = ["": SearchSpace("seed", sufficientDepth: 1)]

  mutating func setSearchedValue(_ value: UInt32) { seed = value }
}
