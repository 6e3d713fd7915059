/// MD6-256 (Rivest and others, "The MD6 hash function", 2008): unkeyed, 104 rounds, tree mode.
public struct MD6: Sendable {
  /// The digest as four big-endian words.
  public let words: InlineArray<4, UInt64>

  /// The digest of a message of any length; does not allocate for one of at most 512 octets.
  ///
  /// The standard number of rounds for 256 bits is 104; the specification's examples have fewer.
  public static func hash(_ message: Span<UInt8>, rounds: Int = 104) -> MD6 {
    var node = Node(level: 1, index: 0, isRoot: message.count <= Node.octets, rounds: rounds)
    if node.isRoot { return MD6(root: node.compress(message)) }
    var level: [UInt64] = []
    for start in stride(from: 0, to: message.count, by: Node.octets) {
      let part = message.extracting(start..<min(start + Node.octets, message.count))
      level.append(contentsOf: node.compress(part))
      node.index += 1
    }
    return root(above: level, rounds: rounds)
  }

  /// Joins four nodes to one, level after level, until one is left.
  private static func root(above leaves: [UInt64], rounds: Int) -> MD6 {
    var level = leaves
    var node = Node(level: 1, index: 0, isRoot: false, rounds: rounds)
    while true {
      node = Node(
        level: node.level + 1, index: 0, isRoot: level.count <= Node.words, rounds: rounds)
      var next: [UInt64] = []
      for start in stride(from: 0, to: level.count, by: Node.words) {
        let part = level.span.extracting(start..<min(start + Node.words, level.count))
        let chunk = node.compress(part)
        if node.isRoot { return MD6(root: chunk) }
        next.append(contentsOf: chunk)
        node.index += 1
      }
      level = next
    }
  }

  /// The last 256 bits of the root's sixteen words.
  private init(root chunk: InlineArray<16, UInt64>) {
    words = InlineArray { chunk[12 + $0] }
  }

  /// An octet of the digest, 0 to 31.
  public subscript(position: Int) -> UInt8 {
    UInt8(truncatingIfNeeded: words[position >> 3] >> UInt64(56 - (position & 7) * 8))
  }

  /// The digest's octets in order.
  public var bytes: [UInt8] { (0..<32).map { self[$0] } }
}

extension [UInt64] {
  fileprivate mutating func append(contentsOf chunk: InlineArray<16, UInt64>) {
    for index in chunk.indices { append(chunk[index]) }
  }
}

// MARK: - Compression

/// One node of the tree: 64 words in, 16 words out.
private struct Node {
  static let words = 64
  static let octets = 512

  let level: UInt64
  var index: UInt64 = 0
  let isRoot: Bool
  let rounds: Int

  /// Compresses the octets of a leaf, at most 512.
  func compress(_ octets: Span<UInt8>) -> InlineArray<16, UInt64> {
    var ring = start(paddingBits: (Node.octets - octets.count) * 8)
    for position in octets.indices {
      let shift = UInt64(56 - (position & 7) * 8)
      ring[25 + position >> 3] |= UInt64(octets[position]) << shift
    }
    return mix(&ring)
  }

  /// Compresses the words of lower nodes, at most 64.
  func compress(_ words: Span<UInt64>) -> InlineArray<16, UInt64> {
    var ring = start(paddingBits: (Node.words - words.count) * 64)
    for position in words.indices { ring[25 + position] = words[position] }
    return mix(&ring)
  }

  /// The 25 words before the data: constants, an empty key, the node's place, the parameters.
  private func start(paddingBits: Int) -> InlineArray<128, UInt64> {
    var ring = InlineArray<128, UInt64>(repeating: 0)
    for position in 0..<15 { ring[position] = rootOfSix[position] }
    let (levels, digestBits): (UInt64, UInt64) = (64, 256)
    ring[23] = level << 56 | index
    ring[24] =
      UInt64(rounds) << 48 | levels << 40 | (isRoot ? 1 : 0) << 36
      | UInt64(paddingBits) << 20 | digestBits
    return ring
  }

  /// Runs the shift register, of which a ring of 128 words holds the 89 that count.
  private func mix(_ ring: inout InlineArray<128, UInt64>) -> InlineArray<16, UInt64> {
    var constant: UInt64 = 0x0123_4567_89ab_cdef
    var place = 89
    for _ in 0..<rounds {
      for step in 0..<16 {
        var word = constant ^ ring[(place &- 89) & 127] ^ ring[(place &- 17) & 127]
        word ^= ring[(place &- 18) & 127] & ring[(place &- 21) & 127]
        word ^= ring[(place &- 31) & 127] & ring[(place &- 67) & 127]
        word ^= word &>> rightShifts[step]
        ring[place & 127] = word ^ (word &<< leftShifts[step])
        place &+= 1
      }
      constant = constant.rotatedLeft(1) ^ (constant & 0x7311_c281_2425_cfa0)
    }
    return InlineArray { ring[(place - 16 + $0) & 127] }
  }
}

/// The first 960 bits of the fractional part of the square root of 6.
private let rootOfSix: InlineArray<15, UInt64> = [
  0x7311_c281_2425_cfa0, 0x6432_2864_34aa_c8e7, 0xb604_50e9_ef68_b7c1,
  0xe8fb_2390_8d9f_06f1, 0xdd2e_76cb_a691_e5bf, 0x0cd0_d63b_2c30_bc41,
  0x1f8c_cf68_2305_8f8a, 0x54e5_ed5b_88e3_775d, 0x4ad1_2aae_0a6d_6031,
  0x3e7f_16bb_8822_2e0d, 0x8af8_671d_3fb5_0c2c, 0x995a_d117_8bd2_5c31,
  0xc878_c1dd_04c4_b633, 0x3b72_066c_7a15_52ac, 0x0d6f_3522_631e_ffcb,
]

private let rightShifts: InlineArray<16, UInt64> = [
  10, 5, 13, 10, 11, 12, 2, 7, 14, 15, 7, 13, 11, 7, 6, 12,
]

private let leftShifts: InlineArray<16, UInt64> = [
  11, 24, 9, 16, 15, 9, 27, 15, 6, 2, 29, 8, 15, 5, 31, 9,
]
