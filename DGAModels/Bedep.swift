import DGAKit

/// Bedep: the euro's exchange rates of a Tuesday choose a prime field; the elements of its subgroup
/// of order 23 or 29, mixed with the rates, become the names of a week.
///
/// Seed parameters: `key` (32 bits, the sample's), `date` (of the rates, such as `2015-04-21`),
/// `rates` (in the European Central Bank's order, such as `USD 1.0717`).
struct Bedep: DGAModel {
  static let metadata = ModelMetadata(
    family: "bedep", malpedia: "win.bedep", trust: .high,
    check: "All 28 lists of Arbor ASERT's outputs (seven Tuesdays of 2015, up to seven keys) were"
      + " recomputed name for name; ten are built in. wdgmgvpvztygk5q.com, of key 36A64C8A and"
      + " 2015-04-21, is in a published table of family examples (DGAfamilies).",
    variants: [
      VariantInfo(
        kind: .arithmetic, period: .none, clock: .none, namesPerPeriod: .between(22, 28),
        topLevelDomains: ["com"],
        predictability: .unpredictable(
          "needs the exchange rates of the European Central Bank, two days before names are used"),
        order: .random,
        notes: "A seed is one week of one key: the names were in use from Thursday to Wednesday"
          + " after the rates' Tuesday. The malware walks them in an order drawn at random; here it"
          + " is the alphabet's. The seeds built in are of past weeks, so they enter no index.")
    ],
    references: [
      "https://asert.arbornetworks.com/bedeps-dga-trading-foreign-exchange-for-malware-domains/",
      "https://github.com/arbor/bedep_dga", "https://github.com/botlabsDev/bedep_dga",
      "https://www.gendigital.com/blog/insights/research/the-group-theory-inside-bedeps-dga",
    ])

  static let seeds = [
    week(of: "2015-04-21", key: 0x9BE6_851A),
    week(of: "2015-04-21", key: 0x36A6_4C8A),
    week(of: "2015-04-21", key: 0x4CDF_F15C),
    week(of: "2015-11-10", key: 0x9BE6_851A),
    week(of: "2015-11-10", key: 0x36A6_4C8A),
    week(of: "2015-11-10", key: 0x4CDF_F15C),
    week(of: "2015-11-10", key: 0x52EB_3676),
    week(of: "2015-11-10", key: 0x8AF8_B34D),
    week(of: "2015-11-10", key: 0xA28E_AFD8),
    week(of: "2015-11-10", key: 0xDA9C_E3F7),
  ]

  private static func week(of date: String, key: Int64) -> Seed {
    let digits = String(key, radix: 16, uppercase: true)
    return Seed(
      label: "\(digits)-\(date)",
      parameters: [
        "key": .integer(key), "date": .text(date), "rates": .list(publishedRates[date] ?? []),
      ],
      reference: "arbor/bedep_dga", isActive: false)
  }

  private static let publishedRates = [
    "2015-04-21": [
      "USD 1.07", "JPY 127.75", "BGN 1.9558", "CZK 27.418", "DKK 7.461", "GBP 0.7187", "HUF 297.41",
      "PLN 3.9683", "RON 4.4374", "SEK 9.2863", "CHF 1.0252", "NOK 8.425", "HRK 7.577",
      "RUB 57.4375", "TRY 2.8755", "AUD 1.3821", "BRL 3.2423", "CAD 1.3085", "CNY 6.6358",
      "HKD 8.2926", "IDR 13865.38", "ILS 4.2198", "INR 67.3091", "KRW 1158.82", "MXN 16.5053",
      "MYR 3.8859", "NZD 1.3884", "PHP 47.329", "SGD 1.4443", "THB 34.631", "ZAR 12.9576",
    ],
    "2015-11-10": [
      "USD 1.0711", "JPY 131.98", "BGN 1.9558", "CZK 27.044", "DKK 7.4601", "GBP 0.7084",
      "HUF 312.69", "PLN 4.2432", "RON 4.452", "SEK 9.3102", "CHF 1.0765", "NOK 9.2765", "HRK 7.6",
      "RUB 69.0542", "TRY 3.122", "AUD 1.5189", "BRL 4.0627", "CAD 1.4204", "CNY 6.8121",
      "HKD 8.3026", "IDR 14601.38", "ILS 4.1989", "INR 70.9818", "KRW 1242.06", "MXN 17.9789",
      "MYR 4.6946", "NZD 1.636", "PHP 50.6", "SGD 1.5234", "THB 38.485", "ZAR 15.3716",
    ],
  ]

