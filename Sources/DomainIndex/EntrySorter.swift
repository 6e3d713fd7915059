import Dispatch

/// Sorts the collected names by hash: one pass by the top bits, then each part on its own core.
///
/// The parts are disjoint ranges of one buffer, which is why unsafe pointers may be shared here.
enum EntrySorter {
  typealias Entry = IndexBuilder.Entry

  private static let partBits: UInt64 = 10

  static func sort(_ entries: inout [Entry]) {
    guard entries.count > 1 << 14 else {
      entries.sort(by: precedes)
      return
    }
    let (parted, ends) = partition(entries)
    entries = parted
    unsafe entries.withUnsafeMutableBufferPointer { buffer in
      // Each part is one range and belongs to one iteration only.
      nonisolated(unsafe) let shared = unsafe buffer
      DispatchQueue.concurrentPerform(iterations: ends.count) { part in
        let start = part == 0 ? 0 : ends[part - 1]
        unsafe shared[start..<ends[part]].sort(by: precedes)
      }
    }
  }

  private static func precedes(_ left: Entry, _ right: Entry) -> Bool {
    if left.low != right.low { return left.low < right.low }
    if left.high != right.high { return left.high < right.high }
    return left.row != right.row ? left.row < right.row : left.ordinal < right.ordinal
  }

  private static func partition(_ entries: [Entry]) -> ([Entry], [Int]) {
    let parts = 1 << Int(partBits)
    var starts = [Int](repeating: 0, count: parts + 1)
    for entry in entries { starts[Int(entry.low >> (64 - partBits)) + 1] += 1 }
    for part in 1...parts { starts[part] += starts[part - 1] }
    let ends = Array(starts.dropFirst())
    let result = unsafe [Entry](unsafeUninitializedCapacity: entries.count) { buffer, used in
      for entry in entries {
        let part = Int(entry.low >> (64 - partBits))
        unsafe buffer.initializeElement(at: starts[part], to: entry)
        starts[part] += 1
      }
      used = entries.count
    }
    return (result, ends)
  }
}
