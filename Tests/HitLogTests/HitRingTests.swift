import Foundation
import HitLog
import Testing

@Suite struct HitRingTests {
  private let directory = TemporaryDirectory()
  private var path: String { directory.path + "/ring.hits" }

  private func ring(records: Int) throws -> HitRing {
    try HitRing.create(path: path, index: 0, byteCount: 4096 + records * 384)
  }

  @Test("A record comes out as it went in")
  func roundTrip() throws {
    let ring = try ring(records: 8)
    let sample = HitEvent(
      timeMicroseconds: -5, clientHigh: 1, clientLow: 2, clientPort: 3, serverHigh: 4,
      serverLow: 5, serverPort: 6, transport: 7, flags: 8, qtype: 9, action: 10, generation: 11,
      payload: 12, matchedOffset: 2)
    #expect(ring.append(sample, "Ab.Cd"))
    let record = try #require(ring.record(at: 0))
    #expect(record.event == sample)
    #expect(record.qname == wire("Ab.Cd"))
    #expect(ring.record(at: 1) == nil)
  }

  @Test("The longest name fits, a longer one is refused and counted")
  func longNames() throws {
    let ring = try ring(records: 4)
    let label = [UInt8(63)] + [UInt8](repeating: 97, count: 63)
    let longest = label + label + label + [61] + [UInt8](repeating: 98, count: 61) + [0]
    #expect(longest.count == 255)
    let isAppended = ring.append(event(), qname: longest.span)
    #expect(isAppended)
    #expect(try #require(ring.record(at: 0)).qname == longest)
    let tooLong = [UInt8](repeating: 1, count: 256)
    let isTaken = ring.append(event(), qname: tooLong.span)
    #expect(!isTaken)
    #expect(ring.dropped == 1)
  }

  @Test("A full ring refuses and counts; released space is used again and again")
  func wrapAround() throws {
    let ring = try ring(records: 5)
    #expect(ring.capacity == 5)
    var released: UInt64 = 0
    for round in 0..<40 as Range<UInt64> {
      while ring.append(event(ring.head), "n\(ring.head).test") {}
      #expect(ring.head == released + 5)
      #expect(ring.dropped == round + 1)
      for position in released..<ring.head {
        #expect(ring.record(at: position)?.event.payload == position)
      }
      // What was overwritten is not taken for a record.
      if released > 0 { #expect(ring.record(at: released - 1) == nil) }
      released += round % 5 + 1
      ring.release(upTo: released)
    }
  }

  @Test("A new process finds records, counters and position")
  func recover() throws {
    var identity: RingIdentity?
    do {
      let ring = try ring(records: 5)
      identity = ring.identity
      for payload in 0..<7 as Range<UInt64> { ring.append(event(payload), "x.test") }
      ring.release(upTo: 2)
      ring.append(event(5), "x.test")
    }
    let again = try HitRing.recover(path: path, index: 3)
    #expect(again.identity == identity)
    #expect(again.head == 6)
    #expect(again.released == 2)
    #expect(again.dropped == 2)
    #expect((2..<6).map { again.record(at: $0)?.event.payload } == [2, 3, 4, 5])
    #expect(again.append(event(6), "x.test"))
    #expect(!again.append(event(7), "x.test"))
    #expect(again.record(at: 6)?.event.payload == 6)
  }

  @Test("A kill between any two stores of an append leaves a whole record or none")
  func killedAtEveryStore() throws {
    // The stores of one append in their order: sequence 0, the record's octets, sequence n, head.
    do {
      let ring = try ring(records: 4)
      for payload in 0..<3 as Range<UInt64> { ring.append(event(payload), "name.test") }
    }
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    do {
      let ring = try HitRing.recover(path: path, index: 0)
      ring.append(event(3), "other.test")
    }
    let after = try Data(contentsOf: URL(fileURLWithPath: path))
    let slot = 4096 + 3 * 384
    for written in stride(from: 8, through: 384, by: 1) {
      var torn = before
      torn.replaceSubrange(slot..<slot + 8, with: Data(count: 8))
      torn.replaceSubrange(slot + 8..<slot + written, with: after[slot + 8..<slot + written])
      try torn.write(to: URL(fileURLWithPath: path))
      let ring = try HitRing.recover(path: path, index: 0)
      #expect(ring.head == 3)
      #expect(ring.record(at: 3) == nil)
    }
    // The sequence number is stored but the head is not: the record is whole and counts.
    var whole = after
    whole.replaceSubrange(128..<136, with: before[128..<136])
    try whole.write(to: URL(fileURLWithPath: path))
    let ring = try HitRing.recover(path: path, index: 0)
    #expect(ring.head == 4)
    #expect(ring.record(at: 3)?.event.payload == 3)
  }

  @Test("A damaged header is refused with its reason", arguments: [0, 8, 12, 16, 24, 40, 135, 256])
  func damagedHeader(offset: Int) throws {
    do { _ = try ring(records: 4) }
    var data = try Data(contentsOf: URL(fileURLWithPath: path))
    data[offset] ^= 0x55
    try data.write(to: URL(fileURLWithPath: path))
    #expect(throws: RingError.self) { try HitRing.recover(path: path, index: 0) }
  }

  @Test("A file of another length is refused")
  func truncated() throws {
    do { _ = try ring(records: 4) }
    for length in [0, 100, 4096, 4096 + 383, 4096 + 4 * 384 - 1] {
      truncate(path, off_t(length))
      #expect(throws: RingError.self) { try HitRing.recover(path: path, index: 0) }
    }
  }

  @Test("Damaged records are skipped, not taken for hits")
  func damagedRecords() throws {
    do {
      let ring = try ring(records: 4)
      for payload in 0..<3 as Range<UInt64> { ring.append(event(payload), "name.test") }
    }
    var data = try Data(contentsOf: URL(fileURLWithPath: path))
    data[4096] = 99  // the first record's sequence number
    data[4096 + 384 + 80] = 77  // the second record's first label length
    data[4096 + 2 * 384 + 73] = 200  // the third record's match lies outside its name
    try data.write(to: URL(fileURLWithPath: path))
    let ring = try HitRing.recover(path: path, index: 0)
    #expect((0..<3).allSatisfy { ring.record(at: $0) == nil })
  }

  @Test(
    "Records of impossible times are skipped", arguments: [.min, .max, 253_402_300_800_000_000])
  func impossibleTimes(time: Int64) throws {
    let ring = try ring(records: 4)
    ring.append(event(1, time: time), "name.test")
    ring.append(event(1, time: 0), "name.test")
    #expect(ring.record(at: 0) == nil)
    #expect(ring.record(at: 1)?.event.timeMicroseconds == 0)
  }
}
