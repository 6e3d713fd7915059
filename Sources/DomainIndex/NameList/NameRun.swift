import DNSWire

/// Names that are sorted in memory before they go to a file.
struct NameRun {
  /// A name: the first 16 octets of its key as two numbers, and where the whole key stands.
  private struct Item {
    var head: UInt64
    var neck: UInt64
    var start: UInt32
    var count: UInt16
    var row: UInt32
  }

  private var items: [Item] = []
  private var arena: [UInt8] = []

  /// Names taken, duplicates included.
  var count: Int { items.count }
  var isEmpty: Bool { items.isEmpty }

  mutating func add(_ name: borrowing NameBuffer, row: UInt32) {
    let start = arena.count
    NameKey.append(name, to: &arena)
    items.append(
      Item(
        head: word(start), neck: word(start + 8), start: UInt32(truncatingIfNeeded: start),
        count: UInt16(truncatingIfNeeded: arena.count - start), row: row))
  }

  /// Eight octets of the key at the end of the arena, big-endian; zeros behind it, which no longer
  /// key has there, as zeros only end labels.
  private func word(_ start: Int) -> UInt64 {
    var value: UInt64 = 0
    for index in start..<start + 8 {
      value = value << 8 | (index < arena.count ? UInt64(arena[index]) : 0)
    }
    return value
  }

  /// Sorts the names and hands each over once, with the rows it belongs to.
  mutating func drain(
    _ take: (_ key: [UInt8], _ rows: [UInt32]) throws(IndexError) -> Void
  ) throws(IndexError) {
    sort()
    var key: [UInt8] = []
    var rows: [UInt32] = []
    for item in items {
      let start = Int(item.start)
      let isSame = key.count == Int(item.count) && arena[start..<start + key.count] == key[...]
      if !isSame {
        if !rows.isEmpty { try take(key, rows) }
        key = Array(arena[start..<start + Int(item.count)])
        rows.removeAll(keepingCapacity: true)
      }
      if rows.last != item.row { rows.append(item.row) }
    }
    if !rows.isEmpty { try take(key, rows) }
    items.removeAll(keepingCapacity: true)
    arena.removeAll(keepingCapacity: true)
  }

  private mutating func sort() {
    let arena = self.arena
    items.sort { left, right in
      if left.head != right.head { return left.head < right.head }
      if left.neck != right.neck { return left.neck < right.neck }
      let order = Self.compareRest(left, right, arena)
      return order == 0 ? left.row < right.row : order < 0
    }
  }

  private static func compareRest(_ left: Item, _ right: Item, _ arena: [UInt8]) -> Int {
    let most = Int(min(left.count, right.count))
    var index = 16
    while index < most {
      let one = arena[Int(left.start) + index]
      let other = arena[Int(right.start) + index]
      if one != other { return one < other ? -1 : 1 }
      index += 1
    }
    return Int(left.count) - Int(right.count)
  }
}
