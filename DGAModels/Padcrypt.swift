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
    var text = ShortMessage()
    text.append(decimal: today.day)
    text.append(UInt8(ascii: "-"))
    text.append(decimal: today.month)
    text.append(UInt8(ascii: "-"))
    text.append(decimal: today.year)
    for octet in separator { text.append(octet) }
    return Names(text: text, salt: salt, suffixes: suffixes, count: count)
  }

  struct Names: NameGenerator {
    /// The hashed text up to the index.
    private let text: ShortMessage
    private let salt: [UInt8]
    private let suffixes: Suffixes
    private let count: Int
    private var index = 0

    fileprivate init(text: ShortMessage, salt: [UInt8], suffixes: Suffixes, count: Int) {
      self.text = text
      self.salt = salt
      self.suffixes = suffixes
      self.count = count
    }

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard index < count else { return false }
      var message = text
      message.append(decimal: index)
      for octet in salt { message.append(octet) }
      let digest = message.digest
      name.removeAll()
      for place in 3..<19 { name.append(letters[digit(place, of: digest)]) }
      let choice = digit(63, of: digest)
      suffixes.append(choice < suffixes.count ? choice : 0, to: &name)
      index += 1
      return true
    }
  }
}

/// What stands for each hexadecimal digit.
private let letters = InlineArray<16, UInt8> { Array("abcdnfolmkabcdef".utf8)[$0] }

/// A hexadecimal digit of a digest, the first being number 0.
private func digit(_ place: Int, of digest: InlineArray<8, UInt32>) -> Int {
  Int(digest[place &>> 3] &>> UInt32(truncatingIfNeeded: 28 &- (place & 7) &* 4)) & 0xF
}

// MARK: - SHA-256 of one block

/// A text of at most 55 octets and its SHA-256; unlike the kit's, this does not allocate.
private struct ShortMessage {
  private var block = InlineArray<16, UInt32>(repeating: 0)
  private var length = 0

  /// Adds an octet; there must be room.
  mutating func append(_ octet: UInt8) {
    block[length &>> 2] |= UInt32(octet) &<< UInt32(truncatingIfNeeded: 24 &- (length & 3) &* 8)
    length &+= 1
  }

  /// Adds the digits of a number that is not negative.
  mutating func append(decimal number: Int) {
    var divisor = 1
    while number / divisor >= 10 { divisor *= 10 }
    while divisor > 0 {
      append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / divisor % 10))
      divisor /= 10
    }
  }

  /// The digest as big-endian words.
  var digest: InlineArray<8, UInt32> {
    var schedule = block
    schedule[length &>> 2] |= 0x80 &<< UInt32(truncatingIfNeeded: 24 &- (length & 3) &* 8)
    schedule[15] = UInt32(truncatingIfNeeded: length &* 8)
    var state = start
    for round in 0..<64 {
      if round >= 16 { extend(&schedule, round) }
      step(&state, schedule[round & 15] &+ roundConstants[round])
    }
    return InlineArray { state[$0] &+ start[$0] }
  }
}

/// The schedule's word of a round, in place of the one sixteen rounds before.
@inline(__always)
private func extend(_ schedule: inout InlineArray<16, UInt32>, _ round: Int) {
  let early = schedule[(round &- 15) & 15]
  let late = schedule[(round &- 2) & 15]
  let small0 = early.rotatedRight(7) ^ early.rotatedRight(18) ^ (early &>> 3)
  let small1 = late.rotatedRight(17) ^ late.rotatedRight(19) ^ (late &>> 10)
  schedule[round & 15] = schedule[round & 15] &+ small0 &+ schedule[(round &- 7) & 15] &+ small1
}

@inline(__always)
private func step(_ state: inout InlineArray<8, UInt32>, _ word: UInt32) {
  let (a, b, c, e) = (state[0], state[1], state[2], state[4])
  let big1 = e.rotatedRight(6) ^ e.rotatedRight(11) ^ e.rotatedRight(25)
  let choice = state[6] ^ (e & (state[5] ^ state[6]))
  let first = state[7] &+ big1 &+ choice &+ word
  let big0 = a.rotatedRight(2) ^ a.rotatedRight(13) ^ a.rotatedRight(22)
  let majority = (a & b) | (c & (a | b))
  state[7] = state[6]
  state[6] = state[5]
  state[5] = e
  state[4] = state[3] &+ first
  state[3] = c
  state[2] = b
  state[1] = a
  state[0] = first &+ big0 &+ majority
}

private let start: InlineArray<8, UInt32> = [
  0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a,
  0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
]

/// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
private let roundConstants: InlineArray<64, UInt32> = [
  0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4,
  0xab1c_5ed5, 0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe,
  0x9bdc_06a7, 0xc19b_f174, 0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f,
  0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da, 0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7,
  0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967, 0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc,
  0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85, 0xa2bf_e8a1, 0xa81a_664b,
  0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070, 0x19a4_c116,
  0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
  0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7,
  0xc671_78f2,
]
