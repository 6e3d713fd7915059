// Unsafe: a buffer written by one thread and read by another, with no copy but the one into it and
// the one out of it. Positions only grow; a reader sees octets only after `head` has moved past
// them, a writer reuses them only after `tail` has.
import Synchronization

/// A bounded queue of messages from one answering thread to the one that sends them.
///
/// Appending takes no lock, no system call and no memory; what does not fit is dropped and counted.
/// Nothing else would do on the way of a query, which must not wait for who reads dnstap.
package final class TapRing: @unchecked Sendable {
  // Sendable: `append` is called by one thread and `next` by one thread (the contract).

  private let base: UnsafeMutableRawPointer
  private let capacity: Int
  private let head = Atomic<Int>(0)
  private let tail = Atomic<Int>(0)
  private let lost = Atomic<Int>(0)

  /// Makes a ring of at least `bytes` octets; pages that are never used cost no memory.
  package init(bytes: Int) {
    let wanted = max(bytes, 4096)
    capacity = 1 << (Int.bitWidth - (wanted - 1).leadingZeroBitCount)
    base = .allocate(byteCount: capacity, alignment: 64)
  }

  deinit { base.deallocate() }

  /// Messages dropped because the ring was full.
  package var dropped: Int { lost.load(ordering: .relaxed) }

  /// Whether all has been taken out.
  package var isEmpty: Bool { head.load(ordering: .acquiring) == tail.load(ordering: .relaxed) }

  /// Appends a message, or counts it as dropped.
  ///
  /// - Parameter name: wire form of the name a hit is about; empty without one.
  package func append(_ record: TapRecord, name: Span<UInt8>, message: Span<UInt8>) {
    var record = record
    record.nameCount = name.count
    record.messageCount = message.count
    let start = head.load(ordering: .relaxed)
    let total = MemoryLayout<TapRecord>.size + name.count + message.count
    guard total <= capacity - (start &- tail.load(ordering: .acquiring)) else {
      lost.add(1, ordering: .relaxed)
      return
    }
    var at = start
    withUnsafeBytes(of: record) { put($0, &at) }
    name.withUnsafeBytes { put($0, &at) }
    message.withUnsafeBytes { put($0, &at) }
    head.store(at, ordering: .releasing)
  }

  /// Takes the next message out; nil when there is none.
  ///
  /// - Parameters:
  ///   - name: becomes the name of the hit.
  ///   - message: becomes the message.
  package func next(name: inout [UInt8], message: inout [UInt8]) -> TapRecord? {
    var at = tail.load(ordering: .relaxed)
    guard head.load(ordering: .acquiring) != at else { return nil }
    let record = withUnsafeTemporaryAllocation(of: TapRecord.self, capacity: 1) { place in
      get(UnsafeMutableRawBufferPointer(place), MemoryLayout<TapRecord>.size, &at)
      return place[0]
    }
    fill(&name, record.nameCount, &at)
    fill(&message, record.messageCount, &at)
    tail.store(at, ordering: .releasing)
    return record
  }

  private func fill(_ octets: inout [UInt8], _ count: Int, _ at: inout Int) {
    octets.removeAll(keepingCapacity: true)
    octets.append(contentsOf: repeatElement(0, count: count))
    octets.withUnsafeMutableBytes { get($0, count, &at) }
  }

  private func put(_ source: UnsafeRawBufferPointer, _ at: inout Int) {
    guard let from = source.baseAddress, source.count > 0 else { return }
    let place = at & (capacity - 1)
    let first = min(source.count, capacity - place)
    (base + place).copyMemory(from: from, byteCount: first)
    if first < source.count {
      base.copyMemory(from: from + first, byteCount: source.count - first)
    }
    at &+= source.count
  }

  private func get(_ target: UnsafeMutableRawBufferPointer, _ count: Int, _ at: inout Int) {
    guard let to = target.baseAddress, count > 0 else { return }
    let place = at & (capacity - 1)
    let first = min(count, capacity - place)
    to.copyMemory(from: base + place, byteCount: first)
    if first < count { (to + first).copyMemory(from: base, byteCount: count - first) }
    at &+= count
  }
}