  static let knownAnswers = [
    KnownAnswer(
      seed: "9BE6851A-2015-04-21", count: 28, first: "afcubnvctopvkzcc.com",
      middle: "nqofqsdutdqnxh.com", last: "zxadoovmvgpdak.com"),
    KnownAnswer(
      seed: "36A64C8A-2015-04-21", count: 22, first: "chxegdiddlo5.com",
      middle: "nfnbspooct7d.com", last: "yzdqyadzhajn7.com"),
    KnownAnswer(
      seed: "4CDFF15C-2015-04-21", count: 28, first: "ahclkswpfcit.com",
      middle: "orwvboxquqiv9.com", last: "xcmzxvbyax11.com"),
    KnownAnswer(
      seed: "9BE6851A-2015-11-10", count: 28, first: "aezhcbnzwlifna9b.com",
      middle: "krzrgutgtjrxd.com", last: "yzremnndxhqc.com"),
    KnownAnswer(
      seed: "36A64C8A-2015-11-10", count: 28, first: "afwgoqpskzvoqzco5t.com",
      middle: "nyhbjzkczkwa9b.com", last: "zzasudfqjfmyt7p.com"),
    KnownAnswer(
      seed: "4CDFF15C-2015-11-10", count: 22, first: "aldbgiunnbfhpga.com",
      middle: "nhbmffmhjfledfp2h.com", last: "xowoxvgrqpumejiy6.com"),
    KnownAnswer(
      seed: "52EB3676-2015-11-10", count: 22, first: "akgtczkysqrwrzj65.com",
      middle: "ptqlrserxgfs3.com", last: "zzqfyzkqdiclob3c.com"),
    KnownAnswer(
      seed: "8AF8B34D-2015-11-10", count: 22, first: "arwsgglqzhdfliety.com",
      middle: "nikvutcutocg.com", last: "zbcyzgdcayav.com"),
    KnownAnswer(
      seed: "A28EAFD8-2015-11-10", count: 28, first: "agthuzjltjthv.com",
      middle: "oaxsxgoqtzk2p.com", last: "xtzqammieqvic5.com"),
    KnownAnswer(
      seed: "DA9CE3F7-2015-11-10", count: 22, first: "ejfajbbpvlkfxmjpas.com",
      middle: "lqvndppssbavu1t.com", last: "xigjqtocowcgba.com"),
  ]

  private let sorted: WordList

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    guard let date = Instant(try seed.text("date")) else {
      throw .invalidParameter(seed: seed.label, parameter: "date", problem: "is not a date")
    }
    var rates: [Rate] = []
    for text in try seed.list("rates") {
      guard let rate = Rate(text) else {
        throw .invalidParameter(
          seed: seed.label, parameter: "rates", problem: "\(text) is not a currency and its rate")
      }
      rates.append(rate)
    }
    // The malware's day number is one less than that day's in a calendar with a year 0.
    let days = UInt32(truncatingIfNeeded: date.daysSince1970 + 719_528)
    sorted = WordList(Week(key: try seed.uint32("key"), days: days, rates: rates).names.sorted())
  }

  func period(containing instant: Instant) -> Period { .always }

  func names(at instant: Instant) -> Names { Names(sorted: sorted) }

  struct Names: NameGenerator {
    fileprivate let sorted: WordList
    fileprivate var index = 0

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard index < sorted.count else { return false }
      name.removeAll()
      sorted.append(index, to: &name)
      index += 1
      return true
    }
  }
}

// MARK: - Exchange rates

/// A currency's code as a little-endian number, and its rate as the bits of a double.
private struct Rate {
  let code: UInt32
  let bits: UInt64
  var low: UInt32 { UInt32(truncatingIfNeeded: bits) }
  var high: UInt32 { UInt32(truncatingIfNeeded: bits >> 32) }

