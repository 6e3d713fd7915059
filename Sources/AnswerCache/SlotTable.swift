import CPrefetch
import DNSWire
import Glibc
import Synchronization

/// A fixed number of slots of one size, in sets of eight: the memory behind the answer cache.
///
/// Readers take no lock: a slot carries a sequence number that is odd while it is being written
/// (a "seqlock"). A reader copies, then checks that the number has not moved; if it has, it treats
/// the slot as a miss. Lengths read from a slot are clamped before use, so a torn read can never
/// reach outside the slot. Raw memory is needed because the slots are written in place by several
/// threads, which no Swift collection allows; this file is the only one that touches it.
@safe final class SlotTable: Sendable {
  /// Fixed fields at the start of a slot, 128 octets; times are unix seconds.
  struct Fields {
    var sequence: UInt64 = 0
    var low: UInt64 = 0
    var high: UInt64 = 0
    var storedAt: Int64 = 0
    var expiresAt: Int64 = 0
    var epoch: UInt32 = 0
    var rcode: UInt16 = 0
    var answerCount: UInt16 = 0
    var authorityCount: UInt16 = 0
    var additionalCount: UInt16 = 0
    /// 0xFFFF = none.
    var extendedError: UInt16 = 0
    var octetCount: UInt16 = 0
    var ttlCount: UInt16 = 0
    var chainCount: UInt8 = 0
    var isSecure: Bool = false
    /// Whether `AnswerInfo.isOfRefresher`.
    var isOfRefresher: Bool = false
    /// From when on a hit asks for a refresh.
    var refreshAt: Int64 = .max
    /// Until when the answer may be served stale.
    var staleUntil: Int64 = 0
    /// Until when a stale answer is served without asking again; set by a failure.
    var postponedUntil: Int64 = 0
    /// Of which zones the answer is.
    var origin = AnswerOrigin()
  }

  /// How many slots there are.
  var slotCount: Int { setCount * Self.ways }

  /// What a slot is looked at for.
  enum Wanted {
    /// An answer that may be served without asking anybody.
    case usable
    /// An answer that may be served because asking has failed.
    case stale
  }

  static let fieldOctets = 128
  static let ways = 8
  static let linkOctets = 6
  private static let lineOctets = 64
  /// Octets of a huge page on the processors Debian is for.
  private static let hugePage = 2 << 20
  /// The fields and 128 octets of an answer, its TTL offsets included.
  private static let usualOctets = 256

  let slotOctets: Int
  let setCount: Int
  // Pointers into one mapping that lives as long as the table; what they point at is shared as above.
  private nonisolated(unsafe) let slots: UnsafeMutableRawPointer
  private nonisolated(unsafe) let tags: UnsafeMutablePointer<Atomic<UInt64>>
  /// The sequence number of the content somebody is refreshing; touched near its end only.
  private nonisolated(unsafe) let claims: UnsafeMutablePointer<Atomic<UInt64>>
  /// Where the mapping starts: `tags`, the first part of it, start at a huge page.
  private nonisolated(unsafe) let mapping: UnsafeMutableRawPointer
  private let mappedOctets: Int
  let used = Atomic<Int>(0)

  /// Octets of one slot left for the answer, its TTL offsets (2 each) and chain (6 each).
  var room: Int { slotOctets - Self.fieldOctets }

  /// Reserves about `octets` of memory; pages that are never used cost nothing.
  init(slotOctets: Int, octets: Int) {
    precondition(MemoryLayout<Fields>.size <= Self.fieldOctets && slotOctets % 64 == 0)
    self.slotOctets = slotOctets
    setCount = max(1, octets / (slotOctets + 16) / Self.ways)
    let count = setCount * Self.ways
    let wordsOctets = count * MemoryLayout<Atomic<UInt64>>.stride
    mappedOctets = 2 * wordsOctets + count * slotOctets + Self.hugePage
    unsafe mapping = Self.map(mappedOctets)
    // The kernel gives zeroes: no tag, nothing claimed. A set having eight slots, all three keep
    // to cache lines.
    let start = unsafe mapping.alignedUp(toMultipleOf: Self.hugePage)
    unsafe tags = start.assumingMemoryBound(to: Atomic<UInt64>.self)
    unsafe claims = tags + count
    unsafe slots = start + 2 * wordsOctets
  }

