import DGAKit

/// QSnatch: the first characters of the Base64 of a SHA-1, over a counter of Unix time, a key and
/// the suffix the name is to have.
///
/// Seed parameters: `key` (ASCII text of at most 20 characters).
struct Qsnatch: DGAModel {
  static let metadata = ModelMetadata(
    family: "qsnatch", malpedia: "elf.qsnatch", trust: .medium,
    check: "The published lists of 2019-11-11 23:00 (a) and 2019-11-17 (b) are reproduced; the"
      + " malware is a shell script, so that its algorithm is known to the letter.",
    variants: [
      VariantInfo(
        name: "a", kind: .hash, period: .seconds(hour), clock: .utc,
        namesPerPeriod: .exactly(2_610), topLevelDomains: declared(suffixesOfA),
        sharedSuffixes: ["hk.org", "ru.net", "south.am", "uy.com"], order: .listed,
        invalidNames: "the malware has a suffix .com.bn with a dot too many, which makes an empty"
          + " label",
        notes: "Six counters, of 15 days, 5 days, 1 day, 8, 2 and 1 hours: validity is set per"
          + " name."),
      VariantInfo(
        name: "b", kind: .hash, period: .seconds(15 * 24 * hour), clock: .utc,
        namesPerPeriod: .exactly(150), topLevelDomains: suffixesOfB, order: .listed),
    ],
    references: [
      "https://bin.re/blog/the-dga-of-qsnatch/",
      "https://www.kyberturvallisuuskeskus.fi/en/news/qsnatch-malware-designed-qnap-nas-devices",
      "https://github.com/baderj/domain_generation_algorithms (qsnatch)",
    ],
    notes: "Names are as short as three characters: many belong to others. What is hashed ends in"
      + " a line feed.")

  static let seeds = ["a", "b"].map { variant in
    Seed(
      variant: variant, label: "IbjGOEgnuD", parameters: ["key": "IbjGOEgnuD"],
      reference: "baderj")
  }

  static let knownAnswers = [
    answer("a", "2019-11-11T23:00:00Z", 2_610, "t2q2r.cf", "k9sol.cf", "lm9h.com.fj"),
    answer("a", "2024-02-29", 2_610, "s01gf.cf", "k99dw.cf", "vd0d.com.fj"),
    answer("a", "2024-02-29T13:37:00Z", 2_610, "s01gf.cf", "rjybs.cf", "zm5o.com.fj"),
    answer("a", "2026-11-23", 2_610, "sta2n.cf", "edowx.cf", "rqyv.com.fj"),
    answer("a", "2026-11-23T13:37:00Z", 2_610, "sta2n.cf", "vgqut.cf", "2be1.com.fj"),
    answer("b", "2019-11-17", 150, "t2q2rs.cf", "4sxmt2.ws", "uqfzpriheb.cd"),
    answer("b", "2024-02-29", 150, "s01gfp.cf", "w9rnzb.ws", "xwjvhvzhz7.cd"),
    answer("b", "2026-11-23", 150, "sta2nr.cf", "6gnayc.ws", "tmyxzdndsx.cd"),
  ]

  private static func answer(
    _ variant: String, _ instant: String, _ count: Int, _ first: String, _ middle: String,
    _ last: String
  ) -> KnownAnswer {
    KnownAnswer(
      variant: variant, seed: "IbjGOEgnuD", at: instant, count: count, first: first,
      middle: middle, last: last)
  }

  /// The suffixes as they end names, without the dot too many.
  private static func declared(_ suffixes: [String]) -> [String] {
    suffixes.map { $0.hasPrefix(".") ? String($0.dropFirst()) : $0 }
  }