  /// Reads a text such as `USD 1.0717`.
  init?(_ text: String) {
    let parts = text.split(separator: " ")
    guard parts.count == 2, parts[0].utf8.count == 3 else { return nil }
    code = parts[0].utf8.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    let number = parts[1].split(separator: ".", omittingEmptySubsequences: false)
    let fraction = number.count == 2 ? number[1] : "0"
    guard number.count <= 2, let whole = Int32(number[0]), whole >= 0,
      fraction.utf8.count <= 9, let digits = Int32(fraction), digits >= 0
    else { return nil }
    // The malware's own conversion, whose last bit can differ from a correct one.
    let power = fraction.utf8.reduce(1.0) { power, _ in power * 10 }
    bits = (Double(digits) / power + Double(whole)).bitPattern
  }
}

// MARK: - A week's names

private struct Week {
  let key: UInt32
  let days: UInt32
  let rates: [Rate]

  /// The names, by the powers of an element that generates the subgroup.
  var names: [String] {
    let (prime, order) = fields[Int(fieldNumber) % fields.count]
    let generator = elementOfOrder(order, modulo: prime)
    let step = mixedRates
    var element: UInt64 = 1
    return (1..<order).map { _ in
      element = element * generator % prime
      return name(of: UInt32(truncatingIfNeeded: element), step: step)
    }
  }

  private var fieldNumber: UInt32 {
    let first = rates[0]
    let addend = (days ^ first.low) &+ (0x1C ^ first.code)
    return rates.reduce(0x16 &+ (key ^ days)) { number, _ in
      key ^ (addend &+ 0x1A43_BA27 &* number)
    }
  }

  /// What a name's length and the walk through the currencies hang on.
  private var mixedRates: UInt32 {
    let first = rates[0]
    let addend = (key ^ first.code) &- first.high
    return rates.reduce(0x12 &* days) { number, _ in
      (shortest &+ days &* first.low) ^ (addend &+ 0x1_9D65 &* (key ^ number))
    }
  }

  private func name(of element: UInt32, step: UInt32) -> String {
    var state = element
    var place = 0
    var letters: [UInt8] = []
    let length = shortest + (element ^ step) % 7
    for left in (0..<length).reversed() {
      let rate = rates[place]
      let mixed =
        0x17A8_7709_884E_D9F3 &* (0x12 &+ rate.bits)
        &+ 0x6E93_D938_959D_4FD8 &* (UInt64(key) + UInt64(shortest) * UInt64(rate.code))
      let drawn = 0x283 &* days ^ (UInt32(truncatingIfNeeded: mixed >> 17) &- state)
      // The last two may be digits too.
      letters.append(alphabet[Int(drawn % (left <= 1 ? 36 : 26))])
      place = (place + Int(step)) % rates.count
      state = left ^ state.rotatedRight(7)
    }
    return String(decoding: letters, as: UTF8.self) + ".com"
  }
}

private let shortest: UInt32 = 12
private let alphabet = Array("abcdefghijklmnopqrstuvwxyz0123456789".utf8)

/// The primes that every sample's table has behind its masks, with the order of the subgroup.
private let fields: [(prime: UInt64, order: UInt64)] = [
  (4_222_135_637, 29), (4_222_135_579, 29), (4_222_134_473, 23), (4_222_134_887, 23),
  (4_222_134_883, 29), (4_222_134_289, 23), (4_222_133_491, 29), (4_222_137_551, 29),
  (4_222_135_927, 29), (4_222_135_811, 29), (4_222_135_807, 23), (4_222_136_773, 23),
  (4_222_136_221, 23), (4_268_920_199, 23), (4_268_920_757, 29), (4_268_920_153, 23),
  (4_268_921_303, 23), (4_268_920_699, 29), (4_268_921_257, 23), (4_268_920_583, 29),
  (4_268_920_003, 29), (4_268_921_717, 23), (4_268_919_887, 29),
]

/// An element other than 1 whose power `order` is 1; `order` divides `prime - 1`.
private func elementOfOrder(_ order: UInt64, modulo prime: UInt64) -> UInt64 {
  var base: UInt64 = 2
  while true {
    let element = power(base, (prime - 1) / order, modulo: prime)
    if element != 1 { return element }
    base += 1
  }
}

/// Factors stay below 2^32, so that products fit.
private func power(_ base: UInt64, _ exponent: UInt64, modulo prime: UInt64) -> UInt64 {
  var (result, square, rest) = (1 as UInt64, base, exponent)
  while rest > 0 {
    if rest & 1 == 1 { result = result * square % prime }
    square = square * square % prime
    rest >>= 1
  }
  return result
}
