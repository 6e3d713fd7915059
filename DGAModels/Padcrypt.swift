import DGAKit

/// PadCrypt: hexadecimal digits of the SHA-256 of date and index, the decimal ones replaced.
///
/// Seed parameters: `separator` (between date and index), `tlds` (at most 16), `count`; `salt`
/// (after the index), if any.
struct Padcrypt: DGAModel {
  static let metadata = ModelMetadata(
    family: "padcrypt", malpedia: "win.padcrypt", trust: .high,
    check: "The 24 names of the repository's list for 2016-03-06 and 3 of a published list for"
      + " 2016-04-13 (2.2.86.1); the names of 360netlab's sandbox for 2017-05-17 (11.37.0.0)."
      + " 2.2.97.0: the published script's output.",
    variants: [
      VariantInfo(
        kind: .hash, period: .day, clock: .unstated, namesPerPeriod: .between(24, 72),
        topLevelDomains: suffixes + ["tk", "ga"])
    ],
    references: [
      "https://bin.re/blog/the-dga-of-padcrypt/",
      "https://github.com/baderj/domain_generation_algorithms (padcrypt)",
      "https://github.com/360netlab/DGA/issues/34",
    ],
    notes: "The labels are versions of the ransomware. com is chosen for a last digit past the"
      + " list of suffixes, too.")

  private static let suffixes = [
    "com", "co.uk", "de", "org", "net", "eu", "info", "online", "co", "cc", "website",
  ]

  static let seeds = [
    Seed(
      label: "2.2.86.1",
      parameters: ["separator": ":", "tlds": .list(suffixes), "count": 24], reference: "baderj"),
    Seed(
      label: "2.2.97.0",
      parameters: ["separator": "|", "tlds": .list(suffixes), "count": 72], reference: "baderj"),
    Seed(
      label: "11.37.0.0",
      parameters: [
        "separator": "|", "salt": "38",
        "tlds": [
          "com", "co.uk", "de", "org", "net", "tk", "info", "online", "ga", "co", "cc", "website",
        ],
        "count": 72,
      ],
      reference: "360netlab/DGA#34"),
  ]

  static let knownAnswers = [
    KnownAnswer(
      seed: "2.2.86.1", at: "2016-03-06", count: 24, first: "elkfcfnacacmofdf.com",
      middle: "oamekfamecdbelcb.com", last: "feakbbnbadcodfoo.com"),
    KnownAnswer(
      seed: "2.2.86.1", at: "2024-02-29", count: 24, first: "fbncafaabadledec.org",
      middle: "acffacdadbkmfeff.cc", last: "doonlbadaeaabefb.com"),
    KnownAnswer(
      seed: "2.2.86.1", at: "2026-11-23", count: 24, first: "loaoccaddaacooec.net",
      middle: "eemafbnafcndeaaf.co.uk", last: "dbamkdcacednncmn.com"),
    KnownAnswer(
      seed: "2.2.97.0", at: "2026-11-23", count: 72, first: "oaodelmcbnckcdfn.org",
      middle: "dnnklkneebdcfedo.org", last: "bekedbbklbadcfab.com"),
    KnownAnswer(
      seed: "11.37.0.0", at: "2026-11-23", count: 72, first: "bmfaabfocnnblmlc.org",
      middle: "bcnlkfcdkmcoadld.net", last: "bobldfkdfaecmadl.ga"),
  ]

  private let separator: [UInt8]
  private let salt: [UInt8]
  private let suffixes: Suffixes
  private let count: Int

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    separator = Array(try seed.text("separator").utf8)
    salt = seed.parameters["salt"] == nil ? [] : Array(try seed.text("salt").utf8)
    // Date and index take up to 17 of a block's 55 octets.
    guard separator.count + salt.count <= 38 else {
      throw .invalidParameter(
        seed: seed.label, parameter: "salt", problem: "is longer than 38 octets with separator")
    }
    suffixes = Suffixes(try seed.list("tlds", default: Padcrypt.suffixes))
    count = try seed.count(default: 24)
  }

  func period(containing instant: Instant) -> Period { .day(containing: instant) }

  func names(at instant: Instant) -> Names {
    let today = instant.calendarDay
    var text = SHA256.ShortMessage()
    text.append(decimal: today.day)
    text.append(UInt8(ascii: "-"))
    text.append(decimal: today.month)
    text.append(UInt8(ascii: "-"))
    text.append(decimal: today.year)
    text.append(separator)
    return Names(text: text, salt: salt, suffixes: suffixes, count: count)
  }

  struct Names: NameGenerator {
    /// The hashed text up to the index.
    private let text: SHA256.ShortMessage
    private let salt: [UInt8]
    private let suffixes: Suffixes
    private let count: Int
    private var index = 0

    fileprivate init(text: SHA256.ShortMessage, salt: [UInt8], suffixes: Suffixes, count: Int) {
      self.text = text
      self.salt = salt
      self.suffixes = suffixes
      self.count = count
    }

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard index < count else { return false }
      var message = text
      message.append(decimal: index)
      message.append(salt)
      let digest = message.digest
      name.removeAll()
      for place in 3..<19 { name.append(letters[Int(digest.nibble(place))]) }
      let choice = Int(digest.nibble(63))
      suffixes.append(choice < suffixes.count ? choice : 0, to: &name)
      index += 1
      return true
    }
  }
}

/// What stands for each hexadecimal digit.
private let letters = InlineArray<16, UInt8> { Array("abcdnfolmkabcdef".utf8)[$0] }