  /// Slots are taken at random: with small pages nearly each answer of a young cache would cost a
  /// page fault, and each hit two walks of the page tables.
  private static func map(_ octets: Int) -> UnsafeMutableRawPointer {
    let memory = unsafe mmap(
      nil, octets, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    guard let memory = unsafe memory, unsafe memory != MAP_FAILED else {
      fatalError("cannot reserve \(octets) octets for the answer cache: lower cache.memory")
    }
    unsafe madvise(memory, octets, MADV_HUGEPAGE)
    return unsafe memory
  }

  deinit { unsafe munmap(mapping, mappedOctets) }

  private func slot(_ index: Int) -> UnsafeMutableRawPointer {
    unsafe slots + index * slotOctets
  }

  private func sequence(_ index: Int) -> UnsafeMutablePointer<Atomic<UInt64>> {
    unsafe slot(index).assumingMemoryBound(to: Atomic<UInt64>.self)
  }

  private func firstSlot(of tag: UInt64) -> Int {
    let sets = UInt64(truncatingIfNeeded: setCount)
    return Int(truncatingIfNeeded: tag.multipliedFullWidth(by: sets).high) * Self.ways
  }

  // MARK: - Reading

  /// Says that `read` is about to look for `key`.
  func prefetch(_ key: AnswerKey) { unsafe ponor_prefetch(tags + firstSlot(of: key.low)) }

  /// Appends the answer under `key` to `writer`, TTLs lowered by its age.
  ///
  /// - Returns: false, with `writer` as it was, when there is none, or it is too old or does not
  ///   fit (then `writer.overflowed` is true).
  func read(
    _ key: AnswerKey, at now: Int64, epoch: UInt32, wanted: Wanted = .usable,
    into writer: inout WireWriter, info: inout AnswerInfo
  ) -> Bool {
    let first = firstSlot(of: key.low)
    for index in first..<first + Self.ways
    where unsafe tags[index].load(ordering: .relaxed) == key.low {
      if read(
        slot: index, key, at: now, epoch: epoch, wanted: wanted, into: &writer, info: &info)
      {
        return true
      }
    }
    return false
  }

  private func read(
    slot index: Int, _ key: AnswerKey, at now: Int64, epoch: UInt32, wanted: Wanted,
    into writer: inout WireWriter, info: inout AnswerInfo
  ) -> Bool {
    let memory = unsafe UnsafeRawPointer(slot(index))
    // Nearly all answers end here: its lines come together instead of one after the other.
    for offset in stride(from: 0, to: Self.usualOctets, by: Self.lineOctets) {
      unsafe ponor_prefetch(memory + offset)
    }
    let before = unsafe sequence(index).pointee.load(ordering: .acquiring)
    guard before & 1 == 0 else { return false }
    let fields = unsafe memory.load(as: Fields.self)
    guard fields.low == key.low, fields.high == key.high, fields.epoch == epoch else {
      return false
    }
    let isFresh = now < fields.expiresAt
    guard isFresh || fields.isServedStale(at: now, wanted) else { return false }
    let start = writer.count
    unsafe copy(memory, fields, at: isFresh ? now : nil, to: &writer, &info)
    // Everything read above must have been read before the number is looked at again.
    atomicMemoryFence(ordering: .acquiring)
    guard unsafe sequence(index).pointee.load(ordering: .relaxed) == before else {
      writer.rewind(to: start)
      return false
    }
    info.needsRefresh = isFresh && now >= fields.refreshAt && claimRefresh(index, before)
    return true
  }

  /// Whether this reader is the one to refresh what stands in a slot: the first that asks is.
  @inline(never)
  private func claimRefresh(_ index: Int, _ sequence: UInt64) -> Bool {
    unsafe claims[index].exchange(sequence, ordering: .relaxed) != sequence
  }

  private func copy(
    _ memory: UnsafeRawPointer, _ fields: Fields, at now: Int64?, to writer: inout WireWriter,
    _ info: inout AnswerInfo
  ) {
    let age = UInt32(clamping: (now ?? 0) - fields.storedAt)
    let ttls = min(Int(fields.ttlCount), room / 2)
    let links = min(Int(fields.chainCount), AnswerInfo.longestChain)
    let tables = Self.fieldOctets + ttls * 2 + links * Self.linkOctets
    let octets = min(Int(fields.octetCount), max(slotOctets - tables, 0))
    let start = writer.count
    let body = unsafe UnsafeRawBufferPointer(start: memory + tables, count: octets)
    writer.append(unsafe Span(_unsafeElements: body.assumingMemoryBound(to: UInt8.self)))
    for index in 0..<ttls {
      let offset = unsafe start + Int(word(memory, Self.fieldOctets + index * 2))
      let ttl = UInt32(writer.peek16(at: offset)) << 16 | UInt32(writer.peek16(at: offset + 2))
      writer.patch32(now == nil ? AnswerCache.staleTTL : ttl > age ? ttl - age : 0, at: offset)
    }
    info.rcode = ResponseCode(rawValue: fields.rcode)
    info.answerCount = fields.answerCount
    info.authorityCount = fields.authorityCount
    info.additionalCount = fields.additionalCount
    info.isSecure = fields.isSecure
    info.extendedError = fields.extendedError == .max ? nil : fields.extendedError
    info.isOfRefresher = fields.isOfRefresher
    info.isStale = false
    if now == nil { info.becomeStale() }
    info.chainCount = links
    for index in 0..<links {
      let at = Self.fieldOctets + ttls * 2 + index * Self.linkOctets
      info.chain[index] = unsafe .init(
        target: word(memory, at), end: word(memory, at + 2), recordCount: word(memory, at + 4))
    }
  }

  private func word(_ memory: UnsafeRawPointer, _ offset: Int) -> UInt16 {
    // Little-endian, as `AnswerCache` writes it.
    UInt16(littleEndian: unsafe memory.load(fromByteOffset: offset, as: UInt16.self))
  }

  // MARK: - Writing

  /// Stores an answer, in the place of the one under the same key, an expired one, or the oldest.
  ///
  /// - Returns: false if another thread is writing the same slot; the answer is then not stored.
  func write(_ fields: Fields, payload: [UInt8]) -> Bool {
    unsafe write(fields, octetCount: payload.count) { target in
      unsafe payload.withUnsafeBytes { unsafe target.copyMemory(from: $0) }
    }
  }

  /// Stores an answer without a chain of aliases, as nearly all are; puts no payload together first.
  func write(_ fields: Fields, ttlOffsets: [UInt16], octets: [UInt8]) -> Bool {
    let offsetOctets = ttlOffsets.count * 2
    return unsafe write(fields, octetCount: offsetOctets + octets.count) { target in
      for (place, offset) in ttlOffsets.enumerated() {
        unsafe target.storeBytes(of: offset.littleEndian, toByteOffset: place * 2, as: UInt16.self)
      }
      let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: target[offsetOctets...])
      unsafe octets.withUnsafeBytes { unsafe rest.copyMemory(from: $0) }
    }
  }

