import Evidence
import Foundation
import GRDB
import HitLog
import Testing

/// Clients that forwarders and balancers tell of.
@Suite struct OriginTests {
  private let directory = TemporaryDirectory()
  private let world = TestWorld()
  private let device: [UInt8] = [1, 6, 2, 0, 0x5E, 0x10, 0, 1]

  private func told(
    _ payload: UInt64 = 1, relay: String = "192.0.2.99", port: UInt16 = 7, prefix: UInt8 = 0
  ) -> HitEvent {
    var sample = event(payload)
    let address = ClientAddress(relay) ?? ClientAddress(ipv4: 0)
    sample.relayHigh = address.high
    sample.relayLow = address.low
    sample.relayPort = port
    sample.clientPrefix = prefix
    return sample
  }

  @discardableResult
  private func append(
    _ ring: HitRing, _ event: HitEvent, _ name: String = "a.test", device: [UInt8] = []
  ) -> Bool {
    let octets = wire(name)
    return ring.append(event, qname: octets.span, device: device.span)
  }

  @Test("relay, prefix and device stand in the stored hit and in the infection")
  func stored() throws {
    let log = try HitLog.open(directory, world)
    append(log.rings[0], told(prefix: 24), device: device)
    append(log.rings[0], told(2, relay: "2001:db8::9", port: 65_535))
    append(log.rings[0], event(3))
    log.stop()
    let rows = try storedHits(directory)
    #expect(rows.map(\.origin.relay?.description) == ["192.0.2.99", "2001:db8::9", nil])
    #expect(rows.map(\.origin.relayPort) == [7, 65_535, 0])
    #expect(rows.map(\.origin.prefixLength) == [24, nil, nil])
    #expect(rows.map(\.origin.device.octets) == [device, [], []])
    #expect(rows[0].origin.device.description == "mac:02:00:5e:10:00:01")
    #expect(rows.map(\.clientPort) == [40_000, 40_000, 40_000])
  }

