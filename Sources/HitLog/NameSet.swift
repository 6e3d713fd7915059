/// A set of ordinals within one chunk of 4,096, in the smaller of two forms.
///
/// Up to 255 members: ascending u16, big-endian. More: a bitmap of exactly 512 octets, ordinal o in
/// bit o mod 8 of octet o / 8. The length tells which; both can be joined without knowing the past.
enum NameSet {
  static let chunkOrdinals: UInt32 = 4096
  private static let bitmapBytes = 512

  /// Adds ordinals (below 4,096, ascending, repeats allowed).
  ///
  /// - Returns: the new form and how many of the ordinals were new.
  static func adding(
    _ ordinals: some Sequence<UInt16>, to members: [UInt8]
  ) -> (members: [UInt8], added: Int) {
    var bitmap = expand(members)
    var added = 0
    for ordinal in ordinals {
      let bit: UInt8 = 1 << (ordinal & 7)
      let octet = Int(ordinal >> 3)
      if bitmap[octet] & bit == 0 { added += 1 }
      bitmap[octet] |= bit
    }
    return added == 0 ? (members, 0) : (compact(bitmap), added)
  }

  /// The members of a stored chunk, ascending.
  static func members(of stored: [UInt8]) -> [UInt16] {
    let bitmap = expand(stored)
    return (0..<UInt16(chunkOrdinals)).filter { bitmap[Int($0 >> 3)] & (1 << ($0 & 7)) != 0 }
  }

  private static func expand(_ members: [UInt8]) -> [UInt8] {
    if members.count == bitmapBytes { return members }
    var bitmap = [UInt8](repeating: 0, count: bitmapBytes)
    for index in stride(from: 0, to: members.count - 1, by: 2) {
      let ordinal = (UInt16(members[index]) << 8 | UInt16(members[index + 1])) & 0xfff
      bitmap[Int(ordinal >> 3)] |= 1 << (ordinal & 7)
    }
    return bitmap
  }

  private static func compact(_ bitmap: [UInt8]) -> [UInt8] {
    let count = bitmap.reduce(0) { $0 + $1.nonzeroBitCount }
    guard count * 2 < bitmapBytes else { return bitmap }
    var list: [UInt8] = []
    list.reserveCapacity(count * 2)
    for (octet, bits) in bitmap.enumerated() where bits != 0 {
      for bit in 0..<8 where bits & (1 << bit) != 0 {
        let ordinal = octet * 8 + bit
        list += [UInt8(ordinal >> 8), UInt8(ordinal & 0xff)]
      }
    }
    return list
  }
}