  private func write(
    _ fields: Fields, octetCount: Int, _ fill: (UnsafeMutableRawBufferPointer) -> Void
  ) -> Bool {
    let index = victim(for: fields.low, at: fields.storedAt)
    let sequence = unsafe sequence(index)
    let before = unsafe sequence.pointee.load(ordering: .relaxed)
    guard octetCount <= room, before & 1 == 0,
      unsafe sequence.pointee.compareExchange(
        expected: before, desired: before + 1, ordering: .acquiring
      ).exchanged
    else { return false }
    // The odd number must be seen before any of the new octets.
    atomicMemoryFence(ordering: .releasing)
    let memory = unsafe slot(index)
    if unsafe tags[index].load(ordering: .relaxed) == 0 { used.add(1, ordering: .relaxed) }
    unsafe storeFields(fields, memory)
    unsafe fill(
      UnsafeMutableRawBufferPointer(start: memory + Self.fieldOctets, count: octetCount))
    unsafe tags[index].store(fields.low, ordering: .relaxed)
    unsafe sequence.pointee.store(before + 2, ordering: .releasing)
    return true
  }

  /// The content of one slot, nil if there is none or it is being written.
  ///
  /// - Parameter index: 0 ..< `slotCount`.
  func content(_ index: Int) -> (fields: Fields, payload: [UInt8])? {
    guard unsafe tags[index].load(ordering: .relaxed) != 0 else { return nil }
    let before = unsafe sequence(index).pointee.load(ordering: .acquiring)
    guard before & 1 == 0 else { return nil }
    let memory = unsafe UnsafeRawPointer(slot(index))
    let fields = unsafe memory.load(as: Fields.self)
    let payload = unsafe UnsafeRawBufferPointer(
      start: memory + Self.fieldOctets, count: min(fields.payloadOctets, room))
    let copy = unsafe Array(payload)
    atomicMemoryFence(ordering: .acquiring)
    guard unsafe sequence(index).pointee.load(ordering: .relaxed) == before else { return nil }
    return (fields, copy)
  }

