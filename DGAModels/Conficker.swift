import DGAKit

/// Conficker A and B (Downadup, Kido): a generator that feeds the bits of a double back to `sin`.
///
/// The worm computes with x87 instructions in 53-bit precision. `fsin` is far from the sine for
/// arguments near 2^62, and lists come out right only with its reduction (`X87`).
struct Conficker: DGAModel {
  static let metadata = ModelMetadata(
    family: "conficker", aliases: ["Downadup", "Kido"], malpedia: "win.conficker", trust: .high,
    check: "All 731 daily lists of 250 names that downatool2 gave for 2020 (Will-"
      + " Beninger/ConfickerDGA), and b's list of 2014-11-21 in andrewaeva/DGA.",
    variants: [
      VariantInfo(
        name: "a", kind: .arithmetic, period: .day, clock: .utc, namesPerPeriod: .exactly(250),
        topLevelDomains: variantA.suffixes),
      VariantInfo(
        name: "b", kind: .arithmetic, period: .day, clock: .utc, namesPerPeriod: .exactly(250),
        topLevelDomains: variantB.suffixes),
    ],
    references: [
      "https://www.csl.sri.com/users/vinod/papers/Conficker/",
      "https://github.com/Will-Beninger/ConfickerDGA (lists of downatool2 for 2020)",
      "https://github.com/andrewaeva/DGA (Conficker.cpp)",
    ],
    notes: "The worm takes the UTC date from web servers, not from the computer's clock.")

  static let seeds = [
    Seed(variant: "a", label: "default", reference: "downatool2"),
    Seed(variant: "b", label: "default", reference: "downatool2"),
  ]

  static let knownAnswers = [
    KnownAnswer(
      variant: "a", seed: "default", at: "2020-01-01", count: 250, first: "fvqcih.net",
      middle: "jufijyb.org", last: "xunvcwdhqo.com"),
    KnownAnswer(
      variant: "a", seed: "default", at: "2024-02-29", count: 250, first: "bpkyzppe.com",
      middle: "mrkkagebr.com", last: "lneefrkq.biz"),
    KnownAnswer(
      variant: "a", seed: "default", at: "2026-11-23", count: 250, first: "mixzq.info",
      middle: "cnpktc.org", last: "pdvbwaqjng.com"),
    KnownAnswer(
      variant: "b", seed: "default", at: "2020-01-01", count: 250, first: "jqfgtmjl.ws",
      middle: "cddlupx.com", last: "wpnpehvp.com"),
    KnownAnswer(
      variant: "b", seed: "default", at: "2024-02-29", count: 250, first: "reihs.cn",
      middle: "molvdmktzp.info", last: "dddjpptqbdo.ws"),
    KnownAnswer(
      variant: "b", seed: "default", at: "2026-11-23", count: 250, first: "tehumrek.com",
      middle: "tvmzosftd.net", last: "yscatixg.org"),
  ]

  /// What differs between the variants.
  fileprivate struct Constants {
    let timeFactor: UInt64
    let keyOffset: UInt64
    let keyFactor: UInt64
    let addend: Double
    let suffixes: [String]
  }

  private static let variantA = Constants(
    timeFactor: 0x4_63DA_5676, keyOffset: 0xB46A_7637, keyFactor: 0x6423_6735,
    addend: 0.737565675, suffixes: ["com", "net", "org", "info", "biz"])
  private static let variantB = Constants(
    timeFactor: 0x3_52C9_4565, keyOffset: 0xA359_6526, keyFactor: 0x5312_5624,
    addend: 0.626454564,
    suffixes: ["cc", "cn", "ws", "com", "net", "org", "info", "biz"])

  private let constants: Constants
  private let suffixes: Suffixes

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    switch seed.variant {
    case "a": constants = Conficker.variantA
    case "b": constants = Conficker.variantB
    default: throw .unknownVariant(seed: seed.label, variant: seed.variant)
    }
    suffixes = Suffixes(constants.suffixes)
  }

  func period(containing instant: Instant) -> Period { .day(containing: instant) }

  func names(at instant: Instant) -> Names {
    // About a week in FILETIME steps, but the product has wrapped: the quotient differs daily.
    let scaled = instant.startOfDay.filetime &* constants.timeFactor / 0x580_28E4_4000
    let random = ConfickerRandom(
      key: scaled &+ constants.keyOffset, factor: constants.keyFactor, addend: constants.addend)
    return Names(random: random, suffixes: suffixes, left: 250)
  }

  struct Names: NameGenerator {
    fileprivate var random: ConfickerRandom
    fileprivate let suffixes: Suffixes
    fileprivate var left: Int

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard left > 0 else { return false }
      left -= 1
      name.removeAll()
      // The remainder of a negative draw is negative: 5 to 11 letters.
      for _ in 0..<(random.next() % 4 + 8) {
        let draw = random.next()
        // C's labs(), which leaves the smallest value negative.
        let magnitude = draw < 0 ? 0 &- draw : draw
        name.append(letter: UInt32(bitPattern: magnitude % 26))
      }
      let draw = UInt32(bitPattern: random.next())
      suffixes.append(Int(draw % UInt32(truncatingIfNeeded: suffixes.count)), to: &name)
      return true
    }
  }
}

/// `next = ((key·factor + sin key)·key + addend)·key + ln key`, whose bits are the next key.
private struct ConfickerRandom {
  var key: UInt64
  let factor: UInt64
  let addend: Double

  /// The low 32 bits of the next key.
  mutating func next() -> Int32 {
    let value = Double(key)
    var sum = Double(key &* factor)
    // From 2^54 on, half the distance to the next double is at least 1: no sine can change the sum.
    if sum < 0x1p54 { sum += X87.sine(ofWhole: UInt64(value)) }
    var result = (sum * value + addend) * value
    // Likewise, from 2^60 on no logarithm of a key (at most 44.4) can change the result.
    if result.magnitude < 0x1p60 { result += naturalLogarithm(value) }
    key = result.bitPattern
    return Int32(truncatingIfNeeded: key)
  }
}

/// The natural logarithm of a positive number, by the series of the inverse hyperbolic tangent.
private func naturalLogarithm(_ value: Double) -> Double {
  guard value > 0 else { return -.infinity }
  let ratio = (value.significand - 1) / (value.significand + 1)
  var power = ratio
  var sum = 0.0
  for divisor in stride(from: 1.0, to: 80, by: 2) {
    sum += power / divisor
    power *= ratio * ratio
  }
  return Double(value.exponent) * 0.693147180559945309417 + 2 * sum
}
