import DGAKit

/// BazarBackdoor (BazarLoader): all combinations of a few letters or pairs of letters for each place,
/// which month and year choose.
///
/// Seed parameters (v2 to v7 and buggy2): `pool`, pairs of letters, at least 60 of them.
struct Bazarbackdoor: DGAModel {
  static let metadata = ModelMetadata(
    family: "bazarbackdoor", aliases: ["BazarLoader", "Team9Backdoor"],
    malpedia: "win.bazarbackdoor", trust: .high,
    check: "The script's lists of December 2021 are reproduced, and 326 of 352 single names under"
      + " .bazar that Maltrail collected; 24 of the others are words, two like nothing here.",
    variants: [
      variant("v2", .exactly(12_996), order: .random),
      variant(
        "v3", .exactly(31_768), trust: .medium, check: likeOther("v5"),
        notes: "Ranges of the third pair overlap from year to year."),
      variant(
        "v4", .exactly(31_768), period: .other("month; June to September are one"),
        trust: .medium, check: likeOther("buggy2"),
        notes: shortPool("shorter names, each 19 times")),
      variant("v5", .exactly(5_776), order: .random),
      variant(
        "v6", .exactly(5_776), period: .other("month; July to September are one"), order: .random,
        notes: "Samples of v6 and v7 ask for the same 115 places of the list, spread evenly. "
          + shortPool("shorter names, many of them repeated")),
      variant("v7", .exactly(5_776), order: .random),
      variant("beta", .exactly(2_160)),
      variant(
        "buggy", .exactly(55_125), suffix: "bazaar", trust: .medium,
        check: "The script's list of December 2021 is reproduced.",
        notes: "Names with ] ^ _ and ` are no host names, but are asked for."),
      variant(
        "buggy2", .between(304, 5_776), period: .other("month; July to September are one"),
        trust: .medium,
        check: "The script's output, and a list of May 2021 somebody published, are reproduced.",
        notes: "The source gives a set: sorted by octets here. "
          + shortPool("names with ?, which stands for what is not known")),
    ],
    references: [
      "https://johannesbader.ch/blog/the-dga-of-bazarbackdoor/",
      "https://johannesbader.ch/blog/the-buggy-dga-of-bazarbackdoor/",
      "https://johannesbader.ch/blog/yet-another-bazarloader-dga/",
      "https://github.com/baderj/domain_generation_algorithms (bazarbackdoor)",
      "https://github.com/stamparm/maltrail (trails/static/malware/bazarloader.txt)",
    ],
    notes: "Names are under .bazar, a zone of EmerDNS that the public root does not have; those of"
      + " buggy are under .bazaar.")

  private static func variant(
    _ name: String, _ count: NameCount, period: PeriodKind = .month, suffix: String = "bazar",
    order: WalkOrder = .unknown, trust: ModelMetadata.Trust? = nil, check: String? = nil,
    notes: String = ""
  ) -> VariantInfo {
    VariantInfo(
      name: name, kind: .permutation, period: period, clock: .unstated, namesPerPeriod: count,
      topLevelDomains: [suffix], order: order, trust: trust, check: check, notes: notes)
  }

  private static func likeOther(_ variant: String) -> String {
    "The script's list of December 2021 is reproduced; names from samples that agree are those of"
      + " \(variant) too."
  }

  private static func shortPool(_ effect: String) -> String {
    "The published pool is too short for June to September: there the lists are the script's, with"
      + " \(effect); the malware would read on behind its pool."
  }

  static let seeds = [
    pooled("v2", firstPool), pooled("v3", firstPool),
    pooled("v4", String(secondPool.prefix(228))), pooled("v5", firstPool),
    pooled("v6", thirdPool), pooled("v7", fourthPool),
    Seed(variant: "beta", label: "beta", reference: "baderj"),
    Seed(variant: "buggy", label: "buggy", reference: "baderj"), pooled("buggy2", secondPool),
  ]

  private static func pooled(_ variant: String, _ pool: String) -> Seed {
    Seed(
      variant: variant, label: variant, parameters: ["pool": .text(pool)], reference: "baderj")
  }

