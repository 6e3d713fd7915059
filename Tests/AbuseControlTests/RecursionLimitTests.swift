import AbuseControl
import Addressing
import DNSWire
import Testing
import WireSamples

@Suite struct RecursionLimitTests {
  private let start: Int64 = 1_764_000_000_000_000
  private let second: Int64 = 1_000_000
  private let client = IPAddress(ipv4: 0xC000_0201)

  private func buffer(_ text: String) throws -> NameBuffer {
    var buffer = NameBuffer()
    try buffer.load(text: Array(text.utf8).span)
    return buffer
  }

  private func zones() throws -> ZoneGuess {
    ZoneGuess(suffixes: [try Name("co.uk"), try Name("github.io")])
  }

  @Test(
    "a zone is the name below the public part",
    arguments: [
      ("a.b.example.com", "example.com"), ("example.com", "example.com"), ("com", "com"),
      ("x.y.example.co.uk", "example.co.uk"), ("example.co.uk", "example.co.uk"),
      ("co.uk", "co.uk"), ("a.user.github.io", "user.github.io"), ("A.EXAMPLE.Com", "example.com"),
      ("4.3.2.1.in-addr.arpa", "3.2.1.in-addr.arpa"), ("1.in-addr.arpa", "1.in-addr.arpa"),
      ("f.f.f.1.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa", "0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"),
    ])
  func zoneOf(name: String, expected: String) throws {
    let guess = try zones()
    let zone = guess.zone(of: try buffer(name))
    #expect(zone.hash == guess.zone(of: try buffer(expected)).hash)
    #expect(name.count - zone.offset == expected.count)
  }

  @Test("the root, and names as deep as they go, have a zone")
  func zoneOfExtremes() throws {
    let guess = try zones()
    var root = NameBuffer()
    _ = try root.load(from: [0].span, at: 0, allowCompression: false)
    #expect(guess.zone(of: root).offset == 0)
    let deep = try buffer(Array(repeating: "a", count: 127).joined(separator: "."))
    #expect(guess.zone(of: deep).offset == 250)
  }

  @Test("what is under way is counted per client and zone, and given back")
  func caps() throws {
    let abuse = AbuseGuard(rateOctets: 64)
    var limits = RecursionLimits()
    limits.zones = try zones()
    limits.perClient = 3
    limits.perZone = 2
    let name = try buffer("a.example.com")
    let other = try buffer("a.example.net")
    func admit(_ name: borrowing NameBuffer, _ client: IPAddress) -> Result<
      RecursionTicket, RecursionRefusal
    > {
      abuse.admit(name, nameHash: 1, from: client, RecursionRules(limits), at: start)
    }
    let first = try admit(name, client).get()
    let second = try admit(name, client).get()
    #expect(throws: RecursionRefusal.zone) { try admit(name, client).get() }
    let third = try admit(other, client).get()
    #expect(throws: RecursionRefusal.client) { try admit(other, client).get() }
    #expect(throws: RecursionRefusal.zone) { try admit(name, IPAddress(ipv4: 7)).get() }
    for ticket in [first, second, third] { abuse.leave(ticket) }
    // Had a refusal kept a place, this would fail.
    let again = try (0..<2).map { _ in try admit(name, client).get() }
    for ticket in again { abuse.leave(ticket) }
    abuse.leave(.free)
  }

  @Test("many keys come and go and leave nothing behind")
  func outstandingIsExact() async {
    let table = OutstandingTable(capacity: 4_096)
    await withTaskGroup(of: Void.self) { group in
      for task in 0..<4 {
        group.addTask {
          var random = SeededGenerator(seed: UInt64(task))
          var held: [OutstandingTable.Admission] = []
          for _ in 0..<20_000 {
            if held.count < 200, !random.oneIn(3) {
              held.append(table.enter(random.next() % 500 &* 0x9E37_79B9_7F4A_7C15, limit: 1_000))
            } else if let last = held.popLast() {
              table.leave(last)
            }
          }
          for admission in held { table.leave(admission) }
        }
      }
    }
    let left = (0..<500).map { table.count(UInt64($0) &* 0x9E37_79B9_7F4A_7C15) }
    #expect(left.allSatisfy { $0 == 0 })
    #expect(table.enter(1, limit: 0) == .refused)
  }

