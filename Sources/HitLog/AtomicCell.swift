// Unsafe: treats eight aligned octets of a mapping as an Atomic<UInt64>, whose layout is its
// value's.
import Synchronization

/// A 64-bit atomic counter somewhere in mapped memory.
struct AtomicCell {
  private let pointer: UnsafeMutablePointer<Atomic<UInt64>>

  /// The cell at an address that is a multiple of 8 and outlives the cell.
  @inline(__always)
  init(at address: UnsafeMutableRawPointer) {
    pointer = address.assumingMemoryBound(to: Atomic<UInt64>.self)
  }

  @inline(__always)
  func loadAcquiring() -> UInt64 { pointer.pointee.load(ordering: .acquiring) }

  @inline(__always)
  func loadRelaxed() -> UInt64 { pointer.pointee.load(ordering: .relaxed) }

  @inline(__always)
  func storeReleasing(_ value: UInt64) { pointer.pointee.store(value, ordering: .releasing) }

  @inline(__always)
  func storeRelaxed(_ value: UInt64) { pointer.pointee.store(value, ordering: .relaxed) }
}