  static let knownAnswers = [
    answer("v2", "2021-12-31", 12_996, "extionom", "ucoselom", "biyxsoid"),
    answer("v2", "2024-02-29", 12_996, "qetionaq", "wyoselaq", "cuyxsotu"),
    answer("v2", "2026-11-23", 12_996, "exexonfu", "ucucelfu", "bibisoeb"),
    answer("v3", "2021-12-31", 31_768, "extiekyw", "ucosexyw", "biyxtued"),
    answer("v3", "2024-02-29", 31_768, "qetiekud", "wyosexud", "cuyxtuex"),
    answer("v3", "2026-11-23", 31_768, "exexekaq", "ucucexaq", "bibituiz"),
    answer("v4", "2021-12-31", 31_768, "extiekyw", "piosexyw", "ulyxtuvi"),
    answer("v4", "2024-02-29", 31_768, "yztiekud", "wyosexud", "yryxtuex"),
    answer("v4", "2025-07-06", 31_768, "yzekvu", "wyexvu", "yrtuse"),
    answer("v4", "2026-11-23", 31_768, "exexekwe", "pipiexwe", "ulultuiz"),
    answer("v5", "2021-12-31", 5_776, "extiekyw", "ucosuhyw", "biyxided"),
    answer("v5", "2024-02-29", 5_776, "qetiekud", "wyosuhud", "cuyxidex"),
    answer("v5", "2026-11-23", 5_776, "exexekaq", "ucucuhaq", "bibiidiz"),
    answer("v6", "2021-12-31", 5_776, "avevreiz", "kuxoxyiz", "ixlyuzvu"),
    answer("v6", "2024-02-29", 5_776, "xeevrear", "onxoxyar", "nylyuzav"),
    answer("v6", "2025-06-30", 5_776, "xezirery", "ontoxyry", "nyuzva"),
    answer("v6", "2025-07-06", 5_776, "xerery", "onxyry", "nyuzva"),
    answer("v6", "2026-11-23", 5_776, "avavrezy", "kukuxyzy", "ixixuzos"),
    answer("v7", "2021-12-31", 5_776, "ysogekiz", "kufyxyiz", "ixbeusvu"),
    answer("v7", "2024-02-29", 5_776, "xeogekde", "iffyxyde", "ubbeusys"),
    answer("v7", "2026-11-23", 5_776, "ysysekik", "kukuxyik", "ixixusgi"),
    answer("beta", "2021-12-31", 2_160, "acegikacggin", "ceegikceggin", "efhikmefjikp"),
    answer("beta", "2024-02-29", 2_160, "acegikbcggiq", "ceegikdeggiq", "efhikmffjiks"),
    answer("beta", "2026-11-23", 2_160, "acegikadggis", "ceegikcfggis", "efhikmegjiku"),
    answer("buggy", "2021-12-31", 55_125, "]`begizzdegl", "acegikacggin", "efhikmefjikp"),
    answer("buggy", "2024-02-29", 55_125, "]`begizzdego", "acegikbcggiq", "efhikmffjiks"),
    answer("buggy", "2026-11-23", 55_125, "]`begizadegq", "acegikadggis", "efhikmegjiku"),
    answer("buggy2", "2024-02-29", 5_776, "avazavex", "sorowyex", "yzyxygyr"),
    answer("buggy2", "2025-06-30", 4_256, "av??avam", "sovaavam", "yzzyygvu"),
    answer("buggy2", "2025-07-06", 304, "av??avam", "so??wyam", "yz??ygvu"),
    answer("buggy2", "2026-11-23", 5_776, "amamaves", "pipiwyes", "zezeygwe"),
  ]

  private static func answer(
    _ variant: String, _ date: String, _ count: Int, _ first: String, _ middle: String,
    _ last: String
  ) -> KnownAnswer {
    let suffix = variant == "buggy" ? ".bazaar" : ".bazar"
    return KnownAnswer(
      variant: variant, seed: variant, at: date, count: count, first: first + suffix,
      middle: middle + suffix, last: last + suffix)
  }

