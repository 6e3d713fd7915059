import Addressing
import DNSServer
import DNSWire
import Foundation
import Testing
import Transfers
import ZoneRecords

@Suite struct OutgoingTests {
  private let question = OutgoingTransfer.Question(
    id: 7, octets: Sample.apex.wire + [0, 252, 0, 1], ednsSize: nil)

  /// All messages of a transfer, read back by the reader.
  private func readBack(
    _ transfer: OutgoingTransfer, _ request: TransferReader.Request
  ) throws -> (messages: Int, events: [TransferEvent]) {
    var reader = TransferReader(apex: Sample.apex, request: request, id: 7)
    var events: [TransferEvent] = []
    var count = 0
    var step = ProducerStep.message
    while step == .message {
      let octets = try #require(
        WireWriter.array(capacity: 65_535) { step = transfer.next(into: &$0, at: 0) })
      count += 1
      _ = try Message(decoding: octets.span)
      try reader.take(octets.span) { events.append($0) }
    }
    #expect(step == .lastMessage && reader.isDone)
    transfer.ended()
    return (count, events)
  }

  @Test("A zone of many messages comes back record for record, letter case included")
  func whole() throws {
    var records = [
      Sample.ns("example.net", "NS.Example.net"),
      Sample.ns("sub.EXAMPLE.net", "ns.sub.example.net"),
      ZoneRecord(
        owner: Sample.name("big.example.net").wire, type: RRType(rawValue: 16), ttl: 1,
        rdata: [UInt8](repeating: 0, count: 60_000)),
    ]
    for index in 0..<20_000 {
      records.append(Sample.a("host\(index).Sub\(index % 7).example.net", UInt8(index % 256)))
    }
    let zone = MemoryZone(soa: Sample.soa(5), records: records)
    let census = TransferCensus()
    let slot = try #require(census.enter())
    let transfer = OutgoingTransfer(zone, question, signer: nil, slot: slot, at: 0)
    let (messages, events) = try readBack(transfer, .whole)
    #expect(
      events == [TransferEvent.whole(zone.soa)] + records.map { TransferEvent.record($0) } + [.end])
    #expect(messages > 10)
    #expect(census.underWay == 0 && census.begun == 1)
  }

  @Test("Steps between versions are found, bounded, and sent as differences")
  func differences() throws {
    let zone = JournaledZone(apex: Sample.apex)
    let hosts = (0..<50).map { Sample.a("h\($0).example.net", UInt8($0)) }
    zone.publish(MemoryZone(soa: Sample.soa(1), records: hosts))
    zone.publish(MemoryZone(soa: Sample.soa(2), records: Array(hosts.dropFirst(2))))
    zone.publish(
      MemoryZone(soa: Sample.soa(3), records: hosts.dropFirst(2) + [Sample.a("n.example.net", 9)]))
    let content = try #require(zone.current())
    #expect(content.differences(since: 7) == nil)
    let steps = try #require(content.differences(since: 1))
    #expect(steps.count == 2)
    let slot = try #require(TransferCensus().enter())
    let transfer = OutgoingTransfer(
      content, steps, question, signer: nil, slot: slot, at: 0)
    let (_, events) = try readBack(transfer, .since(1))
    #expect(
      events == [
        .incremental(Sample.soa(3)), .deletion(hosts[0]), .deletion(hosts[1]),
        .addition(Sample.a("n.example.net", 9)), .end,
      ])
    zone.publish(MemoryZone(soa: Sample.soa(3), records: []))
    #expect(zone.current()?.differences(since: 1) == nil, "a serial that did not grow")
  }

  @Test("Who may have a zone")
  func access() throws {
    var access = TransferAccess()
    let inside = try #require(IPAddress("192.0.2.1"))
    let outside = try #require(IPAddress("198.51.100.1"))
    let key = Sample.name("k")
    #expect(!access.allows(inside, key: key))
    access.allow = [try #require(IPPrefix("192.0.2.0/24"))]
    #expect(access.allows(inside, key: nil) && !access.allows(outside, key: key))
    access.keys = [key]
    #expect(access.allows(inside, key: key) && !access.allows(inside, key: nil))
    access.allow = []
    #expect(access.allows(outside, key: key) && !access.allows(outside, key: Sample.name("x")))
  }

  @Test("Places are limited and given back once")
  func census() throws {
    let census = TransferCensus(limit: 1)
    var slot = census.enter()
    #expect(census.enter() == nil)
    _ = slot
    slot = nil
    #expect(census.enter() != nil)
  }

  @Test("A copy on disk reads back; a damaged one is refused")
  func files() throws {
    let directory = try TemporaryDirectory()
    let path = FileNames.path(of: Sample.name("A/b.example.net"), in: directory.path)
    #expect(path == directory.path + "/zone-a%2fb.example.net.records")
    var writer = try RecordFileWriter(path: path)
    let hosts = (0..<5_000).map { Sample.a("h\($0).example.net", UInt8($0 % 256)) }
    try writer.add(Sample.soa(9))
    for host in hosts { try writer.add(host) }
    try writer.finish(checkedAt: 1_234)
    let file = try RecordFile(path: path, apex: Sample.apex)
    #expect(file.serial == 9 && file.recordCount == 5_001 && file.checkedAt == 1_234)
    #expect(try collect(file.makeCursor()) == hosts)
    RecordFile.noteChecked(path: path, at: 99)
    #expect(file.checkedAt == 99)
    #expect(throws: RecordFileError.self) {
      try RecordFile(path: path, apex: Sample.name("example.org"))
    }
    var octets = try Data(contentsOf: URL(fileURLWithPath: path))
    octets[octets.count / 2] ^= 1
    try octets.write(to: URL(fileURLWithPath: path))
    #expect(throws: RecordFileError.self) { try RecordFile(path: path, apex: Sample.apex) }
    try octets.prefix(1_000).write(to: URL(fileURLWithPath: path))
    #expect(throws: RecordFileError.self) { try RecordFile(path: path, apex: Sample.apex) }
  }
}
