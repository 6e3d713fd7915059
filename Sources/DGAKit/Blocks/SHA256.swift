/// SHA-256 (FIPS 180-4), for pins of word lists and for families that use it.
public struct SHA256: BlockHash {
  /// Words begin with their highest octet.
  @inlinable
  public static var isBigEndian: Bool { true }
  /// 256 bits.
  @inlinable
  public static var octetCount: Int { 32 }

  /// The eight words of the digest (or, while hashing, of the state).
  public var words: InlineArray<8, UInt32>

  /// The state before the first block.
  public init() { words = start }

  /// An octet of the digest, 0 to 31.
  @inlinable
  public subscript(position: Int) -> UInt8 {
    let shift = UInt32(truncatingIfNeeded: (~position & 3) &* 8)
    return UInt8(truncatingIfNeeded: words[position &>> 2] &>> shift)
  }

  /// Mixes one block of 16 big-endian words into the state.
  public mutating func absorb(_ block: borrowing InlineArray<16, UInt32>) {
    // The last 16 words of the schedule are all that the next one needs.
    var schedule = copy block
    var state = words
    for first in stride(from: 0, to: 64, by: 16) {
      // Written so that the optimiser unrolls sixteen rounds, and moves no word.
      for place in 0..<16 {
        if first > 0 { SHA256.extend(&schedule, place) }
        SHA256.step(&state, roundConstants[first &+ place] &+ schedule[place])
      }
    }
    for index in 0..<8 { words[index] &+= state[index] }
  }

  @inline(__always)
  private static func extend(_ schedule: inout InlineArray<16, UInt32>, _ place: Int) {
    let early = schedule[(place &+ 1) & 15]
    let late = schedule[(place &+ 14) & 15]
    let small0 = early.rotatedRight(7) ^ early.rotatedRight(18) ^ (early &>> 3)
    let small1 = late.rotatedRight(17) ^ late.rotatedRight(19) ^ (late &>> 10)
    schedule[place] &+= small0 &+ schedule[(place &+ 9) & 15] &+ small1
  }

  @inline(__always)
  private static func step(_ state: inout InlineArray<8, UInt32>, _ word: UInt32) {
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
}

// The first 32 bits of the fractional parts of the square roots of the first 8 primes.
private let start: InlineArray<8, UInt32> = [
  0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a,
  0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
]

// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
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
