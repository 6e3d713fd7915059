import DGAKit

/// Necurs: a slow 64-bit mixer over year, month, four-day block, index and a magic number.
///
/// Seed parameters: `magic`.
struct Necurs: DGAModel {
  static let metadata = ModelMetadata(
    family: "necurs", malpedia: "win.necurs", trust: .high,
    check: "The published list for 2015-08-31 (2,048 of 2,048 names) and six names of 2015-02-19 of"
      + " pchaigno/dga-collection.",
    variants: [
      VariantInfo(
        kind: .arithmetic, period: .daysOfMonth("days 1-3, 4-7, 8-11, … of a month"),
        clock: .unstated, namesPerPeriod: .exactly(2_048), topLevelDomains: suffixes,
        notes: ".bit is a Namecoin domain, which the ICANN root does not have. A name takes about"
          + " 2,500 rounds of the mixer, each waiting for the one before: hence its slowness.")
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

  /// Makes 32 names ahead, four at a time: see `Loom`.
  struct Names: NameGenerator {
    private let dateState: UInt64
    private let magic: UInt64
    private let suffixes: Suffixes
    private var index = 0
    private var drafts = InlineArray<32, Draft>(repeating: Draft())

    fileprivate init(dateState: UInt64, magic: UInt64, suffixes: Suffixes) {
      self.dateState = dateState
      self.magic = magic
      self.suffixes = suffixes
    }

    /// What a magic number is added to for the name of an ordinal.
    fileprivate func start(at ordinal: Int) -> UInt64 {
      mixed(dateState &+ UInt64(truncatingIfNeeded: ordinal))
    }

    /// One name of another magic number's list.
    fileprivate func write(_ ordinal: Int, magic: UInt64, into name: inout DomainBuffer) {
      var draft = Draft()
      var start: UInt64? = dateState &+ UInt64(truncatingIfNeeded: ordinal)
      while let value = start { start = draft.take(mixed(value), magic: magic) }
      name.removeAll()
      draft.append(to: &name, suffixes)
    }

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard index < 2_048 else { return false }
      if index & 31 == 0 { makeDrafts() }
      name.removeAll()
      drafts[index & 31].append(to: &name, suffixes)
      index += 1
      return true
    }

    private mutating func makeDrafts() {
      let first = dateState &+ UInt64(truncatingIfNeeded: index)
      var loom = Loom()
      var begun = 0
      var finished = 0
      while finished < 32 {
        let lane = loom.finishedLane()
        if let draft = loom.draft[lane] {
          if let start = drafts[draft].take(loom.values[lane], magic: magic) {
            loom.begin(start, lane: lane)
            continue
          }
          finished += 1
        }
        guard begun < 32 else {
          loom.rest(lane)
          continue
        }
        drafts[begun] = Draft()
        loom.draft[lane] = begun
        loom.begin(first &+ UInt64(truncatingIfNeeded: begun), lane: lane)
        begun += 1
      }
    }
  }
}

// MARK: - Search

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
        list.write(ordinal, magic: value, into: &name)
        if observed.mayContain(name), observed.position(of: name) != nil {
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

// MARK: - One name

/// A name in the making: what is drawn from the mixer's results, one after the other.
private struct Draft {
  private var letters = InlineArray<22, UInt8>(repeating: 0)
  private var length = 0
  private var draws = 0
  private var suffix = 0

  /// Takes a result; returns what is to be mixed next, or `nil` when the name is complete.
  ///
  /// The first two make the length; then each letter takes two, of which the second is not used.
  mutating func take(_ state: UInt64, magic: UInt64) -> UInt64? {
    draws += 1
    guard draws > 2 else {
      length = Int(state % 15 + 7)
      return draws == 1 ? state &+ magic : state
    }
    // The unused results are written, too, and then overwritten: that costs less than to ask.
    let position = draws / 2 - 1
    letters[position] = UInt8(truncatingIfNeeded: state % 25 + 0x61)
    guard position == length else {
      return state &+ (draws & 1 == 1 ? 0xAB_BEDF : UInt64(truncatingIfNeeded: position))
    }
    suffix = Int(state % 43)
    return nil
  }

  func append(to name: inout DomainBuffer, _ suffixes: Suffixes) {
    for place in 0..<length { name.append(letters[place]) }
    suffixes.append(suffix, to: &name)
  }
}

// MARK: - The mixer

/// The number of rounds, taken from the value itself: 21 to 148.
private func roundCount(_ start: UInt64) -> UInt64 { (start & 0x7F) &+ 21 }

/// The mixer.
private func mixed(_ start: UInt64) -> UInt64 {
  var value = start
  var bias: UInt64 = 0
  for _ in 0..<roundCount(start) {
    value = value &+ ((value &* 7) ^ (value &<< 15)) &+ bias &- (value &>> 5)
    bias &+= 8
  }
  return value
}

/// Four mixers side by side: a round waits for the one before it, so that a processor does four
/// in little more than the time of one.
private struct Loom {
  private(set) var values = SIMD4<UInt64>()
  private var biases = SIMD4<UInt64>()
  /// For each lane four times the rounds left, and its number.
  private var plans: InlineArray<4, UInt64> = [0, 1, 2, 3]
  var draft = InlineArray<4, Int?>(repeating: nil)

  mutating func begin(_ start: UInt64, lane: Int) {
    values[lane] = start
    biases[lane] = 0
    plans[lane] = roundCount(start) &<< 2 | UInt64(truncatingIfNeeded: lane)
  }

  mutating func rest(_ lane: Int) {
    draft[lane] = nil
    plans[lane] = .max
  }

  /// Goes on until some lane has done its rounds.
  mutating func finishedLane() -> Int {
    let plan = min(min(plans[0], plans[1]), min(plans[2], plans[3]))
    for lane in 0..<4 { plans[lane] &-= plan & ~3 }
    var values = values
    var biases = biases
    for _ in 0..<plan >> 2 {
      let multiple = (values &<< 3) &- values
      values = values &+ (multiple ^ (values &<< 15)) &+ biases &- (values &>> 5)
      biases &+= 8
    }
    self.values = values
    self.biases = biases
    return Int(plan & 3)
  }
}
