import Addressing

/// Numbers holders: each (kind, source, key) once, in a few octets more than its text.
///
/// Ten million keys would take a dictionary of arrays more than a gigabyte; here the texts stand one
/// behind another and an open-addressing table holds their numbers.
struct HolderTable {
  /// First octet of a holder's text: what the rest is.
  enum Kind: UInt8 {
    case subscriber = 0
    case inside = 1
  }

  /// Octets before the key: kind and source.
  static let headOctets = 2
  /// Most octets of all texts: offsets are 32 bits in the index.
  static let textLimit = Int(UInt32.max)

  /// All texts, one behind another.
  private(set) var text: [UInt8] = []
  /// Where each text begins; one more than there are holders.
  private(set) var starts: [UInt32] = [0]
  private var hashes: [UInt32] = []
  /// Holder number + 1, 0 for a free slot; a power of two, at most half full.
  private var slots = [UInt32](repeating: 0, count: 256)
  /// Makes bucket chains unpredictable for who writes the sources.
  private let secret = UInt64.random(in: .min ... .max)
  private var scratch: [UInt8] = []

  var count: Int { hashes.count }

  /// The number of a holder; nil when the table is full.
  mutating func number(of holder: Holder, source: UInt8) -> UInt32? {
    scratch.removeAll(keepingCapacity: true)
    switch holder {
    case .subscriber(let key):
      scratch.append(Kind.subscriber.rawValue)
      scratch.append(source)
      scratch.append(contentsOf: key)
    case .inside(let address):
      scratch.append(Kind.inside.rawValue)
      scratch.append(source)
      for half in [address.high, address.low] {
        for shift in stride(from: 56, through: 0, by: -8) {
          scratch.append(UInt8(truncatingIfNeeded: half >> UInt64(shift)))
        }
      }
    }
    return intern()
  }

  private mutating func intern() -> UInt32? {
    var wide = secret
    for octet in scratch { wide = (wide ^ UInt64(octet)) &* 0x0000_0100_0000_01B3 }
    let hash = UInt32(truncatingIfNeeded: wide ^ wide >> 32)
    var slot = Int(hash) & (slots.count - 1)
    while slots[slot] != 0 {
      let index = Int(slots[slot]) - 1
      if hashes[index] == hash, matches(index) { return UInt32(index) }
      slot = (slot + 1) & (slots.count - 1)
    }
    guard text.count + scratch.count <= Self.textLimit else { return nil }
    slots[slot] = UInt32(hashes.count + 1)
    hashes.append(hash)
    text.append(contentsOf: scratch)
    starts.append(UInt32(text.count))
    if hashes.count * 2 > slots.count { grow() }
    return UInt32(hashes.count - 1)
  }

  private func matches(_ index: Int) -> Bool {
    let start = Int(starts[index])
    guard Int(starts[index + 1]) - start == scratch.count else { return false }
    for offset in scratch.indices where text[start + offset] != scratch[offset] { return false }
    return true
  }

  private mutating func grow() {
    slots = [UInt32](repeating: 0, count: slots.count * 2)
    for (index, hash) in hashes.enumerated() {
      var slot = Int(hash) & (slots.count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = UInt32(index + 1)
    }
  }
}
