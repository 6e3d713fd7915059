import DNSWire
import Testing
import Transfers
import ZoneRecords

@Suite struct ReaderTests {
  private func read(
    _ request: TransferReader.Request, _ messages: [[ZoneRecord]]
  ) throws(TransferFault) -> [TransferEvent] {
    var reader = TransferReader(apex: Sample.apex, request: request, id: 7)
    var events: [TransferEvent] = []
    for message in messages {
      let octets = Sample.message(message)
      try reader.take(octets.span) { events.append($0) }
    }
    return events
  }

  private let old = Sample.soa(1)
  private let new = Sample.soa(2)
  private let host = Sample.a("www.example.net", 1)
  private let other = Sample.a("ftp.example.net", 2)

  @Test("A whole zone, in one message or in many")
  func whole() throws {
    let expected: [TransferEvent] = [.whole(new), .record(host), .record(other), .end]
    #expect(try read(.whole, [[new, host, other, new]]) == expected)
    #expect(try read(.whole, [[new], [host], [other], [new]]) == expected)
    #expect(try read(.since(1), [[new, host, other, new]]) == expected, "IXFR in the form of AXFR")
  }

  @Test("Differences over several versions (RFC 1995 §7)")
  func incremental() throws {
    let newest = Sample.soa(3)
    let events = try read(
      .since(1), [[newest, old, host, new, other], [new, other, newest, host, newest]])
    #expect(
      events == [
        .incremental(newest), .deletion(host), .addition(other), .deletion(other),
        .addition(host), .end,
      ])
  }

  @Test("One SOA record: current, or newer without data")
  func soaAlone() throws {
    #expect(try read(.since(2), [[new]]) == [.current])
    #expect(try read(.since(3), [[new]]) == [.current], "an older version at the primary")
    #expect(try read(.since(1), [[new]]) == [.newer])
  }

  @Test("What has no place is refused")
  func disorder() {
    let cases: [(String, TransferReader.Request, [[ZoneRecord]])] = [
      ("no SOA first", .whole, [[host, new]]),
      ("another SOA in the middle", .whole, [[new, host, old, new]]),
      ("records behind the end", .whole, [[new, host, new, host]]),
      ("a message behind the end", .whole, [[new, host, new], [host]]),
      ("SOA below the apex", .whole, [[new, below(new), new]]),
      ("outside the zone", .whole, [[new, Sample.a("www.example.org", 1), new]]),
      ("a name that only ends alike", .whole, [[new, Sample.a("wwwexample.net", 1), new]]),
      ("no records", .whole, [[]]),
      ("steps with a gap", .since(1), [[Sample.soa(9), old, new, Sample.soa(5), host, new]]),
      ("a question type", .whole, [[new, ZoneRecord(owner: host.owner, type: .any), new]]),
    ]
    for (what, request, messages) in cases {
      #expect(throws: TransferFault.self, "\(what)") { try read(request, messages) }
    }
  }

  private func below(_ soa: ZoneRecord) -> ZoneRecord {
    var soa = soa
    soa.owner = host.owner
    return soa
  }

  @Test("Messages that are no answer to the request")
  func foreign() {
    let good = [new, host, new]
    let messages: [(String, [UInt8])] = [
      ("another ID", Sample.message(good, id: 8)),
      ("a query", Sample.message(good, flags: 0)),
      ("truncated", Sample.message(good, flags: 0x8600)),
      ("an error", Sample.message([], flags: 0x8405)),
      ("another class", Sample.message(good, rrClass: 3)),
      ("cut short", Array(Sample.message(good).dropLast(3))),
      ("nothing", []),
    ]
    for (what, message) in messages {
      var reader = TransferReader(apex: Sample.apex, request: .whole, id: 7)
      #expect(throws: TransferFault.self, "\(what)") { try reader.take(octets: message) }
    }
  }
}
