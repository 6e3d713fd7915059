// Unsafe: owns an arena of record copies in the ring's own layout; freed with the object.
import Foundation

/// Bounded memory for hits that cannot be stored while their ring fills up.
///
/// The oldest records of the ring are folded into it, which makes room in the ring at the price
/// that they die with the process; they would otherwise have displaced as many new hits. They are
/// stored first when the database works again.
final class HitSpill {
  /// Distinct hits that fit: 24 MiB.
  static let capacity = 65_536

  private(set) var fold = HitFold(capacity: HitSpill.capacity)
  private let arena: UnsafeMutableRawPointer
  private var used = 0

  init() {
    arena = .allocate(byteCount: Self.capacity * RingFormat.stride, alignment: 64)
  }

  deinit { arena.deallocate() }

  /// Hits held, repeats included.
  var heldHits: Int { fold.recordCount }

  /// Folds a record in, copying it when it is new; false when there is no room for it.
  func take(_ record: HitRecord) -> Bool {
    if fold.addRepeat(of: record) { return true }
    guard used < Self.capacity else { return false }
    let slot = arena + used * RingFormat.stride
    memcpy(slot, record.slot, RingFormat.stride)
    used += 1
    fold.add(HitRecord(slot: UnsafeRawPointer(slot)))
    return true
  }
}
