/// Which generator was the first to give a name, for many millions of names in little memory.
///
/// Names are kept as 64 bits of their keyed hash: two names of n share them by chance with a
/// probability of n² / 2^65, 0.003 for 300 million. Open addressing, 12 octets a slot.
struct OwnerTable {
  /// What became of a name.
  enum Result: Equatable {
    /// It is the first one with its hash.
    case added
    /// A generator gave it before.
    case known(generator: UInt32)
    /// There is no room left.
    case full
  }

  private let mostSlots: Int
  private var hashes: [UInt64]
  /// Generator number + 1; 0 for a free slot.
  private var owners: [UInt32]
  private(set) var count = 0

  /// A table that grows to at most so many slots, a power of two.
  init(mostSlots: Int) {
    self.mostSlots = mostSlots
    let slots = min(mostSlots, 1 << 12)
    hashes = [UInt64](repeating: 0, count: slots)
    owners = [UInt32](repeating: 0, count: slots)
  }

  /// Enters a name unless it is there.
  mutating func enter(_ hash: UInt64, generator: UInt32) -> Result {
    let slot = slot(of: hash)
    guard owners[slot] == 0 else { return .known(generator: owners[slot] - 1) }
    // Beyond 3/4 probing gets long.
    guard count < owners.count / 4 * 3 else {
      guard owners.count < mostSlots else { return .full }
      grow()
      return enter(hash, generator: generator)
    }
    hashes[slot] = hash
    owners[slot] = generator + 1
    count += 1
    return .added
  }

  /// The slot that has the hash, or the free one where it belongs.
  private func slot(of hash: UInt64) -> Int {
    let mask = owners.count - 1
    var slot = Int(truncatingIfNeeded: hash & UInt64(mask))
    while owners[slot] != 0, hashes[slot] != hash { slot = (slot + 1) & mask }
    return slot
  }

  private mutating func grow() {
    let (oldHashes, oldOwners) = (hashes, owners)
    hashes = [UInt64](repeating: 0, count: oldHashes.count * 2)
    owners = [UInt32](repeating: 0, count: oldOwners.count * 2)
    for index in oldOwners.indices where oldOwners[index] != 0 {
      let slot = slot(of: oldHashes[index])
      hashes[slot] = oldHashes[index]
      owners[slot] = oldOwners[index]
    }
  }
}
