import Evidence
import EvidenceStore
import HitLog
import Testing

/// Devices that a forwarder tells apart: their suspects have the forwarder's address, but they are
/// asked about, and erased, by their own.
@Suite("Privacy of devices behind forwarders") struct ForwarderPrivacyTests {
  private static let relay = "192.0.2.99"
  private static let otherRelay = "192.0.2.98"
  private static let first: [UInt8] = [1, 6, 2, 0, 0x5E, 0x77, 0, 1]
  private static let second: [UInt8] = [1, 6, 2, 0, 0x5E, 0x77, 0, 2]

  /// Ten lookups of a device by one of its addresses.
  private static func bot(
    _ client: String, _ device: [UInt8], relay: String = relay, prefix: UInt8 = 0, day: Int64 = 0,
    later: Int64 = 0
  ) -> [TestHit] {
    EngineTests.bot(client, days: day...day).map { hit in
      var hit = hit
      hit.time += later
      (hit.relay, hit.device, hit.prefix) = (relay, device, prefix)
      return hit
    }
  }

  /// A device with two addresses, the second only later on a day, beside another device of the same
  /// forwarder, one with the same identity behind another, and a client without any.
  private static func world() throws -> World {
    let world = World()
    let hits = [
      bot("203.0.113.77", first), bot("2001:db8:77::7", first, later: World.hour),
      bot("203.0.113.77", first, day: 1), bot("203.0.113.78", second),
      bot("203.0.113.79", first, relay: otherRelay), EngineTests.bot("198.51.100.7"),
    ]
    try world.store(hits.flatMap { $0 }.sorted { $0.time < $1.time })
    world.advance(2 * World.day)
    try world.run()
    return world
  }

  private static func suspect(_ relay: String, _ device: [UInt8]) throws -> String {
    Suspect.device(
      try #require(ClientAddress(relay)), DeviceIdentifier(octets: device)
    ).description
  }

  private static func data(of subject: String, _ world: World) throws -> SubjectData {
    try SubjectData(
      of: try #require(Suspect(subject)), in: try world.database(), dataDirectory: world.path,
      options: try world.options().suspects)
  }

  private static func erase(_ subject: String, _ world: World) throws -> ErasureCounts {
    let suspect = try #require(Suspect(subject))
    return try Erasure(
      try world.database(), dataDirectory: world.path, options: try world.options().suspects
    ).erase(suspect)
  }

  private static func hits(_ data: SubjectData, _ world: World) throws -> Int {
    try HitStore.open(dataDirectory: world.path).hits(HitQuery()).filter {
      data.covers(
        $0.client, $0.origin, first: $0.firstMicroseconds, last: $0.lastMicroseconds)
    }.count
  }

  @Test(
    "every address and prefix that a device was told to have finds it, with all its hits",
    arguments: [
      "address:203.0.113.77", "prefix:203.0.113.76/31", "address:2001:db8:77::7",
      "prefix:2001:db8:77::/64",
    ])
  func found(subject: String) throws {
    let world = try Self.world()
    let device = try Self.suspect(Self.relay, Self.first)
    let data = try Self.data(of: subject, world)
    #expect(data.names == [subject, device].sorted())
    #expect(try world.reader().episodes(of: data).map(\.suspect) == [device])
    #expect(try Self.hits(data, world) == 30)
  }

  @Test("lists and explanations find a device by the address of its days")
  func listed() throws {
    let world = try Self.world()
    let device = try Self.suspect(Self.relay, Self.first)
    #expect(try world.reader().episodes(meaning: "203.0.113.77").map(\.suspect) == [device])
    var query = EpisodeQuery()
    query.client = ClientAddress("203.0.113.77")
    var suspects: [String] = []
    try world.reader().forEach(query) { suspects.append($0.suspect) }
    #expect(suspects == [device])
  }

  @Test("the forwarder's address means all devices behind it, with their hits")
  func relays() throws {
    let world = try Self.world()
    let data = try Self.data(of: "address:\(Self.relay)", world)
    let devices = try [Self.first, Self.second].map { try Self.suspect(Self.relay, $0) }
    #expect(data.names == (["address:\(Self.relay)"] + devices).sorted())
    #expect(try Self.hits(data, world) == 40)
  }

  @Test(
    "an erasure by a device's address leaves nothing of it, and the others alone",
    arguments: ["address:203.0.113.77", "address:2001:db8:77::7", "prefix:2001:db8:77::/64"])
  func erasure(subject: String) throws {
    let world = try Self.world()
    let before = try world.records().count
    let counts = try Self.erase(subject, world)
    #expect(counts.suspects == 1 && counts.episodes == 1)
    #expect(counts.hits.hits == 30 && counts.hits.infections == 2)
    #expect(counts.isLogEmpty && counts.hits.isLogEmpty)
    for address in ["203.0.113.77", "2001:db8:77::7"] {
      #expect(try world.contains(ClientAddress(address)?.octets ?? []) == [], "\(address)")
      #expect(try world.contains(Array(address.utf8)) == [], "\(address)")
    }
    #expect(try world.contains(Array(Self.suspect(Self.relay, Self.first).utf8)) == [])
    #expect(try world.contains(Array("02:00:5e:77:00:01".utf8)) != [], "behind the other forwarder")
    try Self.others(world)
    #expect(try world.records().count == before - 2)
    // It does not come back, and a rebuild does not bring it back either.
    let plan = try world.database().beginRebuild(from: try HitTail(dataDirectory: world.path))
    #expect(plan.episodes + plan.kept == 3)
    try world.run()
    #expect(try world.reader().episodes(meaning: "203.0.113.77").isEmpty)
    try Self.others(world)
  }

  /// Those that were not asked about are as they were.
  private static func others(_ world: World) throws {
    let reader = try world.reader()
    for (address, suspect) in [
      ("203.0.113.78", try Self.suspect(relay, second)),
      ("203.0.113.79", try Self.suspect(otherRelay, first)),
      ("198.51.100.7", "address:198.51.100.7"),
    ] {
      let views = try reader.episodes(meaning: address)
      #expect(views.map(\.suspect) == [suspect] && views.first?.row.state.all.lookups == 10)
      let data = try Self.data(of: "address:\(address)", world)
      #expect(try Self.hits(data, world) == 10, "\(address)")
    }
  }

  @Test("of a device of which only a subnet was told, any address of the subnet may be")
  func subnets() throws {
    let world = World()
    try world.store(Self.bot("203.0.113.0", Self.first, prefix: 24))
    try world.run()
    let device = try Self.suspect(Self.relay, Self.first)
    let inside = try Self.data(of: "address:203.0.113.200", world)
    #expect(inside.names == ["address:203.0.113.200", device])
    #expect(try Self.hits(inside, world) == 10)
    let outside = try Self.data(of: "address:203.0.114.1", world)
    #expect(outside.names == ["address:203.0.114.1"])
    #expect(try Self.hits(outside, world) == 0)
  }

  @Test("an IPv6 address stands for its customer's prefix, the hits of which go with the episode")
  func prefixes() throws {
    let world = World()
    try world.store(EngineTests.bot("2001:db8:5::1") + EngineTests.bot("2001:db8:6::1"))
    try world.store(EngineTests.bot("2001:db8:5::2", days: 1...1))
    world.advance(2 * World.day)
    try world.run()
    let counts = try Self.erase("address:2001:db8:5::1", world)
    #expect(counts.episodes == 1 && counts.hits.hits == 20)
    #expect(try world.contains(ClientAddress("2001:db8:5::2")?.octets ?? []) == [])
    #expect(try world.reader().episodes(meaning: "2001:db8:6::1").count == 1)
  }
}
