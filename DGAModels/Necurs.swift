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

    /// What a magic number is added to for the name of an ordinal.
    fileprivate func start(at ordinal: Int) -> UInt64 {
      mixed(dateState &+ UInt64(truncatingIfNeeded: ordinal))
    }

    /// The rest of the list of another magic number.
    fileprivate func from(_ ordinal: Int, magic: UInt64) -> Names {
      var names = Names(dateState: dateState, magic: magic, suffixes: suffixes)
      names.index = UInt64(truncatingIfNeeded: ordinal)
      return names
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

  /// Looks at a name's length and first letter before it makes the rest.
  ///
  /// Each letter takes two turns of the slow mixer. Any name can be made without those before it.
  func search(
    _ values: ClosedRange<UInt32>, at instant: Instant, ordinals: Range<Int>,
    for observed: borrowing ObservedNames, _ found: (_ value: UInt32, _ ordinal: Int) -> Void
  ) {
    let beginnings = Beginnings(observed)
    let list = names(at: instant)
    var name = DomainBuffer()
    let starts = ordinals.clamped(to: 0..<2_048).map { ($0, list.start(at: $0)) }
    for value in UInt64(values.lowerBound)...UInt64(values.upperBound) {
      for (ordinal, start) in starts {
        let state = mixed(start &+ value)
        guard beginnings.contains(length: state % 15 + 7, letter: mixed(state) % 25) else {
          continue
        }
        var names = list.from(ordinal, magic: value)
        if names.next(into: &name), observed.mayContain(name), observed.position(of: name) != nil {
          found(UInt32(truncatingIfNeeded: value), ordinal)
          break
        }
      }
    }
  }

  /// Which lengths of labels were observed with which first letters.
  private struct Beginnings {
    private var letters = InlineArray<22, UInt32>(repeating: 0)

    init(_ observed: borrowing ObservedNames) {
      for position in 0..<observed.count {
        let label = observed[position].utf8.prefix { $0 != UInt8(ascii: ".") }
        guard let first = label.first, (0x61...0x79).contains(first), label.count < 22 else {
          continue
        }
        letters[label.count] |= 1 << UInt32(first - 0x61)
      }
    }

    func contains(length: UInt64, letter: UInt64) -> Bool {
      letters[Int(length)] >> UInt32(letter) & 1 != 0
    }
  }
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
