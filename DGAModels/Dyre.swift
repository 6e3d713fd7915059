import DGAKit

/// Dyre (Dyreza): a letter that counts up and digits 3 to 35 of the SHA-256 of date and index.
///
/// Seed parameters: `count`.
struct Dyre: DGAModel {
  static let metadata = ModelMetadata(
    family: "dyre", aliases: ["Dyreza", "Dyzap"], malpedia: "win.dyre", trust: .high,
    check: "Names 305 to 310 of 2017-10-24 equal the six Akamai saw in its resolvers' traffic,"
      + " names 0 to 2 of 2014-06-01 those of a published table of family examples"
      + " (DGAfamilies).",
    variants: [
      VariantInfo(
        kind: .hash, period: .day, clock: .unstated, namesPerPeriod: .exactly(1_000),
        topLevelDomains: suffixes)
    ],
    references: [
      "https://www.akamai.com/blog/security/a-death-match-of-domain-generation-algorithms",
      "https://github.com/aftabalam01/machinelearningpipeline (dyre, another date format)",
    ],
    notes: "The sources give no number of names a day: 1,000 are taken.")

  private static let suffixes = ["cc", "ws", "to", "in", "hk", "cn", "tk", "so"]

  static let seeds = [
    Seed(label: "default", reference: "aftabalam01/machinelearningpipeline, date corrected")
  ]

  static let knownAnswers = [
    KnownAnswer(
      seed: "default", at: "2014-06-01", count: 1_000,
      first: "aa1442a1beba3793bbde2582b4127b66ae.cc",
      middle: "gcc0ca567b84ff3bff844e263d22a58379.hk",
      last: "l97bddaaf8651192099df0ab05b7f98d54.so"),
    KnownAnswer(
      seed: "default", at: "2017-10-24", count: 1_000,
      first: "a2e2cdbf100de34c0459638f0304c2c493.cc",
      middle: "gcdcc5252e0e1f448be62da07afdaa6598.hk",
      last: "le2e53ba8df9c99e385352dd9c5022d1d7.so"),
    KnownAnswer(
      seed: "default", at: "2024-02-29", count: 1_000,
      first: "a795c79eb93098108c67ab036208411e7c.cc",
      middle: "g64d095e0cc85c68a35b4ab0fa4ab0bf1f.hk",
      last: "l3edc110e129d9ec2f7981d4bf33a809ab.so"),
    KnownAnswer(
      seed: "default", at: "2026-11-23", count: 1_000,
      first: "a28ed844e36618e2de6b1425f55407163f.cc",
      middle: "g0d16a19b0ef91417e2abec82bf21c8333.hk",
      last: "l89d3dd5158fcb5a58fdda47017b8860cf.so"),
  ]

  private let count: Int
  private let suffixes = Suffixes(Dyre.suffixes)

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    count = try seed.count(default: 1_000)
  }

  func period(containing instant: Instant) -> Period { .day(containing: instant) }

  func names(at instant: Instant) -> Names {
    let today = instant.calendarDay
    var date = Block()
    date.append(decimal: today.year)
    date.append(UInt8(ascii: "-"))
    date.append(decimal: today.month)
    date.append(UInt8(ascii: "-"))
    date.append(decimal: today.day)
    return Names(date: date, count: count, suffixes: suffixes)
  }

  struct Names: NameGenerator {
    private let date: Block
    private let count: Int
    private let suffixes: Suffixes
    private var index = 0

    fileprivate init(date: Block, count: Int, suffixes: Suffixes) {
      self.date = date
      self.count = count
      self.suffixes = suffixes
    }

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard index < count else { return false }
      var message = date
      message.append(decimal: index)
      let hash = message.hash
      name.removeAll()
      name.append(letter: UInt32(truncatingIfNeeded: index % 26))
      for place in 3..<36 {
        let word = hash[place >> 3] &>> UInt32(truncatingIfNeeded: 28 - 4 * (place & 7))
        appendHexadecimal(UInt8(truncatingIfNeeded: word & 0xF), to: &name)
      }
      suffixes.append(index % suffixes.count, to: &name)
      index += 1
      return true
    }
  }
}

private func appendHexadecimal(_ digit: UInt8, to name: inout DomainBuffer) {
  name.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
}

// MARK: - SHA-256 of a short message

/// One block of SHA-256 (FIPS 180-4), because the kit's hash allocates.
private struct Block {
  private var words = InlineArray<16, UInt32>(repeating: 0)
  private var length = 0

  /// Adds an octet; there must be room for 55 in all.
  mutating func append(_ byte: UInt8) {
    words[length >> 2] |= UInt32(byte) &<< UInt32(truncatingIfNeeded: 24 - 8 * (length & 3))
    length += 1
  }

  /// Adds a number's digits.
  mutating func append(decimal number: Int) {
    var power = 1
    while number / power >= 10 { power *= 10 }
    while power > 0 {
      append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / power % 10))
      power /= 10
    }
  }

  /// The digest's words.
  var hash: InlineArray<8, UInt32> {
    var schedule = words
    schedule[length >> 2] |= 0x80 &<< UInt32(truncatingIfNeeded: 24 - 8 * (length & 3))
    schedule[15] = UInt32(truncatingIfNeeded: length * 8)
    var state = initialState
    for index in 0..<64 {
      round(&state, roundConstants[index] &+ schedule[index & 15])
      schedule[index & 15] = nextWord(schedule, index)
    }
    for index in 0..<8 { state[index] &+= initialState[index] }
    return state
  }
}

/// Word `index + 16` of the schedule, of which the last sixteen are kept.
@inline(__always)
private func nextWord(_ schedule: borrowing InlineArray<16, UInt32>, _ index: Int) -> UInt32 {
  let early = schedule[(index + 1) & 15]
  let late = schedule[(index + 14) & 15]
  let small0 = early.rotatedRight(7) ^ early.rotatedRight(18) ^ (early &>> 3)
  let small1 = late.rotatedRight(17) ^ late.rotatedRight(19) ^ (late &>> 10)
  return schedule[index & 15] &+ small0 &+ schedule[(index + 9) & 15] &+ small1
}

@inline(__always)
private func round(_ state: inout InlineArray<8, UInt32>, _ input: UInt32) {
  let (a, e) = (state[0], state[4])
  let big1 = e.rotatedRight(6) ^ e.rotatedRight(11) ^ e.rotatedRight(25)
  let first = state[7] &+ big1 &+ ((e & state[5]) ^ (~e & state[6])) &+ input
  let big0 = a.rotatedRight(2) ^ a.rotatedRight(13) ^ a.rotatedRight(22)
  let majority = (a & state[1]) ^ (a & state[2]) ^ (state[1] & state[2])
  state = [
    first &+ big0 &+ majority, a, state[1], state[2], state[3] &+ first, e, state[5], state[6],
  ]
}

private let initialState: InlineArray<8, UInt32> = [
  0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab,
  0x5be0_cd19,
]

private let roundConstants: InlineArray<64, UInt32> = [
  0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5,
  0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
  0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3,
  0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
  0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc,
  0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
  0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7,
  0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
  0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13,
  0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
  0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3,
  0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
  0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5,
  0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
  0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208,
  0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
]
