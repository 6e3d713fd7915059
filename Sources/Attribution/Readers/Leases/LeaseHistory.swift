import Addressing

/// Makes intervals of the states of leases, told one after another for each address.
///
/// A lease runs from its start until it ends, or until the address is leased to somebody else before
/// that: then the earlier one was over by then, whatever it said.
struct LeaseHistory {
  private struct Lease {
    var key: Octets
    var start: Int64
    var end: Int64
  }

  /// The newest state of each address.
  private var newest: [IPPrefix: Lease] = [:]

  /// The address was leased for a time.
  ///
  /// A state with the same start replaces the one before it (a lease that was released or extended); a
  /// later start goes on from it; an earlier one is history told late.
  mutating func lease(
    _ prefix: IPPrefix, key: Octets, start: Int64, end: Int64, _ output: inout ReaderOutput
  ) {
    output.saw(start)
    guard let old = newest[prefix] else {
      newest[prefix] = Lease(key: key, start: start, end: end)
      return
    }
    if start < old.start {
      tell(prefix, Lease(key: key, start: start, end: min(end, old.start)), &output)
    } else if old.key == key, start <= old.end {
      newest[prefix]?.end = start == old.start ? end : max(end, start)
    } else {
      tell(prefix, Lease(key: old.key, start: old.start, end: min(old.end, start)), &output)
      newest[prefix] = Lease(key: key, start: start, end: end)
    }
  }

  /// The address is known to be free from an instant on.
  mutating func free(_ prefix: IPPrefix, from: Int64) {
    if let old = newest[prefix], from > old.start, from < old.end { newest[prefix]?.end = from }
  }

  /// Everything is read.
  mutating func finish(_ output: inout ReaderOutput) {
    for (prefix, lease) in newest { tell(prefix, lease, &output) }
    newest = [:]
  }

  private func tell(_ prefix: IPPrefix, _ lease: Lease, _ output: inout ReaderOutput) {
    output.add(
      AddressInterval(prefix: prefix, from: lease.start, to: lease.end), .subscriber(lease.key))
  }
}