  // MARK: - Random subdomains

  private func limits(failing: Int? = 10, nonexistent: Int? = nil) -> FailureLimits {
    func limit(_ names: Int) -> RateLimit {
      RateLimit(perSecond: 2, burst: names, window: 60, isPenalty: true)
    }
    return FailureLimits(failing: failing.map(limit), nonexistent: nonexistent.map(limit))
  }

  @Test("a zone whose names keep failing is protected for a while, its known names are not refused")
  func protection() {
    let failures = FailureGuard()
    let limits = limits()
    let (known, zone, other): (UInt64, UInt64, UInt64) = (4_711 << 30, 1, 2)
    var random = SeededGenerator(seed: testSeed())
    failures.note(.exists, name: known, zone: zone, limits, at: start)
    for _ in 0..<9 {
      failures.note(.failed, name: random.next(), zone: zone, limits, at: start)
      #expect(failures.admits(name: random.next(), zone: zone, limits, at: start))
    }
    for _ in 0..<2 { failures.note(.failed, name: random.next(), zone: zone, limits, at: start) }
    #expect(!failures.admits(name: random.next(), zone: zone, limits, at: start))
    #expect(failures.admits(name: known, zone: zone, limits, at: start))
    #expect(failures.admits(name: random.next(), zone: other, limits, at: start))
    #expect(!failures.admits(name: random.next(), zone: zone, limits, at: start + 59 * second))
    #expect(failures.admits(name: random.next(), zone: zone, limits, at: start + 70 * second))
  }

  @Test("one name that fails for everybody is one name")
  func distinctNames() {
    let failures = FailureGuard()
    let limits = limits()
    for _ in 0..<10_000 {
      failures.note(.failed, name: 1 << 40, zone: 1, limits, at: start)
    }
    #expect(failures.admits(name: 2 << 40, zone: 1, limits, at: start))
  }

  @Test("names that do not exist count only where that is wished")
  func nonexistentNames() {
    var random = SeededGenerator(seed: testSeed())
    for (limits, isProtected) in [(limits(), false), (limits(failing: nil, nonexistent: 10), true)]
    {
      let failures = FailureGuard()
      for _ in 0..<100 {
        failures.note(.nonexistent, name: random.next(), zone: 1, limits, at: start)
      }
      #expect(failures.admits(name: random.next(), zone: 1, limits, at: start) != isProtected)
    }
  }

  @Test("a slow trickle of failures never protects a zone")
  func trickle() {
    let failures = FailureGuard()
    let limits = limits()
    var random = SeededGenerator(seed: testSeed())
    for moment in 0..<2_000 {
      let now = start + Int64(moment) * second / 2
      failures.note(.failed, name: random.next(), zone: 1, limits, at: now)
      #expect(failures.admits(name: random.next(), zone: 1, limits, at: now))
    }
  }

  @Test("names noted are remembered as long as asked, and no others")
  func recentNames() {
    let names = RecentNames(capacity: 1_024)
    var random = SeededGenerator(seed: testSeed())
    let noted = random.next()
    names.note(noted, at: start)
    #expect(names.contains(noted, within: 60, at: start))
    #expect(names.contains(noted, within: 60, at: start + 50 * second))
    #expect(!names.contains(noted, within: 60, at: start + 100 * second))
    for _ in 0..<10_000 { #expect(!names.contains(random.next(), within: 86_400, at: start)) }
    for now in [Int64.min, -1, 0, .max] {
      names.note(noted, at: now)
      _ = names.contains(noted, within: .max, at: now)
    }
  }
}
