import Addressing
import Attribution
import Evidence
import Testing

@Suite struct TranslationTests {
  private func make(
    _ inside: ClosedRange<UInt32>, _ outside: ClosedRange<UInt32>, compression: Int,
    dynamic: Int = 0, reserved: Int = 1024,
    algorithm: DeterministicMapping.Algorithm = .sequential
  ) -> DeterministicMapping? {
    DeterministicMapping(
      inside: inside, outside: outside, reservedPorts: reserved, compression: compression,
      dynamicBlocks: dynamic, algorithm: algorithm, from: .min, to: .max, source: 0)
  }

  @Test("RFC 7422 §2.1: (65536 - R) / (C + D) ports for each user, blocks in order")
  func sequential() throws {
    let mapping = try #require(
      make(0x6440_0000...0x6440_000F, 0xC000_0200...0xC000_0203, compression: 4, dynamic: 2))
    #expect(mapping.blockPorts == 10_752)
    let inside = { (number: UInt32) in
      DeterministicMapping.Finding.inside(IPAddress(ipv4: 0x6440_0000 + number))
    }
    #expect(mapping.holder(of: 0xC000_0200, port: 1023) == .none)
    #expect(mapping.holder(of: 0xC000_0200, port: 1024) == inside(0))
    #expect(mapping.holder(of: 0xC000_0200, port: 1024 + 10_751) == inside(0))
    #expect(mapping.holder(of: 0xC000_0200, port: 1024 + 10_752) == inside(1))
    #expect(mapping.holder(of: 0xC000_0200, port: 1024 + 4 * 10_752 - 1) == inside(3))
    #expect(mapping.holder(of: 0xC000_0200, port: 1024 + 4 * 10_752) == .dynamic)
    #expect(mapping.holder(of: 0xC000_0200, port: 65_535) == .dynamic)
    #expect(mapping.holder(of: 0xC000_0203, port: 1024) == inside(12))
    #expect(mapping.holder(of: 0xC000_0204, port: 1024) == .none)
  }

  @Test(
    "every user has as many ports as any other, and no port two users",
    arguments: DeterministicMapping.Algorithm.allCases)
  func inverse(_ algorithm: DeterministicMapping.Algorithm) throws {
    let mapping = try #require(
      make(10...19, 100...103, compression: 3, dynamic: 2, reserved: 1000, algorithm: algorithm))
    var ports: [IPAddress: Int] = [:]
    for address in UInt32(100)...103 {
      for port in UInt16.min...UInt16.max {
        if case .inside(let inside) = mapping.holder(of: address, port: port) {
          ports[inside, default: 0] += 1
        }
      }
    }
    #expect(ports.count == 10)
    #expect(Set(ports.values) == [mapping.blockPorts])
  }

  @Test("numbers that contradict each other are refused")
  func contradictions() {
    #expect(make(0...16, 0...3, compression: 4) == nil)
    #expect(make(0...1, 0...3, compression: 0) == nil)
    #expect(make(0...1, 0...3, compression: 65_536) == nil)
    #expect(make(0...1, 0...3, compression: 4, reserved: 65_536) == nil)
    #expect(make(0...UInt32.max, 0...UInt32.max, compression: 1) != nil)
  }

  private static let rules = """
    inside,outside,compression,dynamic,valid_from_utc,valid_to_utc
    100.64.0.0/28,192.0.2.0/30,4,2,,2026-11-23T12:00:00Z
    100.64.1.0-100.64.1.15,192.0.2.0/30,4,2,2026-11-23T12:00:00Z,
    100.64.1.0,192.0.2.0/30,x,2,,
    100.64.0.0/8,192.0.2.0/30,4,2,,
    """
  private static let lines = """
    subscriber_key,ip_or_prefix
    old,100.64.0.0
    new,100.64.1.0
    other,100.64.1.1
    """

  @Test("a computed mapping leads to the line, and its history counts")
  func computed() throws {
    let reading = try Reading([
      (.intervals, [Self.lines], ReaderOptions()), (.rfc7422, [Self.rules], ReaderOptions()),
    ])
    #expect(reading.output.summary.malformed == 2)
    #expect(reading.who("192.0.2.0", port: 2000, at: noon - 1) == "unique old intervals")
    #expect(reading.who("192.0.2.0", port: 2000, at: noon) == "unique new intervals")
    #expect(reading.who("192.0.2.0", port: 2000, at: noon, tolerance: 5) == "ambiguous")
    #expect(reading.who("192.0.2.0", port: 12_000, at: noon) == "unique other intervals")
    #expect(reading.who("192.0.2.1", port: 2000, at: noon) == "unknown")
    #expect(reading.who("192.0.2.0", port: 60_000, at: noon) == "unknown")
    #expect(reading.who("192.0.2.0", at: noon) == "ambiguous")
    let answer = reading.index.answer(
      AttributionQuestion(
        address: IPAddress(ipv4: 0xC000_0200), port: 2000, instant: noon), tolerance: 0)
    #expect(answer.inside == IPAddress("100.64.1.0"))
    #expect(answer.subscriber.source == "cgnat")
  }

  private static let blocks = """
    time,event,inner,outer,port_start,port_end
    2026-11-23T12:00:00.250Z,alloc,100.64.0.1,192.0.2.1,1024,2047
    2026-11-23T12:00:10Z,alloc,100.64.0.2,192.0.2.1,2048,3071
    2026-11-23T12:00:20Z,dealloc,100.64.0.1,192.0.2.1,1024,2047
    2026-11-23T12:00:20.5Z,alloc,100.64.0.2,192.0.2.1,1024,2047
    2026-11-23T12:00:30Z,17,100.64.0.9,192.0.2.1,4096,5119
    2026-11-23T12:00:40Z,16,100.64.0.3,192.0.2.1,2048,3071
    2026-11-23T12:00:41Z,dealloc,100.64.0.2,192.0.2.1,2048,3071
    2026-11-23T12:00:42Z,moved,100.64.0.2,192.0.2.1,2048,3071
    """

  @Test("port blocks are given out, taken back, and given out again without being taken back")
  func portBlocks() throws {
    let lines = "subscriber_key,ip_or_prefix\na,100.64.0.1\nb,100.64.0.2\nc,100.64.0.3\n"
    let reading = try Reading([
      (.intervals, [lines], ReaderOptions()), (.portBlocks, [Self.blocks], ReaderOptions()),
    ])
    let who = { (port: UInt16, seconds: Double, tolerance: Int64) in
      reading.who(
        "192.0.2.1", port: port, at: noon + Int64(seconds * 1e6), tolerance: tolerance)
    }
    #expect(reading.output.summary.malformed == 1)
    #expect(who(1024, 0.2, 0) == "unknown")
    #expect(who(1024, 0.25, 0) == "unique a intervals")
    #expect(who(2047, 19.9, 0) == "unique a intervals")
    #expect(who(1500, 20.2, 0) == "unknown")
    #expect(who(1500, 20.2, second) == "ambiguous")
    #expect(who(1500, 100, second) == "unique b intervals")
    #expect(who(2048, 39, 0) == "unique b intervals")
    #expect(who(2048, 41, 0) == "unique c intervals")
    // 100.64.0.9 had its block since before the log, but nobody is known there.
    #expect(who(4096, 5, 0) == "unknown")
  }
}
