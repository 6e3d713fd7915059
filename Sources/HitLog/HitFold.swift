// Unsafe: keeps views of records that stay in their rings until the batch is committed.

/// Folds the equal hits of one batch into counts.
///
/// Equal means: same client, device, relay, server, transport, flags, action, type, index generation and payload,
/// and the same name but for letter case. The first hit's port and spelling stand for all.
struct HitFold {
  /// A distinct hit of the batch and how often it came.
  struct Entry {
    let record: HitRecord
    var first: Int64
    var last: Int64
    var count: Int64
    fileprivate let hash: UInt64
  }

  private(set) var entries: ContiguousArray<Entry> = []
  /// Records taken, repeats included.
  private(set) var recordCount = 0
  private var table: ContiguousArray<Int32> = []
  private let mask: Int

  /// Room for a batch of at most `capacity` records.
  init(capacity: Int) {
    var size = 1024
    while size < capacity * 2 { size *= 2 }
    mask = size - 1
    table = ContiguousArray(repeating: -1, count: size)
    entries.reserveCapacity(min(capacity, 16_384))
  }

  /// Forgets the batch but keeps the room.
  mutating func removeAll() {
    for entry in entries {
      var slot = Int(truncatingIfNeeded: entry.hash) & mask
      while table[slot] != -1 {
        table[slot] = -1
        slot = (slot + 1) & mask
      }
    }
    entries.removeAll(keepingCapacity: true)
    recordCount = 0
  }

  /// Adds one record.
  mutating func add(_ record: HitRecord) {
    let hash = record.foldHash
    let slot = find(record, hash: hash)
    if table[slot] >= 0 {
      count(record, at: Int(table[slot]))
      return
    }
    recordCount += 1
    table[slot] = Int32(entries.count)
    let time = record.timeMicroseconds
    entries.append(Entry(record: record, first: time, last: time, count: 1, hash: hash))
  }

  /// Counts a record that equals a known one; false when it is new.
  mutating func addRepeat(of record: HitRecord) -> Bool {
    let index = table[find(record, hash: record.foldHash)]
    guard index >= 0 else { return false }
    count(record, at: Int(index))
    return true
  }

  /// The table slot of an equal entry, or the free slot where the record belongs.
  private func find(_ record: HitRecord, hash: UInt64) -> Int {
    var slot = Int(truncatingIfNeeded: hash) & mask
    while table[slot] >= 0 {
      let index = Int(table[slot])
      if entries[index].hash == hash, entries[index].record.folds(with: record) { break }
      slot = (slot + 1) & mask
    }
    return slot
  }

  private mutating func count(_ record: HitRecord, at index: Int) {
    recordCount += 1
    let time = record.timeMicroseconds
    entries[index].first = min(entries[index].first, time)
    entries[index].last = max(entries[index].last, time)
    entries[index].count += 1
  }
}
