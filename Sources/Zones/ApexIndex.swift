import DNSWire

/// Finds the zone that encloses a name.
struct ApexIndex: Sendable {
  private let zones: [LoadedZone]
  private let key: SipHash.Key
  /// A slot holds the zone plus 1 (0 = free); the table is at most half full.
  private let slots: [UInt32]
  /// Bit n is set when some apex has n labels: only such suffixes of a name are looked up.
  private let labelCounts: (low: UInt64, high: UInt64)

  init(_ zones: [LoadedZone]) {
    self.zones = zones
    key = .random()
    var counts: (low: UInt64, high: UInt64) = (0, 0)
    var capacity = 2
    while capacity < zones.count * 2 { capacity *= 2 }
    var slots = [UInt32](repeating: 0, count: capacity)
    for (index, zone) in zones.enumerated() {
      let labels = zone.data.apexLabels
      if labels < 64 { counts.low |= 1 << labels } else { counts.high |= 1 << (labels - 64) }
      var slot = Self.slot(zone.data.apex.canonical.span, from: 0, key, capacity)
      while slots[slot] != 0 { slot = (slot + 1) % capacity }
      slots[slot] = UInt32(index + 1)
    }
    self.slots = slots
    labelCounts = counts
  }

  private static func slot(
    _ name: Span<UInt8>, from start: Int, _ key: SipHash.Key, _ capacity: Int
  ) -> Int {
    Int(truncatingIfNeeded: SipHash.hash(name, from: start, key: key).low) & (capacity - 1)
  }

  /// The zone with the longest apex of at most `maximumLabels` labels that encloses `name`.
  func closest(_ name: borrowing NameBuffer, maximumLabels: Int) -> LoadedZone? {
    let bytes = name.canonicalBytes
    var labels = min(maximumLabels, name.labelCount)
    while labels >= 0 {
      if hasApex(labels: labels) {
        let start = name.labelOffset(name.labelCount - labels)
        if let zone = find(bytes, from: start) { return zone }
      }
      labels -= 1
    }
    return nil
  }

  private func hasApex(labels: Int) -> Bool {
    labels < 64
      ? labelCounts.low >> UInt64(labels) & 1 != 0
      : labelCounts.high >> UInt64(labels - 64) & 1 != 0
  }

  private func find(_ name: Span<UInt8>, from start: Int) -> LoadedZone? {
    var slot = Self.slot(name, from: start, key, slots.count)
    while slots[slot] != 0 {
      let zone = zones[Int(slots[slot]) - 1]
      if zone.data.isApex(name, from: start) { return zone }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }
}

extension CompiledZone {
  /// Whether the canonical name at `start` of `name` is the apex.
  func isApex(_ name: Span<UInt8>, from start: Int) -> Bool {
    let wire = apex.wire
    guard wire.count == name.count - start else { return false }
    for index in wire.indices where wire[index].asciiLowercased != name[start + index] {
      return false
    }
    return true
  }
}
