/// Writes the compact binary form of states: variable-length numbers (LEB128) and counted octets.
struct StateWriter {
  /// What has been written.
  private(set) var octets: [UInt8] = []

  /// Seven bits an octet, the low ones first; the high bit says that more follow.
  mutating func number(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      octets.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    octets.append(UInt8(rest))
  }

  /// A count or an index.
  mutating func count(_ value: Int) { number(UInt64(value)) }

  /// A signed number, so that small ones of either sign are short (zigzag).
  mutating func signed(_ value: Int64) {
    number(UInt64(bitPattern: value << 1 ^ value >> 63))
  }

  /// A signed number as its distance from another: times near each other are short.
  mutating func signed(_ value: Int64, from base: Int64) { signed(value &- base) }

  /// An optional signed number: an octet that says whether it is there, then the number.
  mutating func optional(_ value: Int64?, from base: Int64 = 0) {
    octet(value == nil ? 0 : 1)
    if let value { signed(value, from: base) }
  }

  /// One octet.
  mutating func octet(_ value: UInt8) { octets.append(value) }

  /// A truth value.
  mutating func flag(_ value: Bool) { octets.append(value ? 1 : 0) }

  /// Octets after their number.
  mutating func bytes(_ value: some Collection<UInt8>) {
    count(value.count)
    octets += value
  }

  /// Items after their number.
  mutating func list<Item>(_ items: [Item], _ write: (inout StateWriter, Item) -> Void) {
    count(items.count)
    for item in items { write(&self, item) }
  }
}
