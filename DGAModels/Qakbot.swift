import DGAKit

/// QakBot (Qbot, Pinkslipbot): a Mersenne Twister seeded by the CRC-32 of a text with the date.
///
/// Seed parameters: `seed` (32 bits, part of the text), `offset` (added to the CRC: 1 in the
/// decoy list the malware walks when it thinks it runs in a sandbox).
struct Qakbot: DGAModel {
  static let metadata = ModelMetadata(
    family: "qakbot", aliases: ["Qbot", "Pinkslipbot"], malpedia: "win.qakbot", trust: .medium,
    check: "The 5,000 published names of 2016-02-29 from the same author's script; no other"
      + " party's names were at hand.",
    variants: [
      VariantInfo(
        kind: .arithmetic, period: .daysOfMonth("days 1-10, 11-20, 21-end of a month"),
        clock: .unstated, namesPerPeriod: .exactly(5_000), topLevelDomains: suffixes,
        notes: "org is twice in the malware's list of suffixes.")
    ],
    references: [
      "https://bin.re/blog/the-dga-of-qakbot/",
      "https://github.com/baderj/domain_generation_algorithms (qakbot)",
    ])

  private static let suffixes = ["com", "net", "org", "info", "biz", "org"]

  static let seeds = [
    seed("seed0", 0, offset: 0), seed("seed1", 1, offset: 0),
    seed("seed0-sandbox", 0, offset: 1), seed("seed1-sandbox", 1, offset: 1),
  ]

  private static func seed(_ label: String, _ number: Int64, offset: Int64) -> Seed {
    Seed(
      label: label, parameters: ["seed": .integer(number), "offset": .integer(offset)],
      reference: "baderj")
  }

  static let knownAnswers = [
    KnownAnswer(
      seed: "seed0", at: "2016-02-29", count: 5_000, first: "bqkrtxgkmriwsiwcngtivpx.info",
      middle: "uvunglyslggxextycvdf.com", last: "lbpwhvplhsuvfwn.net"),
    KnownAnswer(
      seed: "seed0", at: "2024-02-29", count: 5_000, first: "lqmfehnmaej.com",
      middle: "vgbmqonxksloyws.biz", last: "oplnujreaptpkrwkqlzbcykjn.biz"),
    KnownAnswer(
      seed: "seed0", at: "2026-11-23", count: 5_000, first: "fylwdyldvkhytz.org",
      middle: "tfuotduw.biz", last: "knkndsfrefiluvwjtfqp.net"),
    KnownAnswer(
      seed: "seed1", at: "2026-11-23", count: 5_000, first: "upbbauhhyjnnqnonyphyvzozd.net",
      middle: "qrzqesssqxcrhuuoxeafwrse.com", last: "aqblavxuarnozncpiyjqoav.org"),
    KnownAnswer(
      seed: "seed0-sandbox", at: "2026-11-23", count: 5_000, first: "giddxqwwxqumxxmgtbsl.org",
      middle: "jyeutrtppzeuksahxhi.com", last: "idhhestoqxkplfmx.net"),
    KnownAnswer(
      seed: "seed1-sandbox", at: "2026-11-23", count: 5_000, first: "sdqjsspmbtbfcukwbnzu.biz",
      middle: "qtshxogbmrocjrdp.info", last: "mozechlatilbhh.org"),
  ]

  private var number: UInt32
  private let offset: UInt32
  private let suffixes = Suffixes(Qakbot.suffixes)

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    number = try seed.uint32("seed")
    offset = try seed.uint32("offset", default: 0)
  }

  func period(containing instant: Instant) -> Period {
    .daysOfMonth(containing: instant, sharing: Qakbot.third(ofDay:))
  }

  private static func third(ofDay day: Int) -> Int { min((day - 1) / 10, 2) }

  func names(at instant: Instant) -> Names {
    let today = instant.calendarDay
    let hexadecimal = String(number, radix: 16)
    var checksum = CRC32()
    checksum.append(text: "\(Qakbot.third(ofDay: today.day)).\(months[today.month - 1]).")
    checksum.append(text: "\(today.year).")
    checksum.append(text: String(repeating: "0", count: 8 - hexadecimal.count) + hexadecimal)
    return Names(random: MersenneTwister(seed: checksum.value &+ offset), suffixes: suffixes)
  }

  struct Names: NameGenerator {
    fileprivate var random: MersenneTwister
    fileprivate let suffixes: Suffixes
    fileprivate var left = 5_000

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard left > 0 else { return false }
      left -= 1
      let suffix = draw(below: 6)
      name.removeAll()
      for _ in 0..<draw(below: 18) + 8 { name.append(letter: draw(below: 26)) }
      suffixes.append(Int(suffix), to: &name)
      return true
    }

    /// The malware divides the low 28 bits by 2^28 in floating point, which is exact.
    @inline(__always)
    private mutating func draw(below bound: UInt32) -> UInt32 {
      let product = UInt64(random.next() & 0xFFF_FFFF) &* UInt64(bound)
      return UInt32(truncatingIfNeeded: product &>> 28)
    }
  }
}

extension Qakbot: SearchableModel {
  static let searchSpaces = ["": SearchSpace("seed")]

  mutating func setSearchedValue(_ value: UInt32) { number = value }
}

private let months = [
  "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
]
