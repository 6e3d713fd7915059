import DGAKit

/// Pykspa (a Skype worm): letters out of products and remainders of a number that starts from the
/// date; the improved version makes that number from an MD6 of the date.
///
/// Seed parameters: `count`; of `improved`: `days` (how long a list holds).
struct Pykspa: DGAModel {
  static let metadata = ModelMetadata(
    family: "pykspa", aliases: ["Pykse", "Skyper", "SkypeBot"], malpedia: "win.pykspa",
    trust: .high,
    variants: [
      VariantInfo(
        name: "improved", kind: .arithmetic, period: .other("20 days (set1), 1 day (set2)"),
        clock: .unstated, namesPerPeriod: .exactly(1_000),
        topLevelDomains: ["com", "net", "org", "info"],
        check: "The repository's 10 names for 2015-09-01 (set1), and a sample's traffic that the"
          + " write-up shows for 2015-02-16: 4 of 4 names of set1 as ordinals 0 to 3, and 11 of"
          + " 11 of set2, in order, with gaps and of the day after (2015-02-17).",
        notes: "How many names the malware makes is not published: 1,000 are given. It goes"
          + " through set1 (its servers) in order, with names of set2 (noise) in between. Making"
          + " a list's first number takes some 380,000 dependent steps."),
      VariantInfo(
        name: "precursor", kind: .arithmetic, period: .seconds(2 * 86_400), clock: .utc,
        namesPerPeriod: .exactly(5_000), topLevelDomains: precursorSuffixes,
        check: "The 5,000 names of the repository's list for 2015-09-01, made by the script, and"
          + " 3 names of a published list for 2016-04-11.",
        notes: "The generator squares its state: different lists soon share most of their names."),
    ],
    references: [
      "https://bin.re/blog/the-dga-of-pykspa/",
      "https://bin.re/blog/pykspas-inferior-dga-version/",
      "https://github.com/baderj/domain_generation_algorithms (pykspa)",
    ],
    notes: "The improved version asks www.google.com for the date. A later one asks for a part of"
      + " the same names only (Akamai, 2019).")

  private static let improvedSuffixes = ["com", "net", "org", "info"]
  private static let precursorSuffixes = ["biz", "com", "net", "org", "info", "cc"]

  static let seeds = [
    Seed(
      variant: "improved", label: "set1-useful", parameters: ["days": 20], reference: "baderj"),
    Seed(variant: "improved", label: "set2-noise", parameters: ["days": 1], reference: "baderj"),
    Seed(variant: "precursor", label: "default", reference: "baderj"),
  ]

  static let knownAnswers = [
    KnownAnswer(
      variant: "improved", seed: "set1-useful", at: "2015-09-01", count: 1_000,
      first: "uammskmq.org", middle: "agcikcesagya.org", last: "mtpytwbqjth.info"),
    KnownAnswer(
      variant: "improved", seed: "set1-useful", at: "2024-02-29", count: 1_000,
      first: "rzzynwbwe.com", middle: "qiauoi.com", last: "vxvnxwonlt.net"),
    KnownAnswer(
      variant: "improved", seed: "set1-useful", at: "2026-11-23", count: 1_000,
      first: "dszspcs.net", middle: "wguima.org", last: "zaszczhxfe.info"),
    KnownAnswer(
      variant: "improved", seed: "set2-noise", at: "2024-02-29", count: 1_000,
      first: "mutcnezfbnn.info", middle: "jzumyuvoc.info", last: "eegaphi.info"),
    KnownAnswer(
      variant: "improved", seed: "set2-noise", at: "2026-11-23", count: 1_000,
      first: "skkkmm.com", middle: "sgigiwwiee.com", last: "fhmkhnnk.net"),
    KnownAnswer(
      variant: "precursor", seed: "default", at: "2015-09-01", count: 5_000,
      first: "llfwhgn.com", middle: "axskpwnansnan.com", last: "npdxnifox.org"),
    KnownAnswer(
      variant: "precursor", seed: "default", at: "2024-02-29", count: 5_000,
      first: "ppnwvgn.org", middle: "axskpwnansnan.com", last: "npdxnifox.org"),
    KnownAnswer(
      variant: "precursor", seed: "default", at: "2026-11-23", count: 5_000,
      first: "yuacco.info", middle: "uuquva.net", last: "mkcusaiugkeq.info"),
  ]

