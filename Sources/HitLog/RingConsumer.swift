/// The writer's side of one ring: where it stands, and what it could not read.
struct RingConsumer {
  let ring: HitRing
  /// Whether the ring belongs to no worker any more: drained, then deleted.
  let isRetired: Bool
  /// First position that was not taken yet.
  private(set) var tail: UInt64
  /// Hits that a crash or damage made unreadable.
  private(set) var lost: UInt64 = 0

  /// Takes a ring up where it was stored to.
  ///
  /// - Parameter cursor: the stored position; nil when the database knows nothing of this ring or
  ///   cannot be read yet.
  init(ring: HitRing, isRetired: Bool, cursor: UInt64?) {
    self.ring = ring
    self.isRetired = isRetired
    let position = Self.position(
      cursor: cursor, released: ring.released, head: ring.headAtOpen)
    tail = position
    let oldest = ring.headAtOpen - min(ring.headAtOpen, ring.capacity)
    if tail < oldest {
      lost = oldest - tail
      tail = oldest
    }
    ring.restart(at: tail)
  }

  /// Where to go on when a ring is opened.
  ///
  /// The database decides, as its cursor was committed with the rows. Without one (the database
  /// was set aside as damaged, or is not readable) the ring's own mark does: what was released had
  /// been stored. A cursor beyond the ring's end means that the ring lost its last pages with the
  /// machine's power: all that is left in it is stored.
  static func position(cursor: UInt64?, released: UInt64, head: UInt64) -> UInt64 {
    guard let cursor else { return released }
    return min(cursor, head)
  }

  /// Learns the stored position of a ring that was opened while the database could not be read.
  mutating func attach(cursor: UInt64) {
    guard cursor <= ring.headAtOpen else { return }
    // What the ring gave up for overwriting without its being stored was lost with its process.
    if cursor < tail { lost += tail - cursor }
    if cursor > tail {
      tail = cursor
      ring.release(upTo: tail)
    }
  }

  /// Goes on where another process had stored to, while this one kept appending.
  mutating func resume(at cursor: UInt64) {
    guard cursor >= tail, cursor <= ring.head else { return }
    tail = cursor
    ring.release(upTo: tail)
  }

  /// Hits waiting.
  var waiting: UInt64 { ring.head - min(ring.head, tail) }

  /// Takes the next record, or skips a damaged one; false when nothing waits below `head`.
  mutating func next(below head: UInt64, _ take: (HitRecord) -> Bool) -> Bool {
    guard tail < head else { return false }
    if let record = ring.record(at: tail) {
      guard take(record) else { return false }
    } else {
      lost += 1
    }
    tail += 1
    return true
  }

  /// Goes back to `position` after a batch could not be stored.
  mutating func rewind(to position: UInt64, lost: UInt64) {
    tail = position
    self.lost = lost
  }
}
