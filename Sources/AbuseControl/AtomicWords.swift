// Unsafe: an array of atomics has no safe form yet (`Atomic` cannot be an array's element), so the
// words are allocated by hand; every index is masked into the allocation.
import Synchronization

/// A fixed number of 64-bit words that all threads read and change without locks.
@safe final class AtomicWords: Sendable {
  /// Octets of a cache line on the machines we know: a set of eight words fills one.
  private static let lineOctets = 64

  private nonisolated(unsafe) let words: UnsafeMutablePointer<Atomic<UInt64>>
  private let mask: Int
  /// How many words there are, a power of two.
  let count: Int

  /// Makes at least `wanted` words, all zero.
  init(atLeast wanted: Int) {
    var count = 8
    while count < wanted { count *= 2 }
    self.count = count
    mask = count - 1
    let octets = count * MemoryLayout<Atomic<UInt64>>.stride
    let memory = UnsafeMutableRawPointer.allocate(byteCount: octets, alignment: Self.lineOctets)
    unsafe words = memory.bindMemory(to: Atomic<UInt64>.self, capacity: count)
    for index in 0..<count { unsafe (words + index).initialize(to: Atomic(0)) }
  }

  deinit {
    unsafe words.deinitialize(count: count)
    unsafe words.deallocate()
  }

  /// The word at `index`, which wraps around.
  @inline(__always)
  func load(_ index: Int) -> UInt64 { unsafe words[index & mask].load(ordering: .relaxed) }

  /// Sets the word at `index`.
  @inline(__always)
  func store(_ value: UInt64, at index: Int) {
    unsafe words[index & mask].store(value, ordering: .relaxed)
  }

  /// Replaces `expected` by `value`; false when the word is another one by now.
  @inline(__always)
  func replace(_ expected: UInt64, by value: UInt64, at index: Int) -> Bool {
    unsafe words[index & mask].compareExchange(
      expected: expected, desired: value, ordering: .relaxed
    ).exchanged
  }

  /// Takes 1 off the word at `index`.
  @inline(__always)
  func decrement(_ index: Int) { unsafe words[index & mask].subtract(1, ordering: .relaxed) }
}
