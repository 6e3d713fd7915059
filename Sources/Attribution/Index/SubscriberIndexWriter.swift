import Addressing
import DataFiles
import Glibc

/// Writes an index: under another name first, then renamed, so that readers see the old or the new.
package enum SubscriberIndexWriter {
  /// Writes the intervals of `set`, which is used up, to `path` with these file rights.
  ///
  /// - Parameters:
  ///   - builtAt: now, microseconds since 1970.
  ///   - sources: what was read; source number n of the intervals is the n-th of these.
  ///   - mode: rights of the file, `0o600` or `0o640`.
  /// - Returns: octets of the file.
  @discardableResult
  package static func write(
    _ set: consuming IntervalSet, sources: [SourceSummary], builtAt: Int64, to path: String,
    mode: UInt32 = 0o600
  ) throws(SubscriberIndexError) -> Int {
    var set = set
    set.settle()
    let sections = sections(of: set, sources)
    return try IndexOutput.write(sections, builtAt: builtAt, to: path, mode: mode)
  }

  /// The sections' octets, in the order of the format.
  private static func sections(of set: IntervalSet, _ sources: [SourceSummary]) -> [[UInt8]] {
    let layout = IndexLayout(set.packed)
    return [
      layout.groups, layout.keys, octets(layout.placeSlots), octets(layout.slotIntervals),
      octets(layout.firstPorts), octets(layout.lastPorts),
      octets(RangeMaxima.levels(of: layout.lastPorts)), layout.transports,
      octets(set.packed.lazy.map(\.from)), octets(set.packed.lazy.map(\.to)),
      octets(RangeMaxima.levels(of: set.packed.map(\.to))), octets(set.packed.lazy.map(\.holder)),
      octets(set.holders.starts), set.holders.text,
      set.rules.flatMap(\.octets), Array(sources.map { $0.line + "\n" }.joined().utf8),
    ]
  }

  /// Numbers as little-endian octets.
  private static func octets<Number: FixedWidthInteger>(
    _ numbers: some Collection<Number>
  ) -> [UInt8] {
    var octets: [UInt8] = []
    octets.reserveCapacity(numbers.count * MemoryLayout<Number>.size)
    for number in numbers { octets.appendLittleEndian(number) }
    return octets
  }
}

/// Places and slots of sorted intervals.
private struct IndexLayout {
  var groups: [UInt8] = []
  var keys: [UInt8] = []
  var placeSlots: [UInt32] = []
  var slotIntervals: [UInt32] = []
  var firstPorts: [UInt16] = []
  var lastPorts: [UInt16] = []
  var transports: [UInt8] = []

  /// What a group's places have in common.
  private struct Group: Equatable {
    var length: Int
    var keyOctets: Int
    var firstPlace = 0
    var keyOffset = 0
    static func == (left: Group, right: Group) -> Bool {
      left.length == right.length && left.keyOctets == right.keyOctets
    }
  }

  init(_ packed: [IntervalSet.Packed]) {
    var group: Group?
    var previous: IntervalSet.Packed?
    for (index, interval) in packed.enumerated() {
      let isNewPlace = previous.map { !$0.isSamePlace(interval) } ?? true
      if isNewPlace { beginPlace(interval, &group) }
      if isNewPlace || previous.map({ !$0.isSameSlot(interval) }) ?? true {
        slotIntervals.append(UInt32(index))
        firstPorts.append(interval.firstPort)
        lastPorts.append(interval.lastPort)
        transports.append(interval.transport)
      }
      previous = interval
    }
    if let group { end(group) }
    placeSlots.append(UInt32(slotIntervals.count))
    slotIntervals.append(UInt32(packed.count))
  }

  private mutating func beginPlace(_ interval: IntervalSet.Packed, _ group: inout Group?) {
    let isIPv4 = IPAddress(high: interval.high, low: interval.low).isIPv4
    let length = Int(interval.length)
    let wanted = Group(
      length: length, keyOctets: isIPv4 && length >= 96 ? 4 : length <= 64 ? 8 : 16,
      firstPlace: placeSlots.count, keyOffset: keys.count)
    if group != wanted {
      if let group { end(group) }
      group = wanted
    }
    placeSlots.append(UInt32(slotIntervals.count))
    switch wanted.keyOctets {
    case 4: keys.appendLittleEndian(UInt32(truncatingIfNeeded: interval.low))
    case 8: keys.appendLittleEndian(interval.high)
    default:
      keys.appendLittleEndian(interval.high)
      keys.appendLittleEndian(interval.low)
    }
  }

  private mutating func end(_ group: Group) {
    for number in [
      group.length, group.keyOctets, group.firstPlace, placeSlots.count - group.firstPlace,
      group.keyOffset,
    ] { groups.appendLittleEndian(UInt64(number)) }
  }
}

/// Writes sections with their header.
private enum IndexOutput {
  private typealias Format = SubscriberIndexFormat

  static func write(_ sections: [[UInt8]], builtAt: Int64, to path: String, mode: UInt32)
    throws(SubscriberIndexError) -> Int
  {
    var header = [UInt8](repeating: 0, count: Format.pageOctets)
    header.setLittleEndian(Format.magic, at: 0)
    header.setLittleEndian(Format.version, at: Format.versionOffset)
    header.setLittleEndian(builtAt, at: Format.builtOffset)
    var offset = Format.pageOctets
    var places: [Int] = []
    for (index, section) in sections.enumerated() {
      let entry = Format.sectionsOffset + index * Format.sectionOctets
      header.setLittleEndian(UInt64(offset), at: entry)
      header.setLittleEndian(UInt64(section.count), at: entry + 8)
      header.setLittleEndian(SectionChecksum.of(section), at: entry + 16)
      places.append(offset)
      // Each section on a line of the cache.
      offset += (section.count + 63) / 64 * 64
    }
    header.setLittleEndian(UInt64(offset), at: Format.sizeOffset)
    header.setLittleEndian(
      SectionChecksum.of(Array(header[..<Format.checksumOffset])), at: Format.checksumOffset)
    let temporary = path + ".new"
    let file = try OutputFile<SubscriberIndexError>(path: temporary, mode: mode)
    do throws(SubscriberIndexError) {
      try file.write(header, at: 0)
      for (section, place) in zip(sections, places) { try file.write(section, at: place) }
      try file.finish(size: offset)
      try OutputFile<SubscriberIndexError>.rename(temporary, to: path)
    } catch {
      unsafe unlink(temporary)
      throw error
    }
    return offset
  }
}

extension [UInt8] {
  /// Appends a number, least octet first.
  mutating func appendLittleEndian(_ number: some FixedWidthInteger) {
    var rest = number
    for _ in 0..<(number.bitWidth / 8) {
      append(UInt8(truncatingIfNeeded: rest))
      rest >>= 8
    }
  }

  /// Writes a number over the octets at `offset`.
  mutating func setLittleEndian(_ number: some FixedWidthInteger, at offset: Int) {
    for index in 0..<(number.bitWidth / 8) {
      self[offset + index] = UInt8(truncatingIfNeeded: number >> (8 * index))
    }
  }
}
