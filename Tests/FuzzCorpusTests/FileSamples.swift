import DNSWire
import DomainIndex
import Foundation
import FuzzEntries
import HitLog

/// Small files of the binary formats, in the short form of the corpus.
enum FileSamples {
  /// An index of `count` names with `rows` rows, in which every third name stands twice.
  static func index(names count: Int, rows: Int) throws -> [UInt8] {
    var builder = IndexBuilder(key: SipHash.Key(low: 1, high: 2))
    for row in 0..<rows {
      let generator = IndexGenerator(
        family: "family\(row)", variant: row == 0 ? "" : "v\(row)", seed: "s",
        kind: row % 2 == 0 ? .model : .feed, clock: row == 1 ? .local : .utc)
      _ = try builder.addRow(
        generator: generator, validFrom: row == 2 ? .min : 86_400 * Int64(row),
        validTo: row == 2 ? .max : 86_400 * Int64(row + 1))
    }
    for number in 0..<count {
      var name = NameBuffer()
      try name.load(text: Array("n\(number).example.com".utf8).span)
      for row in number % 3 == 0 ? [0, rows - 1] : [number % rows] {
        builder.add(name, row: row, ordinal: number, isColliding: number == 4)
      }
    }
    return try withFile { path in
      try builder.write(to: path, generation: 7, builtAt: 5, window: (0, 100), grace: 3600)
      return PagedFile.index.shortened(Array(try Data(contentsOf: URL(filePath: path))))
    }
  }

  /// A ring of `capacity` records that took `appended` and gave all but `kept` back.
  static func ring(capacity: Int, appended: Int, kept: Int) throws -> [UInt8] {
    try withFile { path in
      let ring = try HitRing.create(path: path, index: 0, byteCount: 4096 + 384 * capacity)
      for number in 0..<appended {
        let event = HitEvent(
          timeMicroseconds: 1_795_317_247_000_000 + Int64(number), clientHigh: 0,
          clientLow: 0xffff_c633_6417, clientPort: 4000, serverHigh: 0, serverLow: 0xffff_7f00_0001,
          serverPort: 53, transport: 0, flags: 0, qtype: 1, action: 1, generation: 7,
          payload: UInt64(number), matchedOffset: number % 2 == 0 ? 0 : 4)
        let name = try Name(number % 2 == 0 ? "n\(number).example.com" : "www.n1.Example.com")
        if !ring.append(event, qname: name.wire.span) { continue }
        ring.release(upTo: ring.head - min(ring.head, UInt64(kept)))
      }
      var file = Array(try Data(contentsOf: URL(filePath: path)))
      // The random identity: the same samples at each writing. Entries renew the checksum.
      file.replaceSubrange(24..<48, with: repeatElement(1, count: 24))
      return PagedFile.ring.shortened(file)
    }
  }

  private static func withFile(_ body: (String) throws -> [UInt8]) throws -> [UInt8] {
    let path = NSTemporaryDirectory() + "ponor-sample-\(UUID())"
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(path)
  }
}
