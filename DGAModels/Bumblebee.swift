import DGAKit

/// BumbleBee: eleven letters and digits from a 64-bit congruential generator whose every state is
/// run through 32 steps of a shift register.
///
/// Seed parameters: `magic` (one to eight ASCII characters, or a whole number); `second` (variant
/// time: the second of the clock at which the malware started); `count` (100).
struct Bumblebee: DGAModel {
  static let metadata = ModelMetadata(
    family: "bumblebee", malpedia: "win.bumblebee", trust: .high,
    check: "The published list of the static variant is reproduced, and with it four names that"
      + " ThreatFox had before it (2023-09-08).",
    variants: [
      VariantInfo(
        name: "static", kind: .arithmetic, period: .none, clock: .none,
        namesPerPeriod: .exactly(100), topLevelDomains: ["life"]),
      VariantInfo(
        name: "time", kind: .arithmetic, period: .month, clock: .unstated,
        namesPerPeriod: .exactly(100), topLevelDomains: ["life"],
        predictability: .partial(
          "one of 60 lists, by the second of the clock: all 60 are seeds here"),
        trust: .medium, check: "Compared with the output of the published script only.",
        notes: "The day is not used: a month has 6,000 names, 100 for each second of the minute."),
    ],
    references: [
      "https://github.com/baderj/domain_generation_algorithms (bumblebee)",
      "https://threatfox.abuse.ch/browse/malware/win.bumblebee/",
    ])

  static let seeds =
    [
      Seed(
        variant: "static", label: "TEST_SEE", parameters: ["magic": "TEST_SEE"],
        reference: "baderj")
    ]
    + (0..<60).map { second in
      Seed(
        variant: "time", label: "TEST_SEE-sec\(second < 10 ? "0" : "")\(second)",
        parameters: ["magic": "TEST_SEE", "second": .integer(second)], reference: "baderj")
    }

  static let knownAnswers = [
    KnownAnswer(
      variant: "static", seed: "TEST_SEE", count: 100, first: "cmid1s1zeiu.life",
      middle: "tuaksrh3m4v.life", last: "zcf8nrpzrqk.life"),
    KnownAnswer(
      variant: "time", seed: "TEST_SEE-sec00", at: "2024-02-29", count: 100,
      first: "g9w2g2q3eab.life", middle: "uul25c8kyii.life", last: "yd006torkj7.life"),
    KnownAnswer(
      variant: "time", seed: "TEST_SEE-sec00", at: "2026-11-23", count: 100,
      first: "idcsfxmhuhf.life", middle: "2klgdj7r1xd.life", last: "wvj402wkqgh.life"),
    KnownAnswer(
      variant: "time", seed: "TEST_SEE-sec00", at: "2027-01-31", count: 100,
      first: "0ihfzxuitqi.life", middle: "2j7bfeiuzfs.life", last: "m5bwd33ycj2.life"),
    KnownAnswer(
      variant: "time", seed: "TEST_SEE-sec01", at: "2026-11-23", count: 100,
      first: "l745e1u6c0a.life", middle: "la3qd0ijs4h.life", last: "qr8hsidry5x.life"),
    KnownAnswer(
      variant: "time", seed: "TEST_SEE-sec17", at: "2027-01-31", count: 100,
      first: "b9vjhfcykbt.life", middle: "domruojlpvn.life", last: "sscumg0cnju.life"),
    KnownAnswer(
      variant: "time", seed: "TEST_SEE-sec32", at: "2024-02-29", count: 100,
      first: "za2yuw2wevt.life", middle: "3l6zavd9udl.life", last: "eegxoin076x.life"),
    KnownAnswer(
      variant: "time", seed: "TEST_SEE-sec45", at: "2027-01-31", count: 100,
      first: "8ea15mhtg86.life", middle: "xr9xga2sg4p.life", last: "30h9q8sjhvq.life"),
    KnownAnswer(
      variant: "time", seed: "TEST_SEE-sec59", at: "2026-11-23", count: 100,
      first: "lkqt2h2cjqy.life", middle: "q9dvsh0n3jn.life", last: "6219vuwj1c6.life"),
  ]

  private let magic: UInt64
  /// The clock's second; `nil` for the lists that never change.
  private var second: UInt64?
  private let count: Int
  private let suffixes = Suffixes(["life"])

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    magic = try Bumblebee.magic(of: seed)
    let isTimed = seed.variant == "time"
    second = isTimed ? UInt64(try seed.integer("second", in: 0...59)) : nil
    count = try seed.count(default: 100)
  }

  /// A number as it is; a text by its octets, first the lowest.
  private static func magic(of seed: Seed) throws(ModelError) -> UInt64 {
    if case .integer(let number) = seed.parameters["magic"] { return UInt64(bitPattern: number) }
    let octets = try seed.text("magic").utf8
    guard octets.count <= 8, octets.allSatisfy({ $0 < 0x80 }) else {
      throw .invalidParameter(
        seed: seed.label, parameter: "magic", problem: "is not one to eight ASCII characters")
    }
    return octets.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  func period(containing instant: Instant) -> Period {
    second == nil ? .always : .month(containing: instant)
  }

  func names(at instant: Instant) -> Names {
    Names(random: Register(state: magic &+ date(at: instant)), suffixes: suffixes, left: count)
  }

  /// The clock's part of the seed; the month counts from 0.
  private func date(at instant: Instant) -> UInt64 {
    // Without a clock the malware takes fields no clock gives.
    guard let second else { return (32 | (13 + 256) << 8) + 1_899 }
    let today = instant.calendarDay
    return (second | UInt64(today.month - 1 + 256) << 8) + UInt64(today.year)
  }

  struct Names: NameGenerator {
    fileprivate var random: Register
    fileprivate let suffixes: Suffixes
    fileprivate var left: Int

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard left > 0 else { return false }
      left -= 1
      name.removeAll()
      for _ in 0..<11 {
        let symbol = UInt8(truncatingIfNeeded: random.next() % 36)
        name.append(letterOrDigit: symbol)
      }
      suffixes.append(0, to: &name)
      return true
    }
  }
}

/// The generator: a 64-bit congruential step, then 32 steps of a Galois register that moves to the
/// right and has taps at bits 31, 30, 29, 28, 26 and 24.
private struct Register {
  var state: UInt64

  /// The next state, of which only 32 bits are left.
  @inline(__always)
  mutating func next() -> UInt32 {
    let mixed = state &* 1_664_525 &+ 1_013_904_223
    let result = UInt32(truncatingIfNeeded: mixed >> 32) ^ folded(UInt32(truncatingIfNeeded: mixed))
    state = UInt64(result)
    return result
  }

  /// What 32 steps leave of the low half, which they shift out.
  ///
  /// Steps are linear, so all can be done at once. The first line has the bits that leave the
  /// register: those of the word, and those a tap put in early enough to leave within 32 steps. The
  /// others have what each tap put in and the steps after it moved down.
  @inline(__always)
  private func folded(_ word: UInt32) -> UInt32 {
    let left = word ^ word << 31 ^ word << 30 ^ word << 29 ^ word << 27 ^ word << 25
    return left ^ left >> 1 ^ left >> 2 ^ left >> 3 ^ left >> 5 ^ left >> 7
  }
}

extension Bumblebee: SearchableModel {
  static let searchSpaces = ["time": SearchSpace("second", values: 0...59)]

  mutating func setSearchedValue(_ value: UInt32) { second = UInt64(value) }
}
