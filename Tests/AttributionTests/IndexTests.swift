import Addressing
import Attribution
import Evidence
import Foundation
import Testing

@Suite struct IndexTests {
  private static let header =
    "subscriber_key,ip_or_prefix,port_start,port_end,proto,valid_from_utc,valid_to_utc,source\n"

  private func intervals(_ rows: String) throws -> Reading {
    try Reading(.intervals, [Self.header + rows])
  }

  @Test("an interval holds from its start until before its end")
  func bounds() throws {
    let reading = try intervals("line1,192.0.2.1,,,,2026-11-23T12:00:00Z,2026-11-23T13:00:00Z,x\n")
    #expect(reading.who("192.0.2.1", at: noon) == "unique line1 intervals")
    #expect(reading.who("192.0.2.1", at: noon - 1) == "unknown")
    #expect(reading.who("192.0.2.1", at: noon + 3600 * second - 1) == "unique line1 intervals")
    #expect(reading.who("192.0.2.1", at: noon + 3600 * second) == "unknown")
    #expect(reading.who("192.0.2.2", at: noon) == "unknown")
    #expect(reading.who("::ffff:192.0.2.1", at: noon) == "unique line1 intervals")
  }

  @Test("two lines within the tolerance are ambiguous, one line twice is not")
  func tolerance() throws {
    let reading = try intervals(
      """
      a,192.0.2.1,,,,2026-11-23T11:00:00Z,2026-11-23T12:00:00Z,x
      b,192.0.2.1,,,,2026-11-23T12:00:01Z,,x
      c,192.0.2.9,,,,2026-11-23T11:00:00Z,2026-11-23T12:00:00Z,x
      c,192.0.2.9,,,,2026-11-23T12:00:01Z,,x
      """)
    #expect(reading.who("192.0.2.1", at: noon + second / 2) == "unknown")
    #expect(reading.who("192.0.2.1", at: noon, tolerance: 2 * second) == "ambiguous")
    #expect(
      reading.who("192.0.2.1", at: noon - 3 * second, tolerance: 2 * second)
        == "unique a intervals")
    #expect(
      reading.who("192.0.2.9", at: noon, tolerance: 2 * second) == "unique c intervals")
  }

  @Test("the tolerance may reach beyond all time")
  func wideTolerance() throws {
    let reading = try intervals("a,192.0.2.1,,,,,,x\n")
    for instant in [Int64.min, 0, noon, Int64.max - 1] {
      #expect(reading.who("192.0.2.1", at: instant, tolerance: .max) == "unique a intervals")
      #expect(reading.who("192.0.2.1", at: instant) == "unique a intervals")
    }
  }

  @Test("the longest prefix that somebody had then decides")
  func prefixes() throws {
    let reading = try intervals(
      """
      isp,2001:db8::/32,,,,,,x
      home,2001:db8:1:200::/56,,,,2026-11-23T12:00:00Z,,x
      host,2001:db8:1:2ff::7,,,,2026-11-23T12:00:00Z,,x
      pool,198.51.100.0/24,,,,,,x
      one,198.51.100.7,,,,,2026-11-23T12:00:00Z,x
      all,0.0.0.0/0,,,,,,x
      """)
    #expect(reading.who("2001:db8:1:2ab::1", at: noon) == "unique home intervals")
    #expect(reading.who("2001:db8:1:2ff::7", at: noon) == "unique host intervals")
    #expect(reading.who("2001:db8:1:2ff::7", at: noon - 1) == "unique isp intervals")
    #expect(reading.who("2001:db8:1:300::1", at: noon) == "unique isp intervals")
    #expect(reading.who("2001:db9::1", at: noon) == "unknown")
    #expect(reading.who("198.51.100.7", at: noon - 1) == "unique one intervals")
    #expect(reading.who("198.51.100.7", at: noon) == "unique pool intervals")
    #expect(reading.who("203.0.113.1", at: noon) == "unique all intervals")
  }

  @Test("ports and protocols tell lines of one address apart")
  func ports() throws {
    let reading = try intervals(
      """
      a,192.0.2.1,1024,2047,,,,x
      b,192.0.2.1,2048,4095,udp,,,x
      c,192.0.2.1,2048,4095,6,,,x
      d,192.0.2.1,3000,3000,,,,x
      """)
    #expect(reading.who("192.0.2.1", port: 1023, at: noon) == "unknown")
    #expect(reading.who("192.0.2.1", port: 2047, at: noon) == "unique a intervals")
    #expect(reading.who("192.0.2.1", port: 2048, .udp, at: noon) == "unique b intervals")
    #expect(reading.who("192.0.2.1", port: 2048, .tcp, at: noon) == "unique c intervals")
    #expect(reading.who("192.0.2.1", port: 2048, at: noon) == "ambiguous")
    #expect(reading.who("192.0.2.1", port: 3000, .udp, at: noon) == "ambiguous")
    #expect(reading.who("192.0.2.1", at: noon) == "ambiguous")
  }

  @Test("one line told by two sources is one line, of the first source")
  func sources() throws {
    let reading = try Reading([
      (.intervals, [Self.header + "line1,192.0.2.1,,,,,,x\n"], ReaderOptions()),
      (
        .kea4, ["address,hwaddr,valid_lifetime,expire\n192.0.2.1,line1,100,1795435210\n"],
        ReaderOptions()
      ),
    ])
    #expect(reading.who("192.0.2.1", at: noon) == "unique line1 intervals")
  }

  @Test("malformed rows are counted with file and line, the rest loads")
  func malformed() throws {
    let reading = try intervals(
      """
      a,192.0.2.300,,,,,,x
      ,192.0.2.1,,,,,,x
      a,192.0.2.1,5,4,,,,x
      a,192.0.2.1,,,sctp,,,x
      a,192.0.2.1,,,,yesterday,,x
      a,192.0.2.1,,,,2026-11-23T12:00:00Z,2026-11-23T12:00:00Z,x
      "b,192.0.2.1,,,,,,x
      "key, with a comma",192.0.2.77,,,,,,x
      """)
    #expect(reading.output.summary.malformed == 7)
    #expect(reading.output.summary.rows == 8)
    #expect(reading.flaws.count == ReaderOutput.shownFlaws)
    #expect(reading.flaws.first == "file0:2: ip_or_prefix '192.0.2.300' is none")
    #expect(reading.who("192.0.2.77", at: noon) == "unique key, with a comma intervals")
  }

  @Test("a table without the columns it needs says which, and all its rows are counted")
  func headerless() throws {
    let reading = try Reading(.intervals, ["line1,192.0.2.1\nline2,192.0.2.2\n"])
    #expect(reading.output.summary.malformed == 2)
    #expect(reading.flaws.first?.contains("no column subscriber_key, ip_or_prefix") == true)
  }

  @Test("damage is noticed wherever it is")
  func damage() throws {
    let path = NSTemporaryDirectory() + "ponor-index-\(UUID())"
    defer { try? FileManager.default.removeItem(atPath: path) }
    var set = IntervalSet()
    for number in 0..<100 as Range<UInt32> {
      set.add(
        AddressInterval(
          prefix: IPPrefix(address: IPAddress(ipv4: number), length: 128), from: 0, to: 10),
        .subscriber(Array("key\(number)".utf8)[...]), source: 0)
    }
    try SubscriberIndexWriter.write(set, sources: [], builtAt: noon, to: path)
    let good = try Data(contentsOf: URL(fileURLWithPath: path))
    #expect(try SubscriberIndex(path: path).intervalCount == 100)
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    for offset in stride(from: 0, to: good.count, by: 61) {
      var bad = good
      bad[offset] ^= 0x10
      try bad.write(to: URL(fileURLWithPath: path))
      // What lies between two sections belongs to none.
      if let index = try? SubscriberIndex(path: path) { #expect(index.intervalCount == 100) }
    }
    try good.dropLast(64).write(to: URL(fileURLWithPath: path))
    #expect(throws: SubscriberIndexError.self) { try SubscriberIndex(path: path) }
    #expect(throws: SubscriberIndexError.self) { try SubscriberIndex(path: path + ".missing") }
  }

  @Test("what ended before the time that is kept is not in the index")
  func retention() throws {
    var set = IntervalSet(keepFrom: noon)
    let prefix = try #require(IPPrefix("192.0.2.1"))
    set.add(
      AddressInterval(prefix: prefix, from: 0, to: noon), .subscriber(Array("a".utf8)[...]),
      source: 0)
    set.add(
      AddressInterval(prefix: prefix, from: 0, to: noon + 1), .subscriber(Array("b".utf8)[...]),
      source: 0)
    #expect(set.count == 1)
    #expect(set.expired == 1)
  }

  @Test("a newer index is taken up while it is in use")
  func current() throws {
    let path = NSTemporaryDirectory() + "ponor-current-\(UUID())"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let current = CurrentSubscriberIndex(path: path, tolerance: 2, delay: 3)
    let address = try #require(ClientAddress("192.0.2.1"))
    let ask = {
      try current.answers([
        SubscriberQuestion(address: address, port: 4000, transport: .udp, microseconds: noon)
      ])
    }
    #expect(throws: SubscriberLookupFailure.self) { try ask() }
    #expect(current.problem?.contains("cannot open") == true)
    for key in ["a", "bb"] {
      var set = IntervalSet()
      set.add(
        AddressInterval(prefix: try #require(IPPrefix("192.0.2.1")), from: 0, to: .max),
        .subscriber(Array(key.utf8)[...]), source: 0)
      try SubscriberIndexWriter.write(
        set, sources: [SourceSummary(join: "kea", format: "kea4", path: "p")], builtAt: noon,
        to: path)
      let line = InfectionRecord.Subscriber(state: .unique, key: key, source: "kea")
      #expect(try ask() == SubscriberAnswers(subscribers: [line], knownUntil: noon - 5))
    }
    #expect(current.problem == nil)
  }
}
