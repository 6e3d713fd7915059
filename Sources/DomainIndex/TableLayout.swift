/// Finds a slot for every name: the first bucket if it has room, else the second, else cuckoo moves.
struct TableLayout {
  let bucketCount: Int
  /// For each slot the number of the name in it plus one; 0 = empty.
  private var slots: [UInt32]

  private static let width = IndexFormat.slotsPerBucket
  /// Moves before a table counts as too full; far above what load 0.95 ever needs.
  private static let longestWalk = 2000

  /// Lays the names out, with a little more room should a table ever come out too full.
  ///
  /// - Throws: `IndexError.tooLarge` beyond 2^32 − 2 names.
  init(_ names: MergedNames) throws(IndexError) {
    guard names.count < Int(UInt32.max) - 1 else { throw .tooLarge("more than 2^32 names") }
    var load = IndexFormat.load
    while true {
      let wanted = Double(max(names.count, 1)) / (Double(Self.width) * load)
      let buckets = max(1, Int(wanted.rounded(.up)))
      if let slots = Self.fill(names, bucketCount: buckets) {
        bucketCount = buckets
        self.slots = slots
        return
      }
      load *= 0.97
    }
  }

  private static func fill(_ names: MergedNames, bucketCount: Int) -> [UInt32]? {
    var table = Filling(names: names, bucketCount: bucketCount)
    var waiting: [Int] = []
    // The names are sorted by hash and so by first bucket: this pass runs through memory in order.
    for name in 0..<names.count where !table.placeFirst(name) { waiting.append(name) }
    for name in waiting where !table.placeByMoving(name, longestWalk: longestWalk) { return nil }
    return table.slots
  }

  private struct Filling {
    let names: MergedNames
    let bucketCount: Int
    var slots: [UInt32]
    /// A fixed generator: the same names give the same table.
    var random: UInt64 = 0x9E37_79B9_7F4A_7C15

    init(names: MergedNames, bucketCount: Int) {
      self.names = names
      self.bucketCount = bucketCount
      slots = [UInt32](repeating: 0, count: bucketCount * TableLayout.width)
    }

    func position(_ name: Int) -> IndexPosition {
      IndexPosition(names.hashes[name], bucketCount: bucketCount)
    }

    mutating func placeFirst(_ name: Int) -> Bool { place(name, in: position(name).first) }

    mutating func place(_ name: Int, in bucket: Int) -> Bool {
      let start = bucket * TableLayout.width
      for slot in start..<start + TableLayout.width where slots[slot] == 0 {
        slots[slot] = UInt32(truncatingIfNeeded: name + 1)
        return true
      }
      return false
    }

    mutating func placeByMoving(_ name: Int, longestWalk: Int) -> Bool {
      var homeless = name
      var bucket = position(name).second
      for _ in 0..<longestWalk {
        if place(homeless, in: bucket) { return true }
        random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let slot = bucket * TableLayout.width + Int(random >> 61)
        let evicted = Int(slots[slot]) - 1
        slots[slot] = UInt32(truncatingIfNeeded: homeless + 1)
        homeless = evicted
        let home = position(evicted)
        bucket = home.first == bucket ? home.second : home.first
      }
      return false
    }
  }

  /// The lines section.
  func lines(_ names: MergedNames) -> [UInt8] {
    var words = [UInt64](repeating: 0, count: slots.count)
    for (slot, occupant) in slots.enumerated() where occupant != 0 {
      let position = IndexPosition(names.hashes[Int(occupant) - 1], bucketCount: bucketCount)
      words[slot] |= position.fingerprint << 2
      if slot / Self.width != position.first {
        words[position.first * Self.width + position.tag >> 1] |= 1 << UInt64(position.tag & 1)
      }
    }
    var octets: [UInt8] = []
    octets.reserveCapacity(words.count * 8)
    for word in words { octets.appendLittleEndian(word) }
    return octets
  }

  /// The payloads section.
  func payloads(_ names: MergedNames) -> [UInt8] {
    let width = names.payloadWidth
    var octets = [UInt8](repeating: 0, count: slots.count * width)
    for (slot, occupant) in slots.enumerated() where occupant != 0 {
      let payload = names.payloads[Int(occupant) - 1]
      for index in 0..<width {
        octets[slot * width + index] = UInt8(truncatingIfNeeded: payload >> UInt64(8 * index))
      }
    }
    return octets
  }
}
