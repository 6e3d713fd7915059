import DGAKit

/// Proslikefan: letters out of Java-like hashes of a text with the date, in JavaScript.
///
/// Seed parameters: `magic` (start of the hashed text), `tlds` (each is hashed too), `rounds`
/// (names under each suffix).
struct Proslikefan: DGAModel {
  static let metadata = ModelMetadata(
    family: "proslikefan", aliases: ["JS/Proslikefan"], trust: .medium,
    check: "The 100 names of the repository's list for 2016-06-17 (prospect) and the 30 for"
      + " 2015-11-26 (OK-cc_co_eu): made by the scripts. No names of another party match yet.",
    variants: [
      VariantInfo(
        kind: .arithmetic, period: .day, clock: .unstated, namesPerPeriod: .between(30, 100),
        topLevelDomains: suffixes + ["cc", "co"])
    ],
    references: ["https://github.com/baderj/domain_generation_algorithms (proslikefan)"],
    notes: "Names of seed OK under eu are in the lists of both its suffix sets."
      + " OK-cc_co_eu was published as unnamed_javascript_dga first.")

  private static let suffixes = [
    "eu", "biz", "se", "info", "com", "net", "org", "ru", "in", "name",
  ]

  static let seeds = [
    seed("prospect", magic: "prospect", suffixes), seed("OK", magic: "OK", suffixes),
    seed("OK-cc_co_eu", magic: "OK", ["cc", "co", "eu"]),
  ]

  private static func seed(_ label: String, magic: String, _ suffixes: [String]) -> Seed {
    Seed(
      label: label, parameters: ["magic": .text(magic), "tlds": .list(suffixes)],
      reference: "baderj")
  }

  static let knownAnswers = [
    KnownAnswer(
      seed: "prospect", at: "2016-06-17", count: 100, first: "flarvcpk.eu", middle: "khhdvpf.eu",
      last: "opdzzfh.name"),
    KnownAnswer(
      seed: "prospect", at: "2024-02-29", count: 100, first: "ojarha.eu", middle: "jsknia.eu",
      last: "rwxwthg.name"),
    KnownAnswer(
      seed: "prospect", at: "2026-11-23", count: 100, first: "udpymx.eu",
      middle: "unkwvjhxd.eu", last: "srckkufwbb.name"),
    KnownAnswer(
      seed: "OK", at: "2024-02-29", count: 100, first: "icywlnj.eu", middle: "isiwkxgx.eu",
      last: "sanxyvz.name"),
    KnownAnswer(
      seed: "OK-cc_co_eu", at: "2015-11-26", count: 30, first: "rxxeqcoy.cc",
      middle: "wfxspste.cc", last: "ggfxhbte.eu"),
  ]

  private var magic: ScriptHash
  private let endings: [ScriptHash]
  private let suffixes: Suffixes
  private let count: Int

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    magic = ScriptHash(try seed.text("magic"))
    let texts = try seed.list("tlds", default: Proslikefan.suffixes)
    endings = texts.map { ScriptHash(String($0.drop { $0 == "." })) }
    suffixes = Suffixes(texts)
    let limit = max(1, Seed.maximumCount / Int64(texts.count))
    count = texts.count * Int(try seed.integer("rounds", in: 1...limit, default: 10))
  }

  func period(containing instant: Instant) -> Period { .day(containing: instant) }

  func names(at instant: Instant) -> Names {
    let today = instant.calendarDay
    var text = magic
    text.append(field: today.month)
    text.append(field: today.day)
    text.append(field: today.year)
    text.append(UInt8(ascii: "."))
    return Names(text: text, endings: endings, suffixes: suffixes, count: count)
  }

  struct Names: NameGenerator {
    /// The hash of the text but for the suffix.
    private let text: ScriptHash
    private let endings: [ScriptHash]
    private let suffixes: Suffixes
    private let count: Int
    private var index = 0

    fileprivate init(text: ScriptHash, endings: [ScriptHash], suffixes: Suffixes, count: Int) {
      self.text = text
      self.endings = endings
      self.suffixes = suffixes
      self.count = count
    }

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard index < count else { return false }
      let (round, place) = index.quotientAndRemainder(dividingBy: suffixes.count)
      index += 1
      name.removeAll()
      var draw =
        text.followed(by: endings[place]).magnitude &+ UInt32(truncatingIfNeeded: round)
      // Each draw decides anew how long the name is.
      var label = ScriptHash()
      while UInt32(truncatingIfNeeded: name.count) < draw % 7 + 6 {
        var whole = label
        whole.append(decimal: draw)
        draw = whole.magnitude
        let letter = UInt8(ascii: "a") + UInt8(truncatingIfNeeded: draw % 26)
        name.append(letter)
        label.append(letter)
      }
      suffixes.append(place, to: &name)
      return true
    }
  }
}

/// The hash `31 * hash + octet` in 32 bits, with what it takes to put two of them together.
private struct ScriptHash {
  var value: UInt32 = 0
  /// 31 to the power of the text's length.
  var power: UInt32 = 1

  init() {}

  init(_ text: String) {
    for octet in text.utf8 { append(octet) }
  }

  /// The hash as a signed number, without its sign.
  var magnitude: UInt32 { Int32(bitPattern: value).magnitude }

  mutating func append(_ octet: UInt8) {
    value = value &* 31 &+ UInt32(octet)
    power = power &* 31
  }

  func followed(by other: ScriptHash) -> ScriptHash {
    var sum = self
    sum.value = value &* other.power &+ other.value
    sum.power = power &* other.power
    return sum
  }

  /// Adds a dot and a number.
  mutating func append(field number: Int) {
    append(UInt8(ascii: "."))
    append(decimal: UInt32(truncatingIfNeeded: number))
  }

  /// Adds a number's decimal digits, lowest first, each with the power of its place.
  @inline(__always)
  mutating func append(decimal number: UInt32) {
    var rest = number
    var digits = ScriptHash()
    repeat {
      let (high, low) = rest.quotientAndRemainder(dividingBy: 10)
      digits.value = digits.value &+ (low &+ 0x30) &* digits.power
      digits.power = digits.power &* 31
      rest = high
    } while rest > 0
    self = followed(by: digits)
  }
}

extension Proslikefan: SearchableModel {
  static let searchSpaces = ["": SearchSpace("magic")]

  mutating func setSearchedValue(_ value: UInt32) { magic.value = value }

  /// A made-up text of the same hash.
  static func seed(_ template: Seed, searchedValue value: UInt32) -> Seed {
    // The digits in base 31 of what is missing to seven times "0".
    var rest = value &- ScriptHash("0000000").value
    var octets: [UInt8] = []
    for _ in 0..<7 {
      octets.append(UInt8(ascii: "0") + UInt8(rest % 31))
      rest /= 31
    }
    var seed = template
    seed.parameters["magic"] = .text(String(decoding: octets.reversed(), as: UTF8.self))
    return seed
  }
}
