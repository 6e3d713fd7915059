import Addressing
import DNSWire
import ResponsePolicy
import Testing

@Suite struct MatchingTests {
  @Test("wildcards take what is below, and only at the closest name there is")
  func wildcardsTakeWhatIsBelowAndOnlyAtTheClosestNameThereIs() throws {
    let found = try rules(
      """
      *.example CNAME .
      exact.example CNAME rpz-passthru.
      *.deep.example CNAME *.
      a.b.example CNAME rpz-drop.
      """)
    #expect(try rule(found, "example") == .none)
    #expect(try rule(found, "x.example") == .nxdomain)
    #expect(try rule(found, "x.y.example") == .nxdomain)
    #expect(try rule(found, "exact.example") == .passthru)
    // What exists in the zone hides the wildcard above it (RFC 4592 §3.3.1).
    #expect(try rule(found, "x.exact.example") == .none)
    #expect(try rule(found, "deep.example") == .none)
    #expect(try rule(found, "x.deep.example") == .nodata)
    #expect(try rule(found, "a.b.example") == .drop)
    #expect(try rule(found, "b.example") == .none)
    #expect(try rule(found, "c.b.example") == .none)
  }

  @Test("random zones match as a zone with wildcards would")
  func randomZonesMatchAsAZoneWithWildcardsWould() throws {
    var seed: UInt64 = 12
    func random(_ count: Int) -> Int {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(seed >> 33) % count
    }
    func name() -> String {
      (0...random(4)).map { _ in ["a", "b", "c"][random(3)] }.joined(separator: ".")
    }
    for _ in 0..<60 {
      let owners = Set((0..<12).map { _ in (random(2) == 0 ? "*." : "") + name() })
      let found = try rules(owners.map { "\($0) CNAME .\n" }.joined())
      for _ in 0..<60 {
        let asked = name()
        #expect(
          (try rule(found, asked) == .nxdomain) == Self.matches(asked, owners),
          "\(asked) in \(owners)")
      }
    }
  }

  /// RFC 4592 by the book: the name itself, or the wildcard at its closest encloser.
  private static func matches(_ name: String, _ owners: Set<String>) -> Bool {
    var existing: Set<String> = []
    for owner in owners {
      let labels = owner.split(separator: ".")
      for start in labels.indices { existing.insert(labels[start...].joined(separator: ".")) }
    }
    if existing.contains(name) { return owners.contains(name) }
    var labels = name.split(separator: ".")[...]
    while !labels.isEmpty {
      labels = labels.dropFirst()
      let encloser = labels.joined(separator: ".")
      if existing.contains(encloser) { return owners.contains("*." + encloser) }
    }
    return owners.contains("*")
  }

  @Test("within a zone the kinds of rules count in their order")
  func withinAZoneTheKindsOfRulesCountInTheirOrder() throws {
    let lines = [
      "32.9.2.0.192.rpz-client-ip CNAME .", "asked.example CNAME *.",
      "32.1.2.0.192.rpz-ip CNAME rpz-drop.", "ns.bad.example.rpz-nsdname CNAME rpz-tcp-only.",
      "32.2.2.0.192.rpz-nsip A 192.0.2.99",
    ]
    let servers = ServerFacts(
      names: [try Name("ns.bad.example")], addresses: [try #require(IPAddress("192.0.2.2"))])
    for first in lines.indices {
      let decision = try judge(
        [try zone("rpz.test", lines[first...].reversed().joined(separator: "\n"))],
        "asked.example", client: "192.0.2.9", addresses: ["192.0.2.1"], servers: servers)
      #expect(decision?.trigger.rawValue == UInt8(first))
    }
  }

  @Test("the zone that comes first wins, whatever the kinds")
  func theZoneThatComesFirstWinsWhateverTheKinds() throws {
    let first = try zone("one.test", "24.0.2.0.192.rpz-ip CNAME *.")
    let second = try zone("two.test", "asked.example CNAME .")
    let both = try judge([first, second], "asked.example", addresses: ["192.0.2.7"])
    #expect(both?.rule == .nodata)
    #expect(both?.position == 0)
    let other = try judge([first, second], "asked.example", addresses: ["198.51.100.7"])
    #expect(other?.rule == .nxdomain)
  }

  @Test("before the answer only what nothing can overtake is decided")
  func beforeTheAnswerOnlyWhatNothingCanOvertakeIsDecided() throws {
    let plain = try zone("one.test", "asked.example CNAME .")
    let waiting = try zone("two.test", "24.0.2.0.192.rpz-ip CNAME *.\nown.example CNAME .")
    let policy = ResponsePolicy(zones: [waiting, plain], key: testKey)
    #expect(try !decidesEarly(policy, "asked.example"))
    #expect(try decidesEarly(policy, "own.example"))
  }

  @inline(never)
  private func decidesEarly(_ policy: ResponsePolicy, _ text: String) throws -> Bool {
    var name = NameBuffer()
    var hashes = SuffixHashes(key: testKey)
    let wire = try Name(text).wire
    _ = try name.load(from: wire.span, at: 0, allowCompression: false)
    let client = IPAddress(ipv4: 0xC000_0209)
    return policy.judge(name, &hashes, client: client, from: 0, upTo: 2).decision != nil
  }

  @Test("the longest prefix wins, then the smaller address")
  func theLongestPrefixWinsThenTheSmallerAddress() throws {
    let one = try zone(
      "rpz.test",
      """
      8.0.0.0.10.rpz-ip CNAME .
      24.0.1.1.10.rpz-ip CNAME *.
      24.0.2.1.10.rpz-ip CNAME rpz-drop.
      32.zz.db8.2001.rpz-ip CNAME rpz-tcp-only.
      """)
    let ask = { (addresses: [String]) in try judge([one], "x.example", addresses: addresses)?.rule }
    #expect(try ask(["10.9.9.9"]) == .nxdomain)
    #expect(try ask(["10.9.9.9", "10.1.2.3", "10.1.1.3"]) == .nodata)
    #expect(try ask(["2001:db8::1"]) == .tcpOnly)
    #expect(try ask(["2001:db9::1"]) == nil)
  }

  private static let prefixes: [(String, String?)] = [
    ("24.0.2.0.192", "192.0.2.0/24"), ("32.1.2.0.192", "192.0.2.1/32"),
    ("128.1.zz.db8.2001", "2001:db8::1/128"), ("48.zz.1.db8.2001", "2001:db8:1::/48"),
    ("128.57.zz.57.db8.2001", "2001:db8:57::57/128"), ("0.0.0.0.0", nil), ("33.0.0.0.10", nil),
    ("24.1.2.0.192", nil), ("129.zz", nil), ("64.zz.zz.2001", nil), ("24.0.2.192", nil),
    ("32.1.2.256.192", nil), ("128.1.2.3.4.5.6.7", nil),
    ("128.1.2.3.4.5.6.7.8", "8:7:6:5:4:3:2:1/128"),
  ]

  @Test("prefixes are read as they are spelled", arguments: prefixes)
  func prefixesAreReadAsTheyAreSpelled(_ text: String, _ expected: String?) {
    let labels = text.split(separator: ".").map { Array($0.utf8) }
    #expect(TriggerPrefix.parse(labels)?.description == expected)
  }
}
