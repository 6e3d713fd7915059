import DGAKit

/// Monerodownloader: the first half of the MD5 of a magic text, the day and a number, under each of
/// five suffixes.
///
/// Seed parameters: `magic` (the text, at most 40 octets), `first` (the label in place of that of
/// number 0); `tlds`, `count`.
struct Monerodownloader: DGAModel {
  static let metadata = ModelMetadata(
    family: "monerodownloader", trust: .medium,
    check: "The 2,500 names for 2020-01-12 published with the script; not seen confirmed by"
      + " names from samples.",
    variants: [
      VariantInfo(
        kind: .hash, period: .day, clock: .unstated, namesPerPeriod: .exactly(2_500),
        topLevelDomains: suffixes)
    ],
    references: ["https://github.com/baderj/domain_generation_algorithms (monerodownloader)"],
    notes: "The first five names are the same every day.")

  private static let suffixes = ["org", "tickets", "blackfriday", "hosting", "feedback"]

  static let seeds = [
    Seed(
      label: "jkhhksugrhtijys78g46",
      parameters: ["magic": "jkhhksugrhtijys78g46", "first": "31b4bd31fg1x2"],
      reference: "baderj")
  ]

  static let knownAnswers = [
    answer("2020-01-12", "44eb6a1778fb4.org", "e3a8e41249185.feedback"),
    answer("2024-02-29", "4db7045f2069d.org", "6d2a2b6c6ecac.feedback"),
    answer("2026-11-23", "c05cbb2b24c06.org", "3c135a4752893.feedback"),
  ]

  private static func answer(_ date: String, _ middle: String, _ last: String) -> KnownAnswer {
    KnownAnswer(
      seed: "jkhhksugrhtijys78g46", at: date, count: 2_500, first: "31b4bd31fg1x2.org",
      middle: middle, last: last)
  }

  private let magic: [UInt8]
  private let first: [UInt8]
  private let suffixes: Suffixes
  private let count: Int

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    magic = Array(try seed.text("magic").utf8)
    guard magic.count <= 40 else {
      throw .invalidParameter(
        seed: seed.label, parameter: "magic", problem: "has more than 40 octets")
    }
    first = Array(try seed.text("first").utf8)
    suffixes = Suffixes(try seed.list("tlds", default: Monerodownloader.suffixes))
    count = try seed.count(default: 2_500)
  }

  func period(containing instant: Instant) -> Period { .day(containing: instant) }

  func names(at instant: Instant) -> Names {
    var message = MD5.ShortMessage()
    message.append(magic)
    message.append(UInt8(ascii: "-"))
    message.append(decimal: Int(instant.daysSince1970))
    message.append(UInt8(ascii: "-"))
    return Names(message: message, first: first, suffixes: suffixes, count: count)
  }

  struct Names: NameGenerator {
    /// What is hashed before the number.
    fileprivate let message: MD5.ShortMessage
    fileprivate let first: [UInt8]
    fileprivate let suffixes: Suffixes
    fileprivate let count: Int
    fileprivate var ordinal = 0
    fileprivate var digest = MD5()

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard ordinal < count else { return false }
      let (number, suffix) = ordinal.quotientAndRemainder(dividingBy: suffixes.count)
      ordinal += 1
      name.removeAll()
      if number == 0 {
        name.append(first.span)
      } else {
        if suffix == 0 { digest = hash(of: number) }
        for place in 0..<13 { name.append(hexadecimalDigit: digest.nibble(place)) }
      }
      suffixes.append(suffix, to: &name)
      return true
    }

    private func hash(of number: Int) -> MD5 {
      var whole = message
      whole.append(decimal: number)
      return whole.digest
    }
  }
}
