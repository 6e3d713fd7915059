import Evidence
import Testing

/// Who a hit speaks of, and the stable text of it.
@Suite struct SuspectTests {
  @Test(
    "text reads back to the same suspect",
    arguments: [
      "address:192.0.2.1", "address:2001:db8::1", "prefix:2001:db8:0:1::/64", "prefix:10.0.0.0/8",
      "prefix:::/0", "device:192.0.2.1/010602005e100001", "device:2001:db8::1/", "line:ABC-1:2/3",
      "line:a%20b%25%c3%bc", "line:",
    ])
  func roundTrip(text: String) {
    #expect(Suspect(text)?.description == text)
  }

  @Test(
    "other text is refused",
    arguments: [
      "", "192.0.2.1", "address:", "address:192.0.2.1/24", "prefix:2001:db8::/129", "prefix:x/8",
      "prefix:192.0.2.0/+8", "device:192.0.2.1", "device:192.0.2.1/0", "device:192.0.2.1/ZZ",
      "line:%", "line:%4", "line:%FF", "host:x", "line:" + String(repeating: "x", count: 129),
    ])
  func refused(text: String) {
    #expect(Suspect(text) == nil)
  }

  @Test("keys of any text survive", arguments: ["a b\n\u{1b}[31m", "%41", "=cmd()", "ü\u{0}"])
  func keys(key: String) {
    let text = Suspect.line(key).description
    #expect(Suspect(text) == .line(key))
    #expect(text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
  }

  @Test("prefixes hold their addresses")
  func prefixes() throws {
    let prefix = try #require(ClientPrefix("2001:db8:1::/48"))
    #expect(prefix.contains(try #require(ClientAddress("2001:db8:1:ffff::1"))))
    #expect(!prefix.contains(try #require(ClientAddress("2001:db8:2::1"))))
    #expect(!prefix.contains(try #require(ClientAddress("192.0.2.1"))))
    let ipv4 = try #require(ClientPrefix("100.64.0.0/10"))
    #expect(ipv4.contains(try #require(ClientAddress("100.127.255.255"))))
    #expect(!ipv4.contains(try #require(ClientAddress("100.128.0.0"))))
    #expect(!ipv4.contains(try #require(ClientAddress("::ffff:0:0:1"))))
    #expect(ClientPrefix("192.0.2.77/24")?.description == "192.0.2.0/24")
    #expect(ClientPrefix("192.0.2.77/0")?.description == "0.0.0.0/0")
    #expect(ClientPrefix("192.0.2.77")?.isSingleAddress == true)
  }

