/// A set of names, made once, that generated names are looked up in without allocating.
///
/// A generated name first meets a bit table keyed by its length and first four octets, which turns
/// nearly all away in a few instructions; the rest go to an open-addressed hash table. Letter case
/// is ignored, as in the DNS (RFC 4343).
public struct ObservedNames: Sendable {
  /// The names' octets in lower case, end to end.
  @usableFromInline let octets: [UInt8]
  /// Where each name starts, and the end of the last.
  @usableFromInline let starts: [Int32]
  /// Positions of names plus one, 0 for a free slot; at least twice as many slots as names.
  @usableFromInline let slots: [Int32]
  /// One bit for each value of `earlyKey`.
  @usableFromInline let filter: [UInt64]

  /// The names, each once, in the order of their first appearance; without trailing dots.
  public init(_ names: some Sequence<String>) {
    var seen: Set<[UInt8]> = []
    var octets: [UInt8] = []
    var starts: [Int32] = [0]
    for name in names {
      var lowered = name.utf8.map { ObservedNames.lowered($0) }
      if lowered.last == UInt8(ascii: ".") { lowered.removeLast() }
      guard !lowered.isEmpty, lowered.count <= DomainBuffer.capacity,
        seen.insert(lowered).inserted
      else { continue }
      octets += lowered
      starts.append(Int32(truncatingIfNeeded: octets.count))
    }
    self.octets = octets
    self.starts = starts
    filter = ObservedNames.filter(octets, starts)
    slots = ObservedNames.slots(octets, starts)
  }

  /// The number of names.
  @inlinable
  public var count: Int { starts.count - 1 }

  /// Whether there are none.
  public var isEmpty: Bool { count == 0 }

  /// A name by its position, in lower case.
  public subscript(position: Int) -> String {
    String(decoding: octets[range(of: position)], as: UTF8.self)
  }

  /// All names, in order.
  public var texts: [String] { (0..<count).map { self[$0] } }

  /// False only if the name is not in the set: the early test.
  @inlinable
  @inline(__always)
  public func mayContain(_ name: borrowing DomainBuffer) -> Bool {
    let key = ObservedNames.earlyKey(
      count: name.count,
      start: name.count < 4
        ? 0
        : UInt32(name.storage[0]) | UInt32(name.storage[1]) &<< 8
          | UInt32(name.storage[2]) &<< 16 | UInt32(name.storage[3]) &<< 24)
    return filter[key &>> 6] &>> UInt64(truncatingIfNeeded: key) & 1 != 0
  }

  /// The position of a name in the set, if it is there.
  @inlinable
  public func position(of name: borrowing DomainBuffer) -> Int? {
    var hash = ObservedNames.hashStart
    for place in 0..<name.count { hash = ObservedNames.hash(hash, name.storage[place]) }
    var slot = ObservedNames.slot(hash, of: slots.count)
    while slots[slot] != 0 {
      let position = Int(slots[slot]) - 1
      if isEqual(position, name) { return position }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  @inlinable
  func isEqual(_ position: Int, _ name: borrowing DomainBuffer) -> Bool {
    let range = range(of: position)
    guard range.count == name.count else { return false }
    for place in 0..<name.count
    where octets[range.lowerBound + place] != ObservedNames.lowered(name.storage[place]) {
      return false
    }
    return true
  }

  @inlinable
  func range(of position: Int) -> Range<Int> {
    Int(starts[position])..<Int(starts[position + 1])
  }
}

// MARK: - Keys

extension ObservedNames {
  /// 2^16 bits are 8 KiB, which stay in the first-level cache; a thousand names set 1.5 % of them.
  @usableFromInline static var filterBits: Int {
    @inlinable get { 16 }
  }

  /// Length and first four octets as a number of `filterBits` bits, the same for either letter case.
  @inlinable
  @inline(__always)
  static func earlyKey(count: Int, start: UInt32) -> Int {
    let word = (start | 0x2020_2020) &+ UInt32(truncatingIfNeeded: count) &* 0x9E37_79B1
    return Int(truncatingIfNeeded: (word &* 0x85EB_CA6B) &>> UInt32(32 - filterBits))
  }

  @inlinable
  @inline(__always)
  static func lowered(_ octet: UInt8) -> UInt8 {
    octet &- UInt8(ascii: "A") < 26 ? octet | 0x20 : octet
  }

  /// FNV-1a, 64 bits.
  @usableFromInline static var hashStart: UInt64 {
    @inlinable get { 0xCBF2_9CE4_8422_2325 }
  }

  @inlinable
  @inline(__always)
  static func hash(_ hash: UInt64, _ octet: UInt8) -> UInt64 {
    (hash ^ UInt64(lowered(octet))) &* 0x100_0000_01B3
  }

  /// The first slot to look at; `slotCount` is a power of two.
  @inlinable
  static func slot(_ hash: UInt64, of slotCount: Int) -> Int {
    Int(truncatingIfNeeded: (hash ^ hash &>> 32)) & (slotCount - 1)
  }

  private static func filter(_ octets: [UInt8], _ starts: [Int32]) -> [UInt64] {
    var filter = [UInt64](repeating: 0, count: 1 << (filterBits - 6))
    for (start, end) in zip(starts, starts.dropFirst()) {
      let name = octets[Int(start)..<Int(end)]
      var word: UInt32 = 0
      if name.count >= 4 {
        for octet in name.prefix(4).reversed() { word = word << 8 | UInt32(octet) }
      }
      let key = earlyKey(count: name.count, start: word)
      filter[key >> 6] |= 1 << UInt64(key & 63)
    }
    return filter
  }

  private static func slots(_ octets: [UInt8], _ starts: [Int32]) -> [Int32] {
    var slotCount = 4
    while slotCount < 2 * starts.count { slotCount *= 2 }
    var slots = [Int32](repeating: 0, count: slotCount)
    for position in 0..<starts.count - 1 {
      let name = octets[Int(starts[position])..<Int(starts[position + 1])]
      var place = slot(name.reduce(hashStart) { hash($0, $1) }, of: slotCount)
      while slots[place] != 0 { place = (place + 1) & (slotCount - 1) }
      slots[place] = Int32(truncatingIfNeeded: position + 1)
    }
    return slots
  }
}
