import Addressing
import DataFiles
import Evidence

/// An index opened for look-ups: immutable, safe to share between threads.
///
/// Opening reads the whole file once to check it (about a second per gigabyte): a damaged row would
/// accuse the wrong line.
package final class SubscriberIndex: Sendable {
  private typealias Format = SubscriberIndexFormat

  /// The path it was opened at.
  package let path: String
  /// When it was written, microseconds since 1970.
  package let builtAt: Int64
  /// Octets of the file.
  package let fileSize: Int
  /// What was read to make it; source numbers count from 0.
  package let sources: [SourceSummary]
  /// Translators whose mapping is computed.
  package let rules: [DeterministicMapping]

  /// The addresses of one prefix length.
  struct Group: Sendable {
    var length: Int
    var keyOctets: Int
    var firstPlace: Int
    var count: Int
    var keyOffset: Int
  }

  /// Longest prefixes first.
  let groups: [Group]
  private let file: MappedFile
  private let keysOffset: Int
  let placeSlots: MappedColumn<UInt32>
  let slotIntervals: MappedColumn<UInt32>
  let firstPorts: MappedColumn<UInt16>
  private let lastPorts: SearchableEnds<UInt16>
  let transports: MappedColumn<UInt8>
  let starts: MappedColumn<Int64>
  let ends: SearchableEnds<Int64>
  private let holderNumbers: MappedColumn<UInt32>
  private let holderStarts: MappedColumn<UInt32>
  private let holderText: Range<Int>

  /// Intervals in the index.
  package var intervalCount: Int { starts.count }
  /// Addresses and prefixes in the index.
  package var placeCount: Int { max(0, placeSlots.count - 1) }
  /// Different (line, source) pairs and inside addresses.
  package var holderCount: Int { max(0, holderStarts.count - 1) }

  /// Opens and checks the index at `path`.
  package init(path: String) throws(SubscriberIndexError) {
    self.path = path
    let file = try MappedFile(
      path: path, atLeast: SubscriberIndexFormat.pageOctets, throwing: SubscriberIndexError.self)
    self.file = file
    let sections = try IndexSections(file, path: path)
    fileSize = file.count
    builtAt = file.number(at: Format.builtOffset, as: Int64.self)
    keysOffset = sections.range(.keys).lowerBound
    placeSlots = sections.column(.placeSlots)
    slotIntervals = sections.column(.slotIntervals)
    firstPorts = sections.column(.firstPorts)
    transports = sections.column(.transports)
    starts = sections.column(.starts)
    holderNumbers = sections.column(.holders)
    holderStarts = sections.column(.holderStarts)
    holderText = sections.range(.holderText)
    guard
      let lastPorts = SearchableEnds<UInt16>(
        sections.column(.lastPorts), maxima: sections.column(.portMaxima)),
      let ends = SearchableEnds<Int64>(sections.column(.ends), maxima: sections.column(.endMaxima)),
      firstPorts.count == lastPorts.count, firstPorts.count == transports.count,
      starts.count == ends.count, starts.count == holderNumbers.count,
      let groups = sections.groups(places: placeSlots.count - 1)
    else { throw .damaged(path: path, what: "its sections do not fit together") }
    self.lastPorts = lastPorts
    self.ends = ends
    self.groups = groups.sorted { $0.length > $1.length }
    rules = sections.rules()
    sources = sections.sources()
  }

  // MARK: - Searching

  /// The place of `address` in a group; nil when the group does not have it.
  func place(of address: IPAddress, in group: Group) -> Int? {
    guard address.isIPv4 == (group.keyOctets == 4) else { return nil }
    let wanted = IPPrefix(address: address, length: group.length).address
    var low = 0
    var high = group.count
    while low < high {
      let middle = (low + high) / 2
      if key(middle, group) < wanted { low = middle + 1 } else { high = middle }
    }
    guard low < group.count, key(low, group) == wanted else { return nil }
    return group.firstPlace + low
  }

  @inline(__always)
  func key(_ index: Int, _ group: Group) -> IPAddress {
    let offset = keysOffset + group.keyOffset + index * group.keyOctets
    switch group.keyOctets {
    case 4: return IPAddress(ipv4: file.number(at: offset, as: UInt32.self))
    case 8: return IPAddress(high: file.number(at: offset, as: UInt64.self), low: 0)
    default:
      return IPAddress(
        high: file.number(at: offset, as: UInt64.self),
        low: file.number(at: offset + 8, as: UInt64.self))
    }
  }

  /// Gives the holder numbers of all intervals of a place that hold the port and touch the window,
  /// until `body` says false.
  ///
  /// - Parameters:
  ///   - port: nil takes every port.
  ///   - window: instants, both ends included.
  func forEachHolder(
    at place: Int, port: UInt16?, transport: IPProtocol, window: ClosedRange<Int64>,
    _ body: (UInt32) -> Bool
  ) {
    let slots = range(placeSlots, place, limit: firstPorts.count)
    var end = port.map { self.end(of: slots, startingBy: $0) } ?? slots.upperBound
    while end > slots.lowerBound {
      guard
        let slot = lastPorts.lastIndex(in: slots.lowerBound..<end, endingAtLeast: port ?? 0)
      else { return }
      end = slot
      let own = IPProtocol(rawValue: transports[slot])
      guard own == .any || transport == .any || own == transport else { continue }
      guard forEachHolder(inSlot: slot, window, body) else { return }
    }
  }

  /// False when `body` has heard enough.
  private func forEachHolder(
    inSlot slot: Int, _ window: ClosedRange<Int64>, _ body: (UInt32) -> Bool
  ) -> Bool {
    let intervals = range(slotIntervals, slot, limit: starts.count)
    // Ends are exclusive: one that ends as the window begins is past.
    guard window.lowerBound < .max else { return true }
    var end = self.end(of: intervals, startingBy: window.upperBound)
    while end > intervals.lowerBound,
      let interval = ends.lastIndex(
        in: intervals.lowerBound..<end, endingAtLeast: window.lowerBound + 1)
    {
      guard body(holderNumbers[interval]) else { return false }
      end = interval
    }
    return true
  }

  /// Entries `index` and `index + 1` of a table of positions, made harmless if the file is crafted.
  private func range(_ table: MappedColumn<UInt32>, _ index: Int, limit: Int) -> Range<Int> {
    guard index >= 0, index + 1 < table.count else { return 0..<0 }
    let end = min(Int(table[index + 1]), limit)
    return min(Int(table[index]), end)..<end
  }

  /// How far slots begin at or below a port.
  private func end(of slots: Range<Int>, startingBy port: UInt16) -> Int {
    var low = slots.lowerBound
    var high = slots.upperBound
    while low < high {
      let middle = (low + high) / 2
      if firstPorts[middle] <= port { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// How far intervals begin at or before an instant.
  private func end(of intervals: Range<Int>, startingBy instant: Int64) -> Int {
    var low = intervals.lowerBound
    var high = intervals.upperBound
    while low < high {
      let middle = (low + high) / 2
      if starts[middle] <= instant { low = middle + 1 } else { high = middle }
    }
    return low
  }

  // MARK: - Holders

  /// What a holder number stands for; nil for none of this index.
  func holder(_ number: UInt32) -> (holder: Holder, source: Int)? {
    guard Int(number) + 1 < holderStarts.count else { return nil }
    let start = Int(holderStarts[Int(number)])
    let end = Int(holderStarts[Int(number) + 1])
    guard start + HolderTable.headOctets <= end, end <= holderText.count else { return nil }
    let text = file.octets(holderText.lowerBound + start..<holderText.lowerBound + end)
    let rest = text[HolderTable.headOctets...]
    switch HolderTable.Kind(rawValue: text[0]) {
    case .subscriber: return (.subscriber(rest), Int(text[1]))
    case .inside where rest.count == 16:
      let halves = [rest.prefix(8), rest.suffix(8)]
        .map { $0.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
      return (.inside(IPAddress(high: halves[0], low: halves[1])), Int(text[1]))
    default: return nil
    }
  }
}