  private let scheme: Scheme
  private let suffixes: Suffixes

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    switch seed.variant {
    case "beta": scheme = .letters(lettersOfBeta)
    case "buggy": scheme = .letters(lettersOfBuggy)
    default:
      let pool = try Bazarbackdoor.pool(of: seed)
      scheme = .pairs(PairScheme(variant: seed.variant, pool: pool))
    }
    suffixes = Suffixes([seed.variant == "buggy" ? "bazaar" : "bazar"])
  }

  private static func pool(of seed: Seed) throws(ModelError) -> [Piece] {
    let octets = Array(try seed.text("pool").utf8)
    let isLetter: (UInt8) -> Bool = { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
    // The year's last digit reaches up to pair 59: with fewer, a name could be empty.
    guard octets.count >= 120, octets.count.isMultiple(of: 2), octets.allSatisfy(isLetter) else {
      throw .invalidParameter(
        seed: seed.label, parameter: "pool",
        problem: "is not 60 or more pairs of lower case letters")
    }
    return stride(from: 0, to: octets.count, by: 2).map { Piece(octets[$0], octets[$0 + 1]) }
  }

  func period(containing instant: Instant) -> Period {
    // Where the pool is too short, neighbouring months have the same list.
    let today = instant.calendarDay
    let own = wheels(year: today.year, month: today.month)
    var first = today.month
    while first > 1, wheels(year: today.year, month: first - 1) == own { first -= 1 }
    var last = today.month
    while last < 12, wheels(year: today.year, month: last + 1) == own { last += 1 }
    let end = CalendarDay(
      year: last == 12 ? today.year + 1 : today.year, month: last == 12 ? 1 : last + 1, day: 1)
    return Period(
      start: Instant(CalendarDay(year: today.year, month: first, day: 1)), end: Instant(end))
  }

  func names(at instant: Instant) -> Names {
    let today = instant.calendarDay
    return Names(wheels: wheels(year: today.year, month: today.month), suffixes: suffixes)
  }

  private func wheels(year: Int, month: Int) -> Wheels {
    switch scheme {
    case .pairs(let pairs): pairs.wheels(year: year, month: month)
    case .letters(let letters): lettered(letters, year: year, month: month)
    }
  }

  struct Names: NameGenerator {
    private let wheels: Wheels
    private let suffixes: Suffixes
    /// Which piece each wheel shows.
    private var places: InlineArray<6, Int>
    private var isDone = false

    fileprivate init(wheels: Wheels, suffixes: Suffixes) {
      self.wheels = wheels
      self.suffixes = suffixes
      places = InlineArray(repeating: 0)
      for wheel in 0..<wheels.count { places[wheel] = wheels.starts[wheel] }
    }

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard !isDone else { return false }
      name.removeAll()
      if wheels.areHalvesApart {
        for wheel in 0..<wheels.count { name.append(wheels.pieces[places[wheel]].first) }
        for wheel in 0..<wheels.count { name.append(wheels.pieces[places[wheel]].second) }
      } else {
        for wheel in 0..<wheels.count { append(wheels.pieces[places[wheel]], to: &name) }
      }
      suffixes.append(0, to: &name)
      turn()
      return true
    }

    private func append(_ piece: Piece, to name: inout DomainBuffer) {
      guard piece != .nothing else { return }
      name.append(piece.first)
      name.append(piece.second)
    }

    /// Turns the last wheel on, and when it is through the one before it.
    private mutating func turn() {
      var wheel = wheels.count
      while wheel > 0 {
        wheel -= 1
        places[wheel] += 1
        guard places[wheel] == wheels.starts[wheel + 1] else { return }
        places[wheel] = wheels.starts[wheel]
      }
      isDone = true
    }
  }
}

// MARK: - Wheels

/// Two octets of a name.
private struct Piece: Comparable {
  var first: UInt8
  var second: UInt8

  init(_ first: UInt8, _ second: UInt8) {
    self.first = first
    self.second = second
  }

  /// What a pool that is too short has behind its end.
  static let nothing = Piece(0, 0)
  static let unknown = Piece(UInt8(ascii: "?"), UInt8(ascii: "?"))

  static func < (left: Piece, right: Piece) -> Bool {
    (left.first, left.second) < (right.first, right.second)
  }
}

/// What each place of a name can be: a list has every combination, the last place changing fastest.
private struct Wheels: Equatable {
  /// The pieces of all wheels, end to end.
  var pieces: [Piece] = []
  /// Where each wheel starts, and the end of the last.
  var starts = [0]
  /// Whether the first octets of all pieces come before all second ones.
  var areHalvesApart = false

  var count: Int { starts.count - 1 }

  mutating func append(_ wheel: [Piece]) {
    pieces += wheel
    starts.append(pieces.count)
  }
}

private enum Scheme {
  case pairs(PairScheme)
  case letters([[UInt8]])
}

/// Month and year written `mmyyyy`: each of four digits is a place in the pool.
private struct PairScheme {
  var pool: [Piece]
  /// How far apart the places of neighbouring digits of the year are.
  var yearStep = 4
  /// How many pairs the year's third digit allows; the fourth allows `yearStep`.
  var decadeWidth = 4
  var isSorted = false

  init(variant: String, pool: [Piece]) {
    self.pool = pool
    switch variant {
    case "v2": (yearStep, decadeWidth) = (6, 6)
    case "v3", "v4": decadeWidth = 22
    case "buggy2": isSorted = true
    default: break
    }
  }

