// Unsafe: owns a mapping and reads and writes it through raw pointers; `append` must be free of
// bounds-checked copies and of allocation. Offsets come from RingFormat and are within the mapping
// because capacity was checked against the mapping's length when the ring was opened.
import Foundation
import Synchronization

/// A single-producer, single-consumer ring of hits in a shared file mapping.
///
/// The query thread appends; the hit writer consumes and, once rows are committed, releases.
/// A record is whole or absent at whatever instruction the process is killed: its sequence number
/// is stored last, and the position up to which records are stored lives in the database,
/// committed together with their rows. `released` in the file only says what may be overwritten.
package final class HitRing: @unchecked Sendable {
  // Sendable: `append` is called by one thread and the consumer calls by one thread (the
  // contract); what they share are the atomic cells of the mapping.

  /// Default size of a ring file, octets: about 174,000 records.
  package static let defaultBytes = 64 << 20

  /// Number of the worker this ring belongs to.
  package let index: Int
  /// The file's random identity.
  package let identity: RingIdentity
  /// Path of the file; nil when the ring lives in memory and is lost with the process.
  package let path: String?
  /// Records the ring can hold.
  package let capacity: UInt64
  /// Position at which appending went on when the ring was opened.
  let headAtOpen: UInt64

  private let mapping: RingMapping
  private let slots: UnsafeMutableRawPointer
  private let producer: UnsafeMutablePointer<ProducerState>

  /// Where the producer stands; its own cache line, touched by no other thread.
  private struct ProducerState {
    var head: UInt64
    /// First position that must not be written yet, as last seen.
    var limit: UInt64
    var offset: Int
  }

  private init(index: Int, path: String?, mapping: RingMapping, isForeign: Bool = false) {
    self.index = index
    self.path = path
    self.mapping = mapping
    slots = mapping.base + RingFormat.headerBytes
    capacity = mapping.base.load(fromByteOffset: RingFormat.capacityAt, as: UInt64.self)
    identity = RingIdentity(
      high: mapping.base.load(fromByteOffset: RingFormat.identityAt, as: UInt64.self),
      low: mapping.base.load(fromByteOffset: RingFormat.identityAt + 8, as: UInt64.self))
    producer = .allocate(capacity: 1)
    producer.initialize(to: ProducerState(head: 0, limit: 0, offset: 0))
    guard !isForeign else {
      // Another process appends: its head is its own to write.
      headAtOpen = mapping.base.load(fromByteOffset: RingFormat.headAt, as: UInt64.self)
      return
    }
    headAtOpen = Self.findHead(mapping: mapping, capacity: capacity)
    cell(RingFormat.headAt).storeReleasing(headAtOpen)
    let released = cell(RingFormat.releasedAt).loadAcquiring()
    producer.pointee = ProducerState(
      head: headAtOpen, limit: released &+ capacity,
      offset: Int(headAtOpen % capacity) * RingFormat.stride)
  }

  deinit {
    producer.deallocate()
    mapping.unmap()
  }

  // MARK: - Opening

  /// Creates a new ring file of `byteCount` octets, or fails when its space cannot be reserved.
  package static func create(
    path: String, index: Int, byteCount: Int = defaultBytes
  ) throws(RingError) -> HitRing {
    let capacity = RingFormat.capacity(bytes: byteCount)
    let size = RingFormat.fileBytes(capacity: capacity)
    // Under another name until its header is there: a kill meanwhile leaves no half-made ring.
    let draft = path + ".new"
    unlink(draft)
    let mapping = try RingMapping.create(path: draft, byteCount: size)
    writeHeader(mapping, capacity: capacity)
    let code = link(draft, path) == 0 ? 0 : errno
    unlink(draft)
    guard code == 0 else {
      mapping.unmap()
      throw .system(call: "link", path: path, code: code)
    }
    return HitRing(index: index, path: path, mapping: mapping)
  }

  /// Opens a ring file left by an earlier process; its hits that are not stored yet are kept.
  package static func recover(path: String, index: Int) throws(RingError) -> HitRing {
    let mapping = try RingMapping.openExisting(path)
    if let reason = defect(of: mapping) {
      mapping.unmap()
      throw .damaged(path: path, reason: reason)
    }
    return HitRing(index: index, path: path, mapping: mapping)
  }

  /// Opens the ring of another process that still appends to it, to consume what it appends.
  package static func observe(path: String) throws(RingError) -> HitRing {
    let mapping = try RingMapping.openExisting(path)
    if let reason = defect(of: mapping) {
      mapping.unmap()
      throw .damaged(path: path, reason: reason)
    }
    return HitRing(index: -1, path: path, mapping: mapping, isForeign: true)
  }

  /// Makes a ring in memory for a process that can have no file; nil when there is no memory.
  package static func inMemory(index: Int, byteCount: Int = defaultBytes) -> HitRing? {
    let capacity = RingFormat.capacity(bytes: byteCount)
    let size = RingFormat.fileBytes(capacity: capacity)
    guard let mapping = RingMapping.anonymous(byteCount: size) else { return nil }
    writeHeader(mapping, capacity: capacity)
    return HitRing(index: index, path: nil, mapping: mapping)
  }

  private static func writeHeader(_ mapping: RingMapping, capacity: Int) {
    let base = mapping.base
    let identity = RingIdentity.random()
    base.storeBytes(of: RingFormat.version, toByteOffset: RingFormat.versionAt, as: UInt32.self)
    base.storeBytes(
      of: UInt32(RingFormat.stride), toByteOffset: RingFormat.strideAt, as: UInt32.self)
    base.storeBytes(of: UInt64(capacity), toByteOffset: RingFormat.capacityAt, as: UInt64.self)
    base.storeBytes(of: identity.high, toByteOffset: RingFormat.identityAt, as: UInt64.self)
    base.storeBytes(of: identity.low, toByteOffset: RingFormat.identityAt + 8, as: UInt64.self)
    base.storeBytes(of: RingFormat.magic, toByteOffset: RingFormat.magicAt, as: UInt64.self)
    base.storeBytes(
      of: headerChecksum(base), toByteOffset: RingFormat.checksumAt, as: UInt64.self)
  }

  private static func headerChecksum(_ base: UnsafeMutableRawPointer) -> UInt64 {
    RingFormat.checksum(UnsafeRawBufferPointer(start: base, count: RingFormat.checksumAt))
  }

  /// What is wrong with a mapped file; nil when it can be used.
  private static func defect(of mapping: RingMapping) -> String? {
    let base = mapping.base
    guard base.load(fromByteOffset: RingFormat.magicAt, as: UInt64.self) == RingFormat.magic else {
      return "no ring header"
    }
    let version = base.load(fromByteOffset: RingFormat.versionAt, as: UInt32.self)
    guard version == RingFormat.version else {
      return "version \(version), this program writes \(RingFormat.version)"
    }
    guard
      base.load(fromByteOffset: RingFormat.checksumAt, as: UInt64.self) == headerChecksum(base)
    else { return "header checksum differs" }
    let stride = base.load(fromByteOffset: RingFormat.strideAt, as: UInt32.self)
    let capacity = base.load(fromByteOffset: RingFormat.capacityAt, as: UInt64.self)
    guard stride == UInt32(RingFormat.stride), capacity >= 1, capacity < 1 << 40,
      mapping.byteCount == RingFormat.fileBytes(capacity: Int(capacity))
    else { return "its length does not fit its header" }
    let head = base.load(fromByteOffset: RingFormat.headAt, as: UInt64.self)
    let released = base.load(fromByteOffset: RingFormat.releasedAt, as: UInt64.self)
    guard released <= head, head - released <= capacity, head < 1 << 62 else {
      return "positions \(released) to \(head) are impossible"
    }
    return nil
  }

  /// Position after the last whole record: a kill between a record's sequence number and the
  /// head that counts it leaves one record more than the head says.
  private static func findHead(mapping: RingMapping, capacity: UInt64) -> UInt64 {
    let base = mapping.base
    let slots = base + RingFormat.headerBytes
    var head = base.load(fromByteOffset: RingFormat.headAt, as: UInt64.self)
    let released = base.load(fromByteOffset: RingFormat.releasedAt, as: UInt64.self)
    while head < released + capacity {
      let offset = Int(head % capacity) * RingFormat.stride
      guard slots.load(fromByteOffset: offset, as: UInt64.self) == head + 1 else { break }
      head += 1
    }
    return head
  }

  // MARK: - Producer

  /// Appends one hit: no allocation, lock or system call.
  ///
  /// Call it from one thread only, before the answer is sent.
  /// - Parameters:
  ///   - qname: the queried name in wire form with the client's letter case, ≤ 255 octets.
  ///   - device: what a forwarder said of the device behind it; cut to the room there is.
  /// - Returns: false when the ring is full (or the name too long); the loss is then counted.
  package func append(
    _ event: HitEvent, qname: Span<UInt8>, device: Span<UInt8> = Span()
  ) -> Bool {
    let position = producer.pointee.head
    guard qname.count <= RingFormat.qnameMax, position != producer.pointee.limit || reclaim()
    else {
      let dropped = cell(RingFormat.droppedAt)
      dropped.storeRelaxed(dropped.loadRelaxed() &+ 1)
      return false
    }
    let offset = producer.pointee.offset
    let slot = slots + offset
    let sequence = Self.atomic(slot)
    sequence.storeRelaxed(0)
    atomicMemoryFence(ordering: .releasing)
    Self.write(event, qname: qname, to: slot)
    Self.writeOrigin(event, device: device, behind: RingFormat.qnameAt + qname.count, to: slot)
    sequence.storeReleasing(position &+ 1)
    cell(RingFormat.headAt).storeReleasing(position &+ 1)
    let next = offset + RingFormat.stride
    producer.pointee.offset = next == Int(capacity) * RingFormat.stride ? 0 : next
    producer.pointee.head = position &+ 1
    return true
  }

  /// Looks again how far the consumer is; true when there is room now.
  private func reclaim() -> Bool {
    producer.pointee.limit =
      cell(RingFormat.releasedAt).loadAcquiring() &+ capacity
    return producer.pointee.head != producer.pointee.limit
  }

  @inline(__always)
  private static func write(
    _ event: HitEvent, qname: Span<UInt8>, to slot: UnsafeMutableRawPointer
  ) {
    typealias At = RingFormat
    slot.storeBytes(of: event.timeMicroseconds, toByteOffset: At.timeAt, as: Int64.self)
    slot.storeBytes(of: event.clientHigh, toByteOffset: At.clientAt, as: UInt64.self)
    slot.storeBytes(of: event.clientLow, toByteOffset: At.clientAt + 8, as: UInt64.self)
    slot.storeBytes(of: event.serverHigh, toByteOffset: At.serverAt, as: UInt64.self)
    slot.storeBytes(of: event.serverLow, toByteOffset: At.serverAt + 8, as: UInt64.self)
    slot.storeBytes(of: event.generation, toByteOffset: At.generationAt, as: UInt64.self)
    slot.storeBytes(of: event.payload, toByteOffset: At.payloadAt, as: UInt64.self)
    slot.storeBytes(of: event.clientPort, toByteOffset: At.clientPortAt, as: UInt16.self)
    slot.storeBytes(of: event.serverPort, toByteOffset: At.serverPortAt, as: UInt16.self)
    slot.storeBytes(of: event.qtype, toByteOffset: At.qtypeAt, as: UInt16.self)
    slot.storeBytes(of: event.transport, toByteOffset: At.transportAt, as: UInt8.self)
    slot.storeBytes(of: event.flags, toByteOffset: At.flagsAt, as: UInt8.self)
    slot.storeBytes(of: event.action, toByteOffset: At.actionAt, as: UInt8.self)
    slot.storeBytes(of: event.matchedOffset, toByteOffset: At.matchedAt, as: UInt8.self)
    slot.storeBytes(
      of: UInt8(truncatingIfNeeded: qname.count), toByteOffset: At.qnameLengthAt, as: UInt8.self)
    qname.withUnsafeBytes { name in
      if let start = name.baseAddress { memcpy(slot + At.qnameAt, start, name.count) }
    }
  }

  /// Writes what a forwarder or balancer told of the client; mostly nothing.
  @inline(__always)
  private static func writeOrigin(
    _ event: HitEvent, device: Span<UInt8>, behind end: Int, to slot: UnsafeMutableRawPointer
  ) {
    typealias At = RingFormat
    var at = end
    let hasRelay = event.hasRelay
    slot.storeBytes(of: event.clientPrefix, toByteOffset: At.clientPrefixAt, as: UInt8.self)
    slot.storeBytes(of: hasRelay ? 1 : 0, toByteOffset: At.hasRelayAt, as: UInt8.self)
    slot.storeBytes(of: event.relayPort, toByteOffset: At.relayPortAt, as: UInt16.self)
    if hasRelay {
      slot.storeBytes(of: event.relayHigh, toByteOffset: at, as: UInt64.self)
      slot.storeBytes(of: event.relayLow, toByteOffset: at + 8, as: UInt64.self)
      at += At.relayOctets
    }
    let count = min(device.count, At.deviceMax, At.stride - at)
    slot.storeBytes(of: UInt8(count), toByteOffset: At.deviceLengthAt, as: UInt8.self)
    guard count > 0 else { return }
    device.withUnsafeBytes { octets in
      if let start = octets.baseAddress { memcpy(slot + at, start, count) }
    }
  }

  // MARK: - Consumer

  /// Records ever appended.
  package var head: UInt64 { cell(RingFormat.headAt).loadAcquiring() }

  /// Records the producer may overwrite.
  package var released: UInt64 { cell(RingFormat.releasedAt).loadAcquiring() }

  /// Hits refused because the ring was full, over the life of the file.
  package var dropped: UInt64 { cell(RingFormat.droppedAt).loadRelaxed() }

  /// Gives the records before `position` back to the producer; call it after their commit only.
  package func release(upTo position: UInt64) {
    cell(RingFormat.releasedAt).storeReleasing(position)
  }

  /// Takes the contents of stored records away, then gives their space back.
  ///
  /// What is deleted in the database must not live on in the file until the ring comes round, which
  /// may take months. It happens before the space is given back, as the producer may use it at once;
  /// sequence numbers stay, they tell nothing.
  func releaseErasing(upTo position: UInt64) {
    var at = released
    guard at < position, position - at <= capacity else { return release(upTo: position) }
    while at < position {
      let slot = slots + Int(at % capacity) * RingFormat.stride
      memset(slot + RingFormat.timeAt, 0, RingFormat.stride - RingFormat.timeAt)
      at += 1
    }
    release(upTo: position)
  }

  /// Sets where the consumer goes on; call it before the first append only.
  func restart(at position: UInt64) {
    release(upTo: position)
    producer.pointee.limit = position &+ capacity
  }

  /// The whole record at a position below `head` that is not released; nil when it is damaged.
  package func record(at position: UInt64) -> HitRecord? {
    let slot = slots + Int(position % capacity) * RingFormat.stride
    guard Self.atomic(slot).loadAcquiring() == position &+ 1 else { return nil }
    let record = HitRecord(slot: UnsafeRawPointer(slot))
    return record.isPlausible ? record : nil
  }

  // MARK: - Cells

  @inline(__always)
  private func cell(_ offset: Int) -> AtomicCell {
    Self.atomic(mapping.base + offset)
  }

  @inline(__always)
  private static func atomic(_ pointer: UnsafeMutableRawPointer) -> AtomicCell {
    AtomicCell(at: pointer)
  }
}
