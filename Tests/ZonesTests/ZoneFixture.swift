import DNSWire
import Foundation
import Zones

/// A directory with master files that is removed with the fixture.
final class ZoneDirectory {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("ponor-zones-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(at: url)
  }

  func path(_ file: String) -> String { url.appendingPathComponent(file).path }

  @discardableResult
  func write(_ file: String, _ text: String) throws -> String {
    try write(file, Data(text.utf8))
  }

  @discardableResult
  func write(_ file: String, _ data: Data) throws -> String {
    let path = path(file)
    try data.write(to: URL(fileURLWithPath: path))
    return path
  }
}

/// Zones loaded from text, and questions to them.
struct ZoneFixture {
  let directory: ZoneDirectory
  let set: ZoneSet
  let errors: [ZoneLoadError]

  /// Loads zones given as name and text of the master file.
  init(_ zones: [(name: String, text: String)]) throws {
    directory = try ZoneDirectory()
    var sources: [ZoneSource] = []
    for (index, zone) in zones.enumerated() {
      let path = try directory.write("zone\(index)", zone.text)
      sources.append(ZoneSource(name: try Name(zone.name), path: path))
    }
    (set, errors) = ZoneSet.load(sources, previous: nil)
  }

  /// Loads one zone `example.net`, with SOA and TTL in front of `records`.
  init(_ records: String) throws {
    try self.init([("example.net", Self.head + records)])
  }

  static let head = """
    $TTL 300
    @ 900 IN SOA ns1 hostmaster 7 3600 600 86400 120

    """
}

/// A reply and what the zone said about it.
struct Reply {
  var answer: ZoneAnswer
  var message: Message
  var octets: Int
  /// The size it might have had.
  var limit: Int
}

extension ZoneSet {
  /// Asks as the server would: an encoded query in, an encoded reply out, which is read again.
  func ask(
    _ name: String, _ type: RRType, limit: Int = 4096, dnssecOK: Bool? = nil,
    rrClass: RRClass = .internet
  ) throws -> Reply? {
    let edns = dnssecOK.map { Message.EDNS(udpSize: UInt16(clamping: limit), dnssecOK: $0) }
    let query = Message(query: try Name(name), type, rrClass: rrClass, edns: edns)
    guard let packet = query.encoded() else { return nil }
    var request = Request()
    guard request.parse(packet.span) == .query else { return nil }
    // The room that the server keeps for its own OPT record.
    return try reply(to: request, packet, limit: limit - (edns == nil ? 0 : 11))
  }

  private func reply(to request: Request, _ packet: [UInt8], limit: Int) throws -> Reply? {
    var answer: ZoneAnswer?
    let octets = WireWriter.array(capacity: 65_535) { writer in
      for octet in packet[0..<request.questionEnd] { writer.append(octet) }
      writer.setLimit(limit)
      answer = self.answer(request, into: &writer)
      guard let answer else { return }
      var flags = request.flags.reply(answer.rcode)
      if answer.authoritative { flags.insert(.authoritative) }
      if answer.truncated { flags.insert(.truncated) }
      writer.patch16(flags.rawValue, at: 2)
      writer.patch16(answer.answerCount, at: 6)
      writer.patch16(answer.authorityCount, at: 8)
      writer.patch16(answer.additionalCount, at: 10)
    }
    guard let octets, let answer else { return nil }
    return Reply(
      answer: answer, message: try Message(decoding: octets.span), octets: octets.count,
      limit: limit)
  }
}

extension [ResourceRecord] {
  /// The records in a form that is easy to compare in tests.
  var texts: [String] {
    map { $0.description.replacingOccurrences(of: "\t", with: " ") }.sorted()
  }
}