  private let key: [UInt8]
  private let plan: Plan

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    key = Array(try seed.text("key").utf8)
    guard key.count <= 20, key.allSatisfy({ $0 < 0x80 }) else {
      throw .invalidParameter(
        seed: seed.label, parameter: "key", problem: "is not at most 20 ASCII characters")
    }
    plan = seed.variant == "b" ? .b : .a
  }

  func period(containing instant: Instant) -> Period {
    // Blocks of the other intervals are made of whole ones of the last.
    .block(ofSeconds: plan.intervals.last ?? hour, containing: instant)
  }

  func names(at instant: Instant) -> Names {
    Names(instant: instant, key: key, plan: plan)
  }

  struct Names: NameGenerator {
    private let instant: Instant
    private let key: [UInt8]
    private let plan: Plan
    private var index = 0
    /// While what is hashed first, the counter, stays the same.
    private var block = Period.always
    /// Counter and key.
    private var start = SHA1.ShortMessage()
    /// The first characters of the present hash, six bits each, from the highest bit.
    private var bits: UInt64 = 0
    private let base64 = Base64(UInt8(ascii: "b"), UInt8(ascii: "c"))

    fileprivate init(instant: Instant, key: [UInt8], plan: Plan) {
      self.instant = instant
      self.key = key
      self.plan = plan
    }

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard index < plan.count else { return false }
      if index % plan.namesPerInterval == 0 {
        setCounter(ofSeconds: plan.intervals[index / plan.namesPerInterval])
      }
      let (length, suffix) = plan.place(of: index)
      if plan.isSuffixInner || length == 0 { hash(with: plan.suffixes[suffix]) }
      name.removeAll()
      append(plan.lengths[length] + (plan.isLonger[suffix] ? 1 : 0), to: &name)
      name.append(UInt8(ascii: "."))
      name.append(plan.suffixes[suffix])
      if plan.intervals.count > 1 { name.validity = block }
      index += 1
      return true
    }

    private mutating func setCounter(ofSeconds interval: Int64) {
      block = .block(ofSeconds: interval, containing: instant)
      start = SHA1.ShortMessage()
      start.append(decimal: Int(block.start.unixSeconds / interval))
      start.append(key)
    }

    private mutating func hash(with suffix: [UInt8]) {
      var message = start
      message.append(suffix)
      message.append(UInt8(ascii: "\n"))
      let digest = message.digest
      bits = UInt64(digest.a) << 32 | UInt64(digest.b)
    }

    /// Base64 in lower case, with `b` and `c` for `+` and `/`.
    private func append(_ length: UInt64, to name: inout DomainBuffer) {
      for position in 0..<length {
        let character = base64.character(bits >> (58 - 6 * position))
        let isUpperCase = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(character)
        name.append(isUpperCase ? character | 0x20 : character)
      }
    }
  }
}

// MARK: - What differs between the variants

/// Which intervals, lengths and suffixes a variant goes through, and in which order.
private struct Plan {
  /// In seconds, each a multiple of the next.
  var intervals: [Int64]
  var lengths: [UInt64]
  var suffixes: [[UInt8]]
  /// Which suffixes get names one character longer.
  var isLonger: [Bool]
  /// Whether all suffixes come before the next length, or all lengths before the next suffix.
  var isSuffixInner: Bool

  static let a = Plan(
    intervals: [15 * 24 * hour, 5 * 24 * hour, 24 * hour, 8 * hour, 2 * hour, hour],
    lengths: [5, 3, 4], suffixes: suffixesOfA.map { Array($0.utf8) },
    isLonger: suffixesOfA.map { ["com", "net", "org"].contains($0) }, isSuffixInner: true)

  static let b = Plan(
    intervals: [15 * 24 * hour], lengths: [6, 7, 8, 9, 10],
    suffixes: suffixesOfB.map { Array($0.utf8) },
    isLonger: suffixesOfB.map { _ in false }, isSuffixInner: false)

  var namesPerInterval: Int { lengths.count * suffixes.count }

  var count: Int { intervals.count * namesPerInterval }

  /// Where a name's length and suffix are in their lists.
  func place(of index: Int) -> (length: Int, suffix: Int) {
    isSuffixInner
      ? (index / suffixes.count % lengths.count, index % suffixes.count)
      : (index % lengths.count, index / lengths.count % suffixes.count)
  }
}

private let hour: Int64 = 3_600

private let suffixesOfA = [
  "cf", "tk", "com", "ml", "de", "rocks", "mx", "biz", "net", "cn", "ga", "gq", "org", "top", "nl",
  "men", "ws", "se", "info", "xyz", "today", "ru", "ec", "co", "ee", "rs", "com.sv", "com.cy",
  "co.zw", "kg", "com.ge", "tl", "name", "tw", "lv", "bs", "li", "ng", "ae", "bt", "tv", "pe", "uz",
  "me", "gy", "am", "kr", "by", "fr", "com.uy", "com.lb", "com.br", "vu", "hk", "in", "re", "ch",
  "af", "com.ps", "ug", "dz", "pro", "co.th", "sg", "cd", "so", "mo", "co.id", "co.il", "com.do",
  "ke", "cx", "ro", "id", "pm", "hm", "vg", "az", "com.eg", "bz", "su", "com.ar", "gg", "com.lr",
  "pa", "com.ve", "al", "fm", "to", "mu", "co.ck", "pk", "co.rs", "cw", "nr", "gd", "gl", "ac",
  "lk", "md", "fi", "sx", "lc", "es", "cc", "cm", "la", "co.za", "je", "cz", "jp", "ai", "pw", "bg",
  "nu", "ag", "bm", "eu", "com.my", "sc", "ax", "wf", "ly", "qa", "vn", "aq", "mobi", "com.tr",
  "com.ua", "com.py", "hk.org", "south.am", "com.kh", "co.zm", "ru.net", "com.km", "tt", "kn",
  "co.ls", "co.fk", "uy.com", "com.gu", ".com.bn", "com.pf", "com.fj",
]

private let suffixesOfB = [
  "cf", "tk", "ml", "ga", "gq", "com", "biz", "org", "de", "rocks", "mx", "cn", "top", "nl", "men",
  "ws", "se", "info", "xyz", "net", "today", "ru", "fi", "name", "to", "in", "com.ua", "vg", "vn",
  "cd",
]