  private let isImproved: Bool
  private let days: Int64
  private let count: UInt64
  private let suffixes: Suffixes

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    isImproved = seed.variant == "improved"
    days = isImproved ? try seed.integer("days", in: 1...36_500) : 2
    count = UInt64(try seed.count(default: isImproved ? 1_000 : 5_000))
    suffixes = Suffixes(isImproved ? Pykspa.improvedSuffixes : Pykspa.precursorSuffixes)
  }

  func period(containing instant: Instant) -> Period {
    .block(ofSeconds: days * 86_400, containing: instant)
  }

  func names(at instant: Instant) -> Names {
    let block = period(containing: instant).start.unixSeconds / (days * 86_400)
    let number = UInt32(truncatingIfNeeded: block)
    return Names(
      isImproved: isImproved, state: isImproved ? startingState(number) : UInt64(number),
      count: count, suffixes: suffixes)
  }

  struct Names: NameGenerator {
    private let isImproved: Bool
    /// 32 bits; a little more where the improved version adds to a number close to 2^32.
    private var state: UInt64
    private let count: UInt64
    private let suffixes: Suffixes
    private var index: UInt64 = 0

    fileprivate init(isImproved: Bool, state: UInt64, count: UInt64, suffixes: Suffixes) {
      self.isImproved = isImproved
      self.state = state
      self.count = count
      self.suffixes = suffixes
    }

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard index < count else { return false }
      name.removeAll()
      if isImproved {
        state += state % (index + 1) + 1
        appendImprovedLabel(length: (state + index) % 7 + 6, state: state, to: &name)
        suffixes.append(Int(state & 3), to: &name)
      } else {
        let draw = UInt32(truncatingIfNeeded: state &* state &+ index)
        appendPrecursorLabel(length: draw % 10 + 6, draw: draw, to: &name)
        suffixes.append(Int(draw % 6), to: &name)
        state = UInt64(draw)
      }
      index += 1
      return true
    }
  }
}

// MARK: - Letters

private func appendImprovedLabel(length: UInt64, state: UInt64, to name: inout DomainBuffer) {
  var number = state
  let modulus = 541 * length + 4
  for place in 0..<length {
    let factor =
      number % 5 + number % 123_456 + place * ((number & 1) + number % 4_567)
    let product = (number &* factor) & 0xFFFF_FFFF
    name.append(
      letter: UInt32(truncatingIfNeeded: (length * length + place * length + product) % 26))
    let step = (7_837_632 &* number &* length) & 0xFFFF_FFFF
    number += (step + 82_344) % modulus
  }
}

private func appendPrecursorLabel(length: UInt32, draw: UInt32, to name: inout DomainBuffer) {
  var number = draw
  var offset = length * length
  for place in 0..<length {
    let factor = number % 5 &+ number % 123_456 &+ place &* (number % 4_567 &+ number % 19)
    name.append(letter: (offset &+ number &* factor) % 26)
    number = (number &+ place) &>> (place &* place)
    offset += length
  }
}

// MARK: - The improved version's starting state

/// Four octets made from the MD6 of the period's number, as hexadecimal text, by 128 generators
/// that all feed one register.
private func startingState(_ number: UInt32) -> UInt64 {
  var text = digits(of: number)
  var mixer = Mixer(seededBy: text)
  // Rewrites the text, and then goes on from its last octet, ten times around and ten steps.
  for step in 0..<2_826 {
    let place = step < 256 ? step : (step - 1) & 0xFF
    text[place] = mixer.encrypt(0, adding: text[place])
  }
  var last = Mixer(seededBy: text)
  let key = digits(of: number)
  var state: UInt64 = 0
  for place in 0..<4 {
    let octet = key[Int(number % 50) + place]
    state |= UInt64(last.encrypt(octet, adding: octet)) << UInt64(place * 8)
  }
  return state
}

/// The MD6 of a number's four octets, lowest first, as 64 hexadecimal digits followed by zeros.
private func digits(of number: UInt32) -> InlineArray<256, UInt8> {
  let octets = InlineArray<4, UInt8> { UInt8(truncatingIfNeeded: number >> UInt32($0 * 8)) }
  let digest = MD6.hash(octets.span)
  return InlineArray { place in
    guard place < 64 else { return 0 }
    let nibble = place % 2 == 0 ? digest[place / 2] >> 4 : digest[place / 2] & 0xF
    return nibble.hexadecimalCharacter
  }
}

/// 128 congruential generators with Borland C's constants, and the register they feed.
private struct Mixer {
  private var values: InlineArray<128, UInt32>
  private var result: UInt32 = 0

  /// Takes the text in pairs of octets; generator number n then makes n + 1 steps.
  init(seededBy text: InlineArray<256, UInt8>) {
    values = InlineArray { UInt32(text[2 * $0]) << 8 | UInt32(text[2 * $0 + 1]) }
    for index in 0..<128 {
      for _ in 0...index { feed(index) }
    }
  }

  /// Steps each generator once; gives the octet xored with the register, and adds the key.
  mutating func encrypt(_ octet: UInt8, adding key: UInt8) -> UInt8 {
    for index in 0..<128 { feed(index) }
    let encrypted = octet ^ UInt8(truncatingIfNeeded: result)
    result = result &+ UInt32(key)
    values[127] = values[127] &+ UInt32(key)
    return encrypted
  }

  @inline(__always)
  private mutating func feed(_ index: Int) {
    let value = values[index] &* 22_695_477 &+ 1
    values[index] = value
    let distance = Int(result & 0xF)
    result = (result &+ ((value &>> 16) & 0x7FFF)).rotatedLeft(distance)
  }
}