  /// Changes the fields of the answer under `key` in place.
  ///
  /// - Returns: what `body` says; false if there is no such answer or another thread is writing it.
  func change(_ key: AnswerKey, _ body: (inout Fields) -> Bool) -> Bool {
    let first = firstSlot(of: key.low)
    for index in first..<first + Self.ways
    where unsafe tags[index].load(ordering: .relaxed) == key.low {
      let isChanged = change(slot: index) { fields in
        fields.low == key.low && fields.high == key.high && body(&fields)
      }
      if isChanged { return true }
    }
    return false
  }

  /// Changes the fields of one slot in place.
  ///
  /// - Parameter index: 0 ..< `slotCount`.
  /// - Returns: what `body` says, false if the slot is empty or another thread is writing it.
  func change(slot index: Int, _ body: (inout Fields) -> Bool) -> Bool {
    guard unsafe tags[index].load(ordering: .relaxed) != 0 else { return false }
    let sequence = unsafe sequence(index)
    let before = unsafe sequence.pointee.load(ordering: .relaxed)
    guard before & 1 == 0,
      unsafe sequence.pointee.compareExchange(
        expected: before, desired: before + 1, ordering: .acquiring
      ).exchanged
    else { return false }
    atomicMemoryFence(ordering: .releasing)
    let memory = unsafe slot(index)
    var fields = unsafe memory.load(as: Fields.self)
    let isChanged = body(&fields)
    if isChanged { unsafe storeFields(fields, memory) }
    unsafe sequence.pointee.store(before + 2, ordering: .releasing)
    return isChanged
  }

  /// Stores all fields but the sequence number, which only atomic operations touch.
  private func storeFields(_ fields: Fields, _ memory: UnsafeMutableRawPointer) {
    unsafe withUnsafeBytes(of: fields) { source in
      let skip = MemoryLayout<UInt64>.size
      let rest = unsafe UnsafeRawBufferPointer(rebasing: source[skip...])
      unsafe UnsafeMutableRawBufferPointer(start: memory + skip, count: rest.count)
        .copyMemory(from: rest)
    }
  }

  private func victim(for tag: UInt64, at now: Int64) -> Int {
    let first = firstSlot(of: tag)
    var oldest = first
    var oldestStored = Int64.max
    for index in first..<first + Self.ways {
      let found = unsafe tags[index].load(ordering: .relaxed)
      if found == tag || found == 0 { return index }
      let fields = unsafe slot(index).load(as: Fields.self)
      // What may still be served stale goes before what may not, and after what is fresh.
      let age =
        fields.expiresAt > now
        ? fields.storedAt : fields.staleUntil > now ? fields.storedAt - (1 << 40) : .min
      if age < oldestStored {
        oldest = index
        oldestStored = age
      }
    }
    return oldest
  }
}
