import DNSWire
import ZoneRecords

/// Walks the answer section of one message of a transfer.
struct AnswerRecords: ~Escapable {
  private var reader: WireReader
  /// Records of the answer section not read yet.
  private(set) var remaining = 0

  @_lifetime(copy message)
  init(_ message: Span<UInt8>) { reader = WireReader(message) }

  /// Reads header and question.
  @_lifetime(self: copy self)
  mutating func readHead(id: UInt16, apex: Name) throws(TransferFault) {
    let bytes = reader.bytes
    guard bytes.count >= Limits.headerOctets else { throw .unreadable("no header") }
    let flags = HeaderFlags(rawValue: bytes.word(at: 2))
    guard bytes.word(at: 0) == id, flags.contains(.response), flags.opcode == 0 else {
      throw .unreadable("no answer to our request")
    }
    guard flags.rcode == 0 else { throw .refused(ResponseCode(rawValue: UInt16(flags.rcode))) }
    guard !flags.contains(.truncated) else { throw .unreadable("truncated") }
    let questions = bytes.word(at: 4)
    guard questions <= 1 else { throw .unreadable("more than one question") }
    remaining = Int(bytes.word(at: 6))
    do throws(WireError) {
      try reader.skip(Limits.headerOctets)
      guard questions == 1 else { return }
      let question = try Question(reading: &reader)
      guard question.name == apex else { throw WireError(.badValue, at: Limits.headerOctets) }
    } catch {
      throw .unreadable(error.description)
    }
  }

  /// Reads the next record, which must belong to the zone.
  @_lifetime(self: copy self)
  mutating func next(in apex: Name) throws(TransferFault) -> ZoneRecord {
    remaining -= 1
    let record: ZoneRecord
    let rrClass: UInt16
    do throws(WireError) {
      (record, rrClass) = try readRecord()
    } catch {
      throw .unreadable(error.description)
    }
    guard rrClass == RRClass.internet.rawValue else { throw .disorder("a record of another class") }
    // RFC 6895 §3.1: types of questions and transactions are no data.
    let type = record.type.rawValue
    guard type != 0, type != RRType.opt.rawValue, !(128...255).contains(type) else {
      throw .disorder("a record of type \(record.type)")
    }
    guard Self.isInZone(record.owner, apex.wire) else { throw .disorder("a name outside the zone") }
    return record
  }

  @_lifetime(self: copy self)
  private mutating func readRecord() throws(WireError) -> (ZoneRecord, UInt16) {
    var record = ZoneRecord()
    record.owner = try reader.readName().wire
    record.type = RRType(rawValue: try reader.readUInt16())
    let rrClass = try reader.readUInt16()
    record.ttl = try reader.readUInt32()
    // RFC 2181 §8: a TTL with the top bit set counts as 0.
    if record.ttl > 0x7FFF_FFFF { record.ttl = 0 }
    let length = Int(try reader.readUInt16())
    let start = reader.offset
    try reader.skip(length)
    record.rdata = try RDataLayout.expanded(
      record.type, in: reader.bytes, at: start, length: length)
    return (record, rrClass)
  }

  /// Whether `name` is the apex or stands below it, letter case aside.
  private static func isInZone(_ name: [UInt8], _ apex: [UInt8]) -> Bool {
    let start = name.count - apex.count
    guard start >= 0 else { return false }
    for index in apex.indices
    where name[start + index].asciiLowercased != apex[index].asciiLowercased {
      return false
    }
    var position = 0
    while position < start { position += 1 + Int(name[position]) }
    return position == start
  }
}
