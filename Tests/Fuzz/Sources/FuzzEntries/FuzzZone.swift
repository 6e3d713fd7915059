import DNSWire
import Zones

/// A master file: a zone that loads must answer every question with a message that reads back.
func fuzzZone(_ octets: [UInt8]) {
  guard let apex = try? Name("example.net") else { preconditionFailure("no name") }
  withTemporaryFile(octets) { path in
    let source = ZoneSource(name: apex, path: path)
    let (zones, errors) = ZoneSet.load([source], previous: nil)
    precondition(zones.isEmpty == !errors.isEmpty, "neither zone nor errors, or both")
    for error in errors { checkOneLine(error.description.replacing(path, with: "input")) }
    guard errors.isEmpty else { return }
    for packet in questions {
      for limit in [512, 4_096] { check(zones, packet, limit: limit) }
    }
  }
}

/// Queries for names that exist, do not, are wildcards or lie below a cut in the corpus.
private let questions: [[UInt8]] = {
  let names = [
    "example.net", "www.example.net", "a.b.example.net", "x.wild.example.net", "sub.example.net",
    "x.sub.example.net", "x.alias.example.net", "nothing.example.net",
  ]
  let types: [RRType] = [.soa, .a, .any, .ds, .nsec]
  return names.flatMap { name in
    types.compactMap { type in
      guard let name = try? Name(name) else { return nil }
      let edns = Message.EDNS(udpSize: 4096, dnssecOK: true)
      return Message(query: name, type, rrClass: .internet, edns: edns).encoded()
    }
  }
}()

private func check(_ zones: ZoneSet, _ packet: [UInt8], limit: Int) {
  var request = Request()
  guard request.parse(packet.span) == .query else { preconditionFailure("no query") }
  let reply = WireWriter.array(capacity: 65_535) { writer in
    for octet in packet[0..<request.questionEnd] { writer.append(octet) }
    writer.setLimit(limit)
    guard let answer = zones.answer(request, into: &writer) else {
      preconditionFailure("no answer from an enclosing zone")
    }
    writer.patch16(request.flags.reply(answer.rcode).rawValue, at: 2)
    writer.patch16(answer.answerCount, at: 6)
    writer.patch16(answer.authorityCount, at: 8)
    writer.patch16(answer.additionalCount, at: 10)
  }
  guard let reply, reply.count <= limit, (try? Message(decoding: reply.span)) != nil else {
    preconditionFailure("the answer does not read back")
  }
}
