import Addressing
import Evidence

/// Gathers intervals from all sources until the index is written.
///
/// One interval takes 48 octets here; order does not matter, and what the same holder had without a
/// gap becomes one interval when it is written.
package struct IntervalSet: Sendable {
  /// An interval as it waits to be sorted.
  struct Packed {
    var high: UInt64
    var low: UInt64
    var from: Int64
    var to: Int64
    var holder: UInt32
    var firstPort: UInt16
    var lastPort: UInt16
    var length: UInt8
    var transport: UInt8
  }

  /// Most intervals of one index: positions are 32 bits.
  package static let limit = Int(UInt32.max) - 1

  /// Intervals that ended at or before this instant are not kept, microseconds since 1970.
  ///
  /// What is not needed any more must not lie about (data minimisation).
  package let keepFrom: Int64
  /// Intervals left out because they ended too long ago.
  package private(set) var expired = 0
  /// Intervals left out because the index is full.
  package private(set) var refused = 0

  private(set) var packed: [Packed] = []
  private(set) var holders = HolderTable()
  /// Translators whose mapping is computed.
  package private(set) var rules: [DeterministicMapping] = []

  /// Intervals gathered.
  package var count: Int { packed.count }

  /// Makes an empty set.
  package init(keepFrom: Int64 = .min) { self.keepFrom = keepFrom }

  /// Adds an interval of `holder`, told by source number `source`; an empty one is left out.
  ///
  /// A key must be valid (`SubscriberKey.isValid`).
  package mutating func add(_ interval: AddressInterval, _ holder: Holder, source: UInt8) {
    guard interval.from < interval.to else { return }
    guard interval.to > keepFrom else {
      expired += 1
      return
    }
    guard packed.count < Self.limit, let number = holders.number(of: holder, source: source) else {
      refused += 1
      return
    }
    packed.append(
      Packed(
        high: interval.prefix.address.high, low: interval.prefix.address.low, from: interval.from,
        to: interval.to, holder: number, firstPort: interval.ports.lowerBound,
        lastPort: interval.ports.upperBound, length: UInt8(interval.prefix.length),
        transport: interval.transport.rawValue))
  }

  /// Adds a translator whose mapping is computed.
  package mutating func add(_ rule: DeterministicMapping) {
    guard rule.to > keepFrom else {
      expired += 1
      return
    }
    rules.append(rule)
  }

  /// Sorts into the order of the index and joins what one holder had without a gap.
  mutating func settle() {
    packed.sort(by: Packed.precedes)
    var written = 0
    var slotStart = 0
    for index in packed.indices {
      let next = packed[index]
      if written == slotStart || !packed[written - 1].isSameSlot(next) {
        slotStart = written
      } else if let earlier = joinable(next, slotStart..<written) {
        packed[earlier].to = max(packed[earlier].to, next.to)
        continue
      }
      packed[written] = next
      written += 1
    }
    packed.removeSubrange(written...)
  }

  /// Intervals looked back at for one of the same holder; beyond that two rows say the same.
  private static let joinReach = 16

  /// An earlier interval of the same holder that reaches up to `next`.
  private func joinable(_ next: Packed, _ slot: Range<Int>) -> Int? {
    for index in slot.suffix(Self.joinReach).reversed() where packed[index].holder == next.holder {
      return packed[index].to >= next.from ? index : nil
    }
    return nil
  }
}

extension IntervalSet.Packed {
  /// By prefix length, address, ports, protocol, then time.
  static func precedes(_ left: Self, _ right: Self) -> Bool {
    if left.high != right.high || left.low != right.low || left.length != right.length {
      if left.length != right.length { return left.length < right.length }
      return left.high == right.high ? left.low < right.low : left.high < right.high
    }
    let leftSlot = left.slotNumber
    let rightSlot = right.slotNumber
    if leftSlot != rightSlot { return leftSlot < rightSlot }
    if left.from != right.from { return left.from < right.from }
    return left.holder < right.holder
  }

  /// Ports and protocol as one number.
  var slotNumber: UInt64 {
    UInt64(firstPort) << 24 | UInt64(lastPort) << 8 | UInt64(transport)
  }

  func isSamePlace(_ other: Self) -> Bool {
    high == other.high && low == other.low && length == other.length
  }

  func isSameSlot(_ other: Self) -> Bool {
    isSamePlace(other) && slotNumber == other.slotNumber
  }
}
