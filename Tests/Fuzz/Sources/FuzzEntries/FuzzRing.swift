import DNSWire
import HitLog

/// A hit ring in the short form of `PagedFile.ring`: damage must throw when it is opened; what
/// opened must give its records or nil, and take new ones.
func fuzzRing(_ octets: [UInt8]) {
  let file = PagedFile.ring.expanded(octets).map(sealed) ?? octets
  withTemporaryFile(file) { path in
    guard let ring = try? HitRing.recover(path: path, index: 0) else { return }
    precondition(ring.head - ring.released <= ring.capacity, "more records than room")
    for position in ring.released..<ring.head { check(ring.record(at: position)) }
    let name: [UInt8] = [1, 0x61, 0]
    if ring.head - ring.released == ring.capacity {
      precondition(!ring.append(event, qname: name.span), "a record that is needed is overwritten")
      ring.release(upTo: ring.head)
    }
    let position = ring.head
    precondition(ring.append(event, qname: name.span), "an empty ring takes nothing")
    precondition(ring.record(at: position)?.qname == name, "the new record differs")
    precondition(ring.record(at: position)?.event == event, "the new record differs")
    precondition(ring.record(at: position)?.device == [], "a device out of nothing")
  }
}

private let event = HitEvent(
  timeMicroseconds: 1, clientHigh: 2, clientLow: 3, clientPort: 4, serverHigh: 5, serverLow: 6,
  serverPort: 7, transport: 0, flags: 1, qtype: 28, action: 1, generation: 8, payload: 9,
  matchedOffset: 0)

private func check(_ record: HitRecord?) {
  guard let record else { return }
  let name = record.qname
  guard let wire = try? Name(wire: name), wire.wire == name else {
    preconditionFailure("a record whose name is none")
  }
  // The span of a folded hit must be a number.
  let time = record.event.timeMicroseconds
  precondition((-(1 << 61)...(1 << 61)).contains(time), "impossible time")
  precondition(Int(record.event.matchedOffset) < name.count, "match behind the name")
}

/// The file with room for as many records as its header says and the header's checksum.
private func sealed(_ file: [UInt8]) -> [UInt8] {
  var file = file
  let capacity = file.word(at: 16)
  if (1...16).contains(capacity) {
    let size = PagedFile.pageOctets + Int(capacity) * 384
    file = Array(file.prefix(size))
    file += [UInt8](repeating: 0, count: size - file.count)
  }
  let checksum = file[..<40].reduce(UInt64(0xcbf2_9ce4_8422_2325)) {
    ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3
  }
  file.setWord(checksum, at: 40)
  return file
}
