import Evidence

/// The `more` column: what a narrow row has no column for.
///
/// First octet 1 = further matches
/// (provenance id u64, ordinal u32, has-ordinal u8, repeated), 2 = generation u64, payload u64;
/// integers big-endian.
enum MoreBlob {
  /// A further match as it is stored.
  struct FurtherMatch: Equatable {
    let provenance: Int64
    let ordinal: UInt32?
  }

  static func encode(_ matches: [FurtherMatch]) -> [UInt8] {
    var octets: [UInt8] = [1]
    for match in matches {
      append(UInt64(bitPattern: match.provenance), 8, to: &octets)
      append(UInt64(match.ordinal ?? 0), 4, to: &octets)
      octets.append(match.ordinal == nil ? 0 : 1)
    }
    return octets
  }

  static func encode(unresolved: HitRow.UnresolvedMatch) -> [UInt8] {
    var octets: [UInt8] = [2]
    append(unresolved.generation, 8, to: &octets)
    append(unresolved.payload, 8, to: &octets)
    return octets
  }

  static func decode(_ octets: [UInt8]) -> ([FurtherMatch], HitRow.UnresolvedMatch?) {
    if octets.first == 2, octets.count == 17 {
      let unresolved = HitRow.UnresolvedMatch(
        generation: number(octets[1..<9]), payload: number(octets[9..<17]))
      return ([], unresolved)
    }
    guard octets.first == 1 else { return ([], nil) }
    let matches = stride(from: 1, to: octets.count - 12, by: 13).map { at in
      FurtherMatch(
        provenance: Int64(bitPattern: number(octets[at..<at + 8])),
        ordinal: octets[at + 12] == 0 ? nil : UInt32(number(octets[at + 8..<at + 12])))
    }
    return (matches, nil)
  }

  private static func append(_ value: UInt64, _ count: Int, to octets: inout [UInt8]) {
    for index in (0..<count).reversed() {
      octets.append(UInt8(truncatingIfNeeded: value >> (8 * index)))
    }
  }

  private static func number(_ octets: ArraySlice<UInt8>) -> UInt64 {
    octets.reduce(0) { $0 << 8 | UInt64($1) }
  }
}
