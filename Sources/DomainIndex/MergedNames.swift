import DNSWire

/// The distinct names of an index in hash order, each with its payload.
struct MergedNames {
  private(set) var hashes: [SipHash.Value] = []
  private(set) var payloads: [UInt64] = []
  private(set) var listOctets: [UInt8] = []
  private(set) var collidingCount = 0
  /// Bits of an ordinal in a payload that is no list.
  let ordinalBits: Int
  /// Bits of the largest payload.
  private(set) var payloadBits = 0

  var count: Int { hashes.count }
  var payloadWidth: Int { max(1, (payloadBits + 7) / 8) }

  private var listWords = 0

  /// Merges sorted entries: equal hashes become one name, equal (hash, row) pairs keep the first
  /// ordinal.
  init(_ entries: [IndexBuilder.Entry], rowCount: Int) {
    let highest = entries.reduce(UInt32(0)) { max($0, $1.ordinal & ~IndexBuilder.collidingBit) }
    ordinalBits = Int(Self.bits(UInt64(highest)))
    let direct = ordinalBits + Self.bits(UInt64(max(rowCount - 1, 0)))
    hashes.reserveCapacity(entries.count)
    payloads.reserveCapacity(entries.count)
    var start = 0
    var lastList = 0
    while start < entries.count {
      var end = start + 1
      while end < entries.count, Self.isSame(entries[start], entries[end]) { end += 1 }
      if let list = append(entries[start..<end]) { lastList = list }
      start = end
    }
    payloadBits = max(direct, Self.bits(UInt64(lastList))) + IndexFormat.payloadFlagBits
  }

  private static func bits(_ value: UInt64) -> Int { 64 - value.leadingZeroBitCount }

  private static func isSame(_ left: IndexBuilder.Entry, _ right: IndexBuilder.Entry) -> Bool {
    left.low == right.low && left.high == right.high
  }

  /// Appends one name; returns the list position if it needed a list.
  private mutating func append(_ run: ArraySlice<IndexBuilder.Entry>) -> Int? {
    guard let first = run.first else { return nil }
    hashes.append(SipHash.Value(low: first.low, high: first.high))
    let isColliding = run.contains { $0.ordinal & IndexBuilder.collidingBit != 0 }
    if isColliding { collidingCount += 1 }
    let flags = isColliding ? IndexFormat.isColliding : 0
    if run.count == 1 || run.dropFirst().allSatisfy({ $0.row == first.row }) {
      let ordinal = UInt64(first.ordinal & ~IndexBuilder.collidingBit)
      let value = UInt64(first.row) << UInt64(ordinalBits) | ordinal
      payloads.append(value << UInt64(IndexFormat.payloadFlagBits) | flags)
      return nil
    }
    let list = appendList(run)
    payloads.append(
      UInt64(list) << UInt64(IndexFormat.payloadFlagBits) | IndexFormat.isList | flags)
    return list
  }

  private mutating func appendList(_ run: ArraySlice<IndexBuilder.Entry>) -> Int {
    var origins: [(row: UInt32, ordinal: UInt32)] = []
    for entry in run where entry.row != origins.last?.row {
      origins.append((entry.row, entry.ordinal & ~IndexBuilder.collidingBit))
    }
    let start = listWords
    append(word: UInt32(truncatingIfNeeded: origins.count))
    for origin in origins {
      append(word: origin.row)
      append(word: origin.ordinal)
    }
    return start
  }

  private mutating func append(word: UInt32) {
    for shift in stride(from: UInt32(0), to: 32, by: 8) {
      listOctets.append(UInt8(truncatingIfNeeded: word >> shift))
    }
    listWords += 1
  }
}