  @Test("IPv6 by prefix, shared addresses and forwarders by the operator's lists")
  func standing() throws {
    var options = SuspectOptions()
    options.shared = [
      .init(prefix: try #require(ClientPrefix("192.0.2.0/24")), devices: 2000),
      .init(prefix: try #require(ClientPrefix("192.0.2.128/25")), devices: 64),
    ]
    options.forwarders = [.init(prefix: try #require(ClientPrefix("192.0.2.53")), devices: 300)]
    func standing(_ client: String) -> Standing {
      options.standing(of: Lookup(client: client).hit(1))
    }
    #expect(
      standing("198.51.100.1")
        == Standing(
          suspect: try #require(Suspect("address:198.51.100.1")), scope: .line, devices: 1))
    #expect(standing("2001:db8::1").suspect == Suspect("prefix:2001:db8::/64"))
    #expect(standing("2001:db8::2").suspect == standing("2001:db8::1").suspect)
    #expect(standing("192.0.2.1").devices == 2000)
    #expect(standing("192.0.2.200").devices == 64)
    #expect(standing("192.0.2.1").scope == .shared)
    #expect(standing("192.0.2.53").scope == .forwarder)
    let line = options.standing(of: Lookup(client: "192.0.2.1").hit(1), line: "L1")
    #expect(line == Standing(suspect: .line("L1"), scope: .line, devices: 1))
  }

  @Test("a device behind a forwarder is a suspect of its own; a told prefix is kept")
  func told() throws {
    var hit = Lookup(client: "203.0.113.0").hit(1)
    hit.origin.prefixLength = 24
    #expect(SuspectOptions().standing(of: hit).suspect == Suspect("prefix:203.0.113.0/24"))
    hit.origin.device = DeviceIdentifier(octets: [1, 6, 2, 0, 0x5e, 16, 0, 1])
    hit.origin.relay = ClientAddress("192.0.2.53")
    let standing = SuspectOptions().standing(of: hit)
    #expect(standing.suspect == Suspect("device:192.0.2.53/010602005e100001"))
    #expect(standing.scope == .line)
  }

  @Test("suspects have an order")
  func order() {
    let texts = [
      "line:b", "device:192.0.2.1/02", "address:192.0.2.9", "line:a", "device:192.0.2.1/01",
      "prefix:192.0.2.0/24", "address:2001:db8::1",
    ]
    let sorted = texts.compactMap { Suspect($0) }.sorted().map(\.description)
    #expect(
      sorted == [
        "prefix:192.0.2.0/24", "address:192.0.2.9", "address:2001:db8::1", "device:192.0.2.1/01",
        "device:192.0.2.1/02", "line:a", "line:b",
      ])
  }

  @Test("a name of several families gives one observation each, and no breadth")
  func severalFamilies() {
    let matches = [("one", "a", 0), ("two", "a", 5), ("one", "b", 9), ("one", "a", -300)].map {
      ProvenanceMatch(
        provenance: Provenance(
          family: $0.0, variant: "", seed: $0.1, kind: .model,
          validFrom: Lookup.start / 1_000_000 + Int64($0.2) * 86_400,
          validTo: Lookup.start / 1_000_000 + Int64($0.2 + 1) * 86_400), ordinal: 1)
    }
    let plain = Lookup().hit(1)
    let hit = HitRow(
      id: 1, firstMicroseconds: plain.firstMicroseconds, lastMicroseconds: plain.lastMicroseconds,
      count: 1, client: plain.client, clientPort: 1, server: plain.server, serverPort: 53,
      transport: .tcp, isVerified: true, qnameWire: Lookup.wire("WWW.Example.COM"),
      matchedOffset: 4, qtype: 28, action: .sinkhole, matches: matches, unresolved: nil)
    let observations = Observation.read(hit)
    #expect(observations.map(\.family) == ["one", "two"])
    #expect(observations[0].origins.map(\.generator) == ["/a", "/b"])
    #expect(observations[0].origins[0].validFrom == Lookup.start / 1_000_000)
    #expect(observations[0].name == Lookup.wire("example.com"))
    var client = ClientState()
    client.add(hit, rules: Case.parameters.foldRules(family: "one"))
    #expect(client.peak.generators == 1)
    #expect(
      client.breadth(
        at: hit.firstMicroseconds, verifiedOnly: true,
        rules: Case.parameters.foldRules(family: "one")) == 1)
  }

  @Test("colliding and unexplained hits are no evidence")
  func noEvidence() {
    #expect(Observation.read(Lookup(action: .colliding).hit(1)).isEmpty)
    let plain = Lookup().hit(1)
    let unknown = HitRow(
      id: 1, firstMicroseconds: 0, lastMicroseconds: 0, count: 1, client: plain.client,
      clientPort: 1, server: plain.server, serverPort: 53, transport: .udp, isVerified: false,
      qnameWire: [], matchedOffset: 9, qtype: 1, action: .sinkhole,
      matches: [ProvenanceMatch(provenance: .unknown, ordinal: nil)], unresolved: nil)
    #expect(Observation.read(unknown).isEmpty)
    var states = SuspectStates()
    states.add(unknown, parameters: Case.parameters)
    #expect(states == SuspectStates())
  }
}