  func wheels(year: Int, month: Int) -> Wheels {
    var wheels = Wheels()
    wheels.append(wheel(from: 19 * (month / 10), width: 19))
    wheels.append(wheel(from: 19 * (month % 10), width: 19))
    wheels.append(wheel(from: yearStep * (year / 10 % 10), width: decadeWidth))
    wheels.append(wheel(from: yearStep * (year % 10), width: yearStep))
    return wheels
  }

  private func wheel(from start: Int, width: Int) -> [Piece] {
    let end: Piece = isSorted ? .unknown : .nothing
    let pieces = (start..<start + width).map { $0 < pool.count ? pool[$0] : end }
    guard isSorted else { return pieces }
    // Names are equally long: sorted wheels without repeats make a sorted list without repeats.
    return pieces.sorted().reduce(into: []) { kept, piece in
      if kept.last != piece { kept.append(piece) }
    }
  }
}

/// Six letters, and each again, moved on by a digit of month and year (counted down and from 18).
private func lettered(_ letters: [[UInt8]], year: Int, month: Int) -> Wheels {
  var wheels = Wheels()
  wheels.areHalvesApart = true
  var digits = (12 - month) * 10_000 + (year + 9_982) % 10_000
  for choice in letters {
    let digit = UInt8(truncatingIfNeeded: digits / 100_000)
    digits = digits % 100_000 * 10
    wheels.append(choice.map { Piece($0, moved($0, by: digit)) })
  }
  return wheels
}

/// Only buggy has letters before `a`: those that stay there become `z`.
private func moved(_ letter: UInt8, by digit: UInt8) -> UInt8 {
  letter + digit < UInt8(ascii: "a") ? UInt8(ascii: "z") : letter + digit
}

// MARK: - Letters and pools

private let lettersOfBeta = ["abcde", "cdef", "efgh", "ghi", "ijk", "klm"].map { Array($0.utf8) }

private let lettersOfBuggy = ["]^_`abcde", "`abcdef", "bcdefgh", "efghi", "ghijk", "ijklm"]
  .map { Array($0.utf8) }

private let firstPool =
  "qeewcaacywemomedekwyuhidontoibeludsocuexvuuftyliaqydhuizuctuiqowagypetehfubitiaz"
  + "iceblaogolryykosuptaymodisahfiybyxcoleafkudarapuqoawyluxqagenanyoxcygyqugiutlyve"
  + "gahepovyigqyqibaeqynyfkiobpeepbyxaciyvusocaripfyoftesaysozureginalifkazaadytwuub"
  + "zuvoothymivazyyzhoevmeburedeviihiravygkemywaerdonoyryqloammoseweesuvfopiriboikuz"
  + "orruzemuulimyhceukoqiwfexuefgoycwiokitnuneroxepyanbekyixxiuqsiasxoapaxmaohezwoil"
  + "difaluzihipanizoecxyopguakdudyovhaumunuwsusyenkoatugabiv"

private let secondPool =
  "yzewevmeywreomviekwyavygontowaerudsoyrexvuamtyseweesuvizpituiqowuzoretzemuultiaz"
  + "icukoqiwolxuykosupwiymitisneroxeyxanlekyixxirasiasxoapuxqaohezwooxdigyquziutpave"
  + "zohexyvyguqyqidyovynumunuwsusyenxaatyvusivaripfyoftesaysozureginalifkazaadytwuub"
  + "zuvoothymivazy"

private let thirdPool =
  "xezeiwzuizpizovureonxyuzofezytpuarywnyavrysiovvazyratuoskumuatyzomnevexaqoixevke"
  + "uqoxuvutvipoymxoozwikonipysygotelyzayxnuunuwakquritaamugvyitimsuyrwyxuexaqtigyiv"
  + "ewqiydseawukhirufuwairkiiquxowihhyurotiluhvocywowumoyvupagduobaserroziqyenpahaxi"
  + "loazodtoishuax"

private let fourthPool =
  "xezenozuizpioqvuekifxyusofalytkadeibubysmyliylvaikultugikuuddoyqlanevebaqoixogic"
  + "uqebuvbuviehbofyefsokonihosygoynbeetwenuunuwohquritaamugvyitimfiyrelcoykaqqaacap"
  + "okcuydseumafedemfubyirahiquxegceaburotiluhvocywowumoyvupagduobaserroziqyenpahaxi"
  + "loazodtoishuaxbiufmifoiwesleyhzoyfreontyuzfaezkypuarywnyavrysiovyczyraciosgumuat"
  + "yzommeolxaeqdaevkepeoxsauteppoymxoozwiygucpyheectelyzayxybgaypakigluinmacageocid"
  + "suorwyxuexantigyivewqiadnaawukhirudywaqekidiipowihhyopfe"
