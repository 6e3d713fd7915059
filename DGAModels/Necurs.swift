import DGAKit

/// Necurs: a slow 64-bit mixer over year, month, four-day block, index and a magic number.
///
/// Seed parameters: `magic`.
struct Necurs: DGAModel {
  static let metadata = ModelMetadata(
    family: "necurs", malpedia: "win.necurs", trust: .high,
    variants: [
      VariantInfo(
        kind: .arithmetic, period: .daysOfMonth("days 1-3, 4-7, 8-11, … of a month"),
        clock: .unstated, namesPerPeriod: .exactly(2_048), topLevelDomains: suffixes,
        notes: ".bit is a Namecoin domain, which the ICANN root does not have.")
    ],
    references: [
      "https://bin.re/blog/the-dgas-of-necurs/",
      "https://github.com/baderj/domain_generation_algorithms (necurs)",
      "https://github.com/pchaigno/dga-collection (names of 2015-02-19)",
    ])

  private static let suffixes = [
    "tj", "in", "jp", "tw", "ac", "cm", "la", "mn", "so", "sh", "sc", "nu", "nf", "mu", "ms",
    "mx", "ki", "im", "cx", "cc", "tv", "bz", "me", "eu", "de", "ru", "co", "su", "pw", "kz",
    "sx", "us", "ug", "ir", "to", "ga", "com", "net", "org", "biz", "xxx", "pro", "bit",
  ]

  static let seeds = [Seed(label: "magic9", parameters: ["magic": 9], reference: "baderj")]

  static let knownAnswers = [
    KnownAnswer(
      seed: "magic9", at: "2015-08-31", count: 2_048, first: "nccojqvabqvkiwhj.mx",
      middle: "tticpesbqgbtnnhhlay.us", last: "ttgcbfojbrotmo.xxx"),
    KnownAnswer(
      seed: "magic9", at: "2024-02-29", count: 2_048, first: "gdyyisoqqccndblbf.to",
      middle: "jlsxgls.ga", last: "klysfcm.so"),
    KnownAnswer(
      seed: "magic9", at: "2026-11-23", count: 2_048, first: "bqaplgxngbhrkl.jp",
      middle: "nadfwta.nu", last: "nmiucbvdrt.bit"),
  ]

  private var magic: UInt64
  private let suffixes = Suffixes(Necurs.suffixes)

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    magic = UInt64(try seed.integer("magic", in: 0...Int64.max))
  }

  func period(containing instant: Instant) -> Period {
    .daysOfMonth(containing: instant) { $0 >> 2 }
  }

  func names(at instant: Instant) -> Names {
    let today = instant.calendarDay
    var state = mixed(UInt64(truncatingIfNeeded: today.year))
    state = mixed(state &+ UInt64(truncatingIfNeeded: today.month) &+ 43_690)
    state = mixed(state &+ UInt64(truncatingIfNeeded: today.day >> 2))
    return Names(dateState: state, magic: magic, suffixes: suffixes)
  }

  struct Names: NameGenerator {
    private let dateState: UInt64
    private let magic: UInt64
    private let suffixes: Suffixes
    private var index: UInt64 = 0

    fileprivate init(dateState: UInt64, magic: UInt64, suffixes: Suffixes) {
      self.dateState = dateState
      self.magic = magic
      self.suffixes = suffixes
    }

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard index < 2_048 else { return false }
      var state = mixed(mixed(dateState &+ index) &+ magic)
      name.removeAll()
      for position in 0..<state % 15 + 7 {
        state = mixed(state &+ position)
        name.append(letter: UInt32(truncatingIfNeeded: state % 25))
        state = mixed(state &+ 0xAB_BEDF)
      }
      suffixes.append(Int(state % 43), to: &name)
      index += 1
      return true
    }
  }
}

extension Necurs: SearchableModel {
  static let searchSpaces = ["": SearchSpace("magic")]

  mutating func setSearchedValue(_ value: UInt32) { magic = UInt64(value) }
}

/// The mixer: 21 to 148 rounds, their number taken from the value itself.
private func mixed(_ start: UInt64) -> UInt64 {
  var value = start
  let rounds = (start & 0x7F) &+ 21
  var bias: UInt64 = 0
  for _ in 0..<rounds {
    value = value &+ ((value &* 7) ^ (value &<< 15)) &+ bias &- (value &>> 5)
    bias &+= 8
  }
  return value
}
