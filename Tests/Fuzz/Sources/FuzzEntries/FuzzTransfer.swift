import DNSWire
import Transfers
import ZoneRecords

/// Messages of a transfer, each behind its two length octets, as they come from a primary: whatever
/// they hold, the events must keep their order.
func fuzzTransfer(_ octets: [UInt8]) {
  guard let apex = try? Name("example.net") else { preconditionFailure("no name") }
  for request in [TransferReader.Request.whole, .since(1)] {
    var reader = TransferReader(apex: apex, request: request, id: 7)
    var order = EventOrder()
    do throws(TransferFault) {
      for message in messages(octets) {
        try reader.take(message.span) { order.take($0) }
      }
    } catch {
      checkOneLine(error.description)
    }
    precondition(reader.isDone == order.isDone, "the end is not where the events say")
  }
}

private func messages(_ octets: [UInt8]) -> [[UInt8]] {
  var result: [[UInt8]] = []
  var position = 0
  while position + 2 <= octets.count {
    let length = Int(octets[position]) << 8 | Int(octets[position + 1])
    let end = min(position + 2 + length, octets.count)
    result.append(Array(octets[position + 2..<end]))
    position = end
  }
  return result
}

/// The order of events: one start, records or changes, one end.
private struct EventOrder {
  private var isWhole = false
  private var isIncremental = false
  private(set) var isDone = false

  mutating func take(_ event: TransferEvent) {
    precondition(!isDone, "an event behind the end")
    let begun = isWhole || isIncremental
    switch event {
    case .current, .newer:
      precondition(!begun, "a lone SOA record behind others")
      isDone = true
    case .whole:
      precondition(!begun, "a second start")
      isWhole = true
    case .incremental:
      precondition(!begun, "a second start")
      isIncremental = true
    case .record(let record):
      precondition(isWhole && record.type != .soa, "a record out of place")
      check(record)
    case .deletion(let record), .addition(let record):
      precondition(isIncremental && record.type != .soa, "a change out of place")
      check(record)
    case .end:
      precondition(begun, "an end without a start")
      isDone = true
    }
  }

  private func check(_ record: ZoneRecord) {
    precondition((try? Name(wire: record.owner)) != nil, "the owner is no name")
    precondition(record.rdata.count <= 65_535, "data too long")
  }
}

/// A signed message, as a stranger sends it.
func fuzzSignature(_ octets: [UInt8]) {
  guard let name = try? Name("key") else { preconditionFailure("no name") }
  let key = TSIGKey(name: name, algorithm: .sha256, secret: [1, 2, 3, 4, 5, 6, 7, 8])
  if case .refused(let failure) = TSIGCheck(octets.span, keys: TSIGKeyring([key]), at: 1_000) {
    let reply = WireWriter.array(capacity: 65_535) { writer in
      for word: UInt16 in [7, 0x8009, 0, 0, 0, 0] { writer.append16(word) }
      let start = writer.count
      failure.append(to: &writer)
      precondition(writer.count - start <= failure.octets, "more octets than were kept free")
    }
    guard let reply, let found = try? TSIGRecord.find(in: reply.span) else {
      preconditionFailure("the answer's signature does not read back")
    }
    precondition(found.error == failure.error.rawValue, "another error than meant")
  }
}

/// The copy of a zone on disk.
func fuzzRecordFile(_ octets: [UInt8]) {
  guard let apex = try? Name("example.net") else { preconditionFailure("no name") }
  withTemporaryFile(octets) { path in
    do throws(RecordFileError) {
      let file = try RecordFile(path: path, apex: apex)
      precondition(file.recordCount > 0, "a zone without SOA record")
    } catch {
      checkOneLine(error.description.replacing(path, with: "input"))
    }
  }
}
