/// Finds what a list of prefixes says about an address: binary search over disjoint ranges.
///
/// Prefixes are either disjoint or nested, so n of them cut the addresses into at most 2n + 1
/// ranges. Looking up allocates nothing and takes about log2(n) steps; IPv4 ranges, kept
/// apart, take 6 octets each.
public struct PrefixTable: Sendable {
  /// Which of several prefixes that hold an address decides.
  public enum Precedence: Sendable {
    /// The one that comes first in the list.
    case first
    /// The longest; of equal ones the first.
    case longest
  }

  /// What is said of addresses in no prefix.
  public static let none: UInt16 = .max

  private let ranges: Ranges

  /// Ranges kept.
  public var rangeCount: Int { ranges.ipv4.values.count + ranges.ipv6.values.count }

  /// Makes a table of prefixes and what they say (anything but `none`).
  public init(_ entries: [(prefix: IPPrefix, value: UInt16)], precedence: Precedence = .first) {
    var four: [PrefixSpan<UInt32>] = []
    var six: [PrefixSpan<IPAddress>] = []
    for (rank, entry) in entries.enumerated() {
      let (prefix, value) = entry
      let rank = precedence == .first ? rank : 128 - prefix.length
      if prefix.length >= 96, let first = prefix.address.ipv4 {
        let tail = prefix.length == 128 ? 0 : UInt32.max >> UInt32(prefix.length - 96)
        four.append(.init(first: first, last: first | tail, rank: rank, value: value))
      } else {
        six.append(.init(first: prefix.address, last: prefix.lastAddress, rank: rank, value: value))
      }
    }
    ranges = Ranges(ipv4: RangeList(four), ipv6: RangeList(six))
  }

  /// What the deciding prefix says, `none` when the address is in none.
  @inline(__always)
  public func value(of address: IPAddress) -> UInt16 {
    if let bits = address.ipv4 { return ranges.ipv4.value(of: bits) }
    return ranges.ipv6.value(of: address)
  }
}

/// A set of addresses, given as prefixes.
public struct AddressSet: Sendable {
  private let table: PrefixTable
  /// Whether nothing is in it.
  public let isEmpty: Bool
  /// Prefixes it was made from.
  public let count: Int

  /// Makes a set.
  public init(_ prefixes: [IPPrefix]) {
    table = PrefixTable(prefixes.map { ($0, 0) })
    isEmpty = prefixes.isEmpty
    count = prefixes.count
  }

  /// Whether the address is in one of the prefixes.
  @inline(__always)
  public func contains(_ address: IPAddress) -> Bool {
    !isEmpty && table.value(of: address) != PrefixTable.none
  }
}

extension IPPrefix {
  /// The last address in it.
  public var lastAddress: IPAddress {
    let high = length >= 64 ? 0 : UInt64.max >> UInt64(length)
    let low = length <= 64 ? UInt64.max : (length == 128 ? 0 : UInt64.max >> UInt64(length - 64))
    return IPAddress(high: address.high | high, low: address.low | low)
  }
}

// MARK: - Ranges

/// A kind of number that addresses are compared as.
private protocol AddressNumber: Comparable, Sendable {
  /// The next one, nil behind the last.
  var successor: Self? { get }
  static var lowest: Self { get }
}

extension UInt32: AddressNumber {
  fileprivate var successor: UInt32? { self == .max ? nil : self + 1 }
  fileprivate static var lowest: UInt32 { 0 }
}

extension IPAddress: AddressNumber {
  fileprivate var successor: IPAddress? {
    guard low == .max else { return IPAddress(high: high, low: low + 1) }
    return high == .max ? nil : IPAddress(high: high + 1, low: 0)
  }
  fileprivate static var lowest: IPAddress { IPAddress(high: 0, low: 0) }
}

/// One object, so that handing a table around counts one reference instead of four.
private final class Ranges: Sendable {
  let ipv4: RangeList<UInt32>
  let ipv6: RangeList<IPAddress>

  init(ipv4: RangeList<UInt32>, ipv6: RangeList<IPAddress>) {
    self.ipv4 = ipv4
    self.ipv6 = ipv6
  }
}

private struct PrefixSpan<Number: AddressNumber> {
  var first: Number
  var last: Number
  /// The smaller, the stronger.
  var rank: Int
  var value: UInt16
}

/// Disjoint ranges in order: where each starts and what it says.
private struct RangeList<Number: AddressNumber>: Sendable {
  private var starts: [Number] = []
  private(set) var values: [UInt16] = []

  init(_ spans: [PrefixSpan<Number>]) {
    guard !spans.isEmpty else { return }
    // Outer prefixes before those inside them, and equal ones by strength.
    let sorted = spans.sorted { left, right in
      if left.first != right.first { return left.first < right.first }
      if left.last != right.last { return left.last > right.last }
      return left.rank < right.rank
    }
    append(.lowest, PrefixTable.none)
    var open: [PrefixSpan<Number>] = []
    for var span in sorted {
      close(&open, before: span.first)
      // Inside a stronger one it has nothing to say; the one outside decides, here and below.
      if let outer = open.last, outer.rank <= span.rank {
        (span.rank, span.value) = (outer.rank, outer.value)
      }
      append(span.first, span.value)
      open.append(span)
    }
    close(&open, before: nil)
  }

  /// Ends the open prefixes that end before `limit`, or all.
  private mutating func close(_ open: inout [PrefixSpan<Number>], before limit: Number?) {
    while let inner = open.last, limit.map({ inner.last < $0 }) ?? true {
      open.removeLast()
      guard let next = inner.last.successor else { continue }
      append(next, open.last?.value ?? PrefixTable.none)
    }
  }

  private mutating func append(_ start: Number, _ value: UInt16) {
    if starts.last == start {
      starts.removeLast()
      values.removeLast()
    }
    guard values.last != value else { return }
    starts.append(start)
    values.append(value)
  }

  /// The value of the last range that starts at or before `number`.
  @inline(__always)
  func value(of number: Number) -> UInt16 {
    guard !starts.isEmpty else { return PrefixTable.none }
    var base = 0
    var count = starts.count
    // The first range starts at the lowest number, so there always is one.
    while count > 1 {
      let half = count / 2
      // Which way it goes cannot be predicted: no branch.
      base &+= half & (starts[base &+ half] <= number ? -1 : 0)
      count &-= half
    }
    return values[base]
  }
}