  @Test("infections are told apart by address, prefix and device, not by relay")
  func infections() throws {
    for _ in 0..<2 {
      let log = try HitLog.open(directory, world)
      append(log.rings[0], event(1))
      append(log.rings[0], told(1, relay: "192.0.2.1"))
      append(log.rings[0], told(1, relay: "192.0.2.2"))
      append(log.rings[0], told(1), device: device)
      append(log.rings[0], told(1), device: [2, 1, 7])
      append(log.rings[0], told(1, prefix: 24), device: device)
      log.stop()
    }
    let infections = try HitStore.open(dataDirectory: directory.path).infections(InfectionQuery())
    let kinds = infections.map { "\($0.origin.prefixLength ?? 0) \($0.origin.device) \($0.hits)" }
    #expect(
      kinds.sorted() == [
        "0  6", "0 cpe:07 2", "0 mac:02:00:5e:10:00:01 2", "24 mac:02:00:5e:10:00:01 2",
      ])
  }

  @Test("lookups fold whatever port the forwarder used, but never over devices or relays")
  func folding() throws {
    let log = try HitLog.open(directory, world)
    let ring = log.rings[0]
    for port in 1...3 { append(ring, told(port: UInt16(port)), device: device) }
    append(ring, told(), device: [1, 6, 2, 0, 0x5E, 0x10, 0, 2])
    append(ring, told(), device: Array(device.dropLast()))
    append(ring, told(relay: "192.0.2.98"), device: device)
    append(ring, told(prefix: 24), device: device)
    append(ring, told())
    append(ring, event(1))
    log.stop()
    let rows = try storedHits(directory)
    #expect(rows.map(\.count) == [3, 1, 1, 1, 1, 1, 1])
    #expect(rows[0].origin.relayPort == 1)
  }

  @Test("the longest name leaves less room: the device is cut, nothing else", arguments: [0, 16])
  func longNames(relayOctets: Int) throws {
    let log = try HitLog.open(directory, world)
    let label = String(repeating: "x", count: 61)
    let longest = [label, label, label, label, "testy"].joined(separator: ".")
    #expect(wire(longest).count == 255)
    let long = [UInt8](1...80)
    append(log.rings[0], relayOctets == 0 ? event(1) : told(), longest, device: long)
    append(log.rings[0], relayOctets == 0 ? event(1) : told(), "a.test", device: long)
    log.stop()
    let rows = try storedHits(directory)
    #expect(rows.map(\.origin.device.octets.count) == [49 - relayOctets, 64])
    #expect(rows[0].qnameWire == wire(longest))
    #expect(rows[0].origin.relay?.description == (relayOctets == 0 ? nil : "192.0.2.99"))
  }

  @Test("a slot that held a told client is clean for the next one")
  func reuse() throws {
    var options = HitLogOptions(dataDirectory: directory.path, ringCount: 1)
    options.ringBytes = 4096 + 384
    for sample in [told(1, prefix: 24), event(2)] {
      let log = try HitLog.open(
        options, source: TestSource(), now: world.clock, log: world.sink)
      append(log.rings[0], sample, device: sample.hasRelay ? device : [])
      log.stop()
    }
    #expect(try storedHits(directory).map(\.origin).last == ClientOrigin())
  }

  @Test("a database of before is taken over with its hits and infections")
  func migration() throws {
    try store { append($0, event(1)) }
    try makeOld()
    try store { ring in
      append(ring, event(2))
      append(ring, told(), device: device)
    }
    let rows = try storedHits(directory)
    #expect(rows.map(\.origin.device.octets) == [[], [], device])
    let infections = try HitStore.open(dataDirectory: directory.path).infections(InfectionQuery())
    #expect(infections.map(\.hits).sorted() == [1, 2])
    #expect(infections.map(\.distinctNames).sorted() == [1, 2])
  }

  private func store(_ body: (HitRing) -> Void) throws {
    let log = try HitLog.open(directory, world)
    body(log.rings[0])
    log.stop()
  }

  /// Turns the tables back into those of the first version.
  private func makeOld() throws {
    let path = try #require(directory.files("ponor.sqlite").first { $0.hasSuffix("sqlite") })
    let queue = try DatabaseQueue(path: directory.path + "/" + path)
    try queue.write { db in
      for column in ["prefix", "device", "relay", "relay_port"] {
        try db.execute(sql: "ALTER TABLE hits DROP COLUMN \(column)")
      }
      try db.execute(
        sql: """
          CREATE TABLE old (
            id INTEGER PRIMARY KEY, client BLOB NOT NULL, generator INTEGER NOT NULL,
            names INTEGER NOT NULL, hits INTEGER NOT NULL, verified INTEGER NOT NULL,
            first INTEGER NOT NULL, last INTEGER NOT NULL, qtypes BLOB NOT NULL,
            transports INTEGER NOT NULL, last_port INTEGER NOT NULL,
            last_server INTEGER NOT NULL, UNIQUE (client, generator));
          INSERT INTO old SELECT id, client, generator, names, hits, verified, first, last, qtypes,
            transports, last_port, last_server FROM infections;
          DROP TABLE infections;
          ALTER TABLE old RENAME TO infections;
          DELETE FROM grdb_migrations WHERE identifier = 'hits-2';
          """)
    }
    try queue.close()
  }
}

@Suite struct DeviceIdentifierTests {
  @Test(
    "identities as text; whatever octets come",
    arguments: [
      ([], ""), ([1, 6, 0, 1, 2, 3, 4, 0xAB], "mac:00:01:02:03:04:ab"),
      ([1, 2, 0x61, 0x62], "mac:ab"), ([2, 3, 0x61, 0x2C, 0x62], "cpe:612c62"),
      ([4, 1, 0, 3, 2, 0x6F, 0x6E], "umbrella:00,opendns:on"), ([9, 1, 0x20], "9:20"),
      ([1, 200, 0x61], "mac:a"), ([1], ""), ([1, 0], "mac:"),
    ] as [([UInt8], String)])
  func text(octets: [UInt8], text: String) {
    #expect(DeviceIdentifier(octets: octets).description == text)
  }
}
