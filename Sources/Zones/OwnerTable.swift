import DNSWire

/// A hash table from owner names to nodes, open-addressed in one flat array.
///
/// The key is secret and new for every load, so that nobody can choose names that collide.
struct OwnerTable: Sendable {
  private let key: SipHash.Key
  /// A slot holds the node plus 1 in its low 32 bits (0 = free) and hash bits above.
  private var slots: [UInt64]
  private var count = 0

  init(key: SipHash.Key) {
    self.key = key
    slots = [UInt64](repeating: 0, count: 64)
  }

  /// The node whose name is the canonical name at `start` of `name`.
  func find(
    _ name: Span<UInt8>, from start: Int, nodes: [ZoneNode], octets: [UInt8]
  ) -> Int32? {
    let tag = SipHash.hash(name, from: start, key: key).low >> 32
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: tag) & mask
    while slots[slot] != 0 {
      let entry = slots[slot]
      if entry >> 32 == tag {
        let node = Int32(truncatingIfNeeded: entry & 0xFFFF_FFFF) - 1
        if Self.matches(nodes[Int(node)], name, start, octets) { return node }
      }
      slot = (slot + 1) & mask
    }
    return nil
  }

  private static func matches(
    _ node: ZoneNode, _ name: Span<UInt8>, _ start: Int, _ octets: [UInt8]
  ) -> Bool {
    guard Int(node.nameLength) == name.count - start else { return false }
    let stored = octets.span.extracting(Int(node.name)..<Int(node.name) + Int(node.nameLength))
    for index in stored.indices where stored[index].asciiLowercased != name[start + index] {
      return false
    }
    return true
  }

  /// Adds a node, whose canonical name stands at `start` of `name` and is not in the table.
  mutating func insert(_ node: Int32, _ name: Span<UInt8>, from start: Int) {
    // Between one third and two thirds full, probes stay short.
    if count * 3 >= slots.count * 2 { grow() }
    count += 1
    let tag = SipHash.hash(name, from: start, key: key).low >> 32
    place(tag << 32 | UInt64(UInt32(bitPattern: node) + 1))
  }

  private mutating func grow() {
    let old = slots
    slots = [UInt64](repeating: 0, count: old.count * 2)
    for entry in old where entry != 0 { place(entry) }
  }

  private mutating func place(_ entry: UInt64) {
    let mask = slots.count - 1
    // The tag alone says where an entry belongs, so that growing need not hash again.
    var slot = Int(truncatingIfNeeded: entry >> 32) & mask
    while slots[slot] != 0 { slot = (slot + 1) & mask }
    slots[slot] = entry
  }
}
