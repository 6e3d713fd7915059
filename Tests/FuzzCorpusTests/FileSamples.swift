import Addressing
import Attribution
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

  /// A subscriber index of lines with `blocks` port blocks each, a delegated prefix, and a mapping.
  static func subscribers(lines: Int, blocks: Int) throws -> [UInt8] {
    var set = IntervalSet()
    for line in 0..<lines {
      let key = Holder.subscriber(Array("line\(line)".utf8)[...])
      for block in 0..<blocks {
        let inside = IPAddress(ipv4: 0x6440_0000 + UInt32(line))
        set.add(
          AddressInterval(
            prefix: IPPrefix(address: IPAddress(ipv4: 0xC000_0201), length: 128),
            ports: UInt16(block * 64)...UInt16(block * 64 + 63), from: Int64(line) * 10,
            to: Int64(line) * 10 + 9),
          .inside(inside), source: 1)
        set.add(
          AddressInterval(
            prefix: IPPrefix(address: inside, length: 128), from: 0, to: .max), key, source: 0)
      }
      let network = IPAddress(high: 0x2001_0db8_0001_0000 + UInt64(line) << 8, low: 0)
      set.add(
        AddressInterval(prefix: IPPrefix(address: network, length: 56), from: .min, to: .max), key,
        source: 0)
    }
    if let rule = DeterministicMapping(
      inside: 0x6440_0000...0x6440_0003, outside: 0xC000_0201...0xC000_0201, reservedPorts: 1024,
      compression: 4, dynamicBlocks: 1, algorithm: .sequential, from: .min, to: .max, source: 1)
    {
      set.add(rule)
    }
    return try withFile { path in
      try SubscriberIndexWriter.write(
        set, sources: [SourceSummary(join: "radius", format: "radius-detail", path: "p")],
        builtAt: 1_795_435_200_000_000, to: path)
      return PagedFile.subscribers.shortened(Array(try Data(contentsOf: URL(filePath: path))))
    }
  }

  private static func withFile(_ body: (String) throws -> [UInt8]) throws -> [UInt8] {
    let path = NSTemporaryDirectory() + "ponor-sample-\(UUID())"
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(path)
  }
}
