import DNSWire
import Foundation
import Transfers
import ZoneRecords

/// Names, records and messages for the tests.
enum Sample {
  static let apex = name("example.net")

  static func name(_ text: String) -> Name {
    (try? Name(text)) ?? .root
  }

  static func soa(_ serial: UInt32, refresh: UInt32 = 3600) -> ZoneRecord {
    let soa = SOA(
      primary: name("ns.example.net"), mailbox: name("h.example.net"), serial: serial,
      refresh: refresh, retry: 600, expire: 86_400, minimum: 60)
    return record("example.net", .soa(soa))
  }

  static func a(_ owner: String, _ last: UInt8, ttl: UInt32 = 300) -> ZoneRecord {
    ZoneRecord(owner: name(owner).wire, type: .a, ttl: ttl, rdata: [192, 0, 2, last])
  }

  static func ns(_ owner: String, _ target: String) -> ZoneRecord {
    ZoneRecord(owner: name(owner).wire, type: .ns, ttl: 300, rdata: name(target).wire)
  }

  private static func record(_ owner: String, _ rdata: RData) -> ZoneRecord {
    var writer = CompressingWriter()
    ResourceRecord(owner: name(owner), ttl: 900, rdata: rdata).write(to: &writer)
    let ownerOctets = name(owner).wire.count
    return ZoneRecord(
      owner: name(owner).wire, type: rdata.type, ttl: 900,
      rdata: uncompressed(rdata, ownerOctets))
  }

  private static func uncompressed(_ rdata: RData, _ skipped: Int) -> [UInt8] {
    guard case .soa(let soa) = rdata else { return [] }
    var octets = soa.primary.wire + soa.mailbox.wire
    for number in [soa.serial, soa.refresh, soa.retry, soa.expire, soa.minimum] {
      for shift in [24, 16, 8, 0] { octets.append(UInt8(truncatingIfNeeded: number >> shift)) }
    }
    return octets
  }

  /// An answer message with these records.
  static func message(
    _ records: [ZoneRecord], id: UInt16 = 7, flags: UInt16 = 0x8400, question: Bool = true,
    rrClass: UInt16 = 1
  ) -> [UInt8] {
    WireWriter.array(capacity: 65_535) { writer in
      let counts = [id, flags, question ? 1 : 0, UInt16(records.count), 0, 0]
      for word in counts { writer.append16(word) }
      if question {
        writer.append(apex.wire)
        writer.append16(RRType.axfr.rawValue)
        writer.append16(1)
      }
      for record in records {
        writer.append(record.owner)
        writer.append16(record.type.rawValue)
        writer.append16(rrClass)
        writer.append32(record.ttl)
        writer.append16(UInt16(record.rdata.count))
        writer.append(record.rdata)
      }
    } ?? []
  }
}

/// A version of a zone in memory.
struct MemoryZone: ZoneContent {
  let apex = Sample.apex
  let soa: ZoneRecord
  let records: [ZoneRecord]

  func makeCursor() -> any RecordCursor { RecordArrayCursor(records) }
}

/// A path in a directory that is removed with this.
final class TemporaryDirectory {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "ponor-transfers-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// All records of a walk.
func collect(_ cursor: any RecordCursor) throws -> [ZoneRecord] {
  var cursor = cursor
  var record = ZoneRecord()
  var all: [ZoneRecord] = []
  while try cursor.next(&record) { all.append(record) }
  return all
}

// Spans of temporary arrays cannot stand in the macros of the tests.
extension TransferReader {
  mutating func take(octets: [UInt8]) throws(TransferFault) -> [TransferEvent] {
    var events: [TransferEvent] = []
    try take(octets.span) { events.append($0) }
    return events
  }
}

extension TSIGStreamVerifier {
  mutating func take(octets: [UInt8], at now: Int64) throws(TSIGStreamError) {
    try take(octets.span, at: now)
  }
}
