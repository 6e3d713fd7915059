import AnswerCache
import DNSWire
import Testing

/// A cache kept over a restart.
@Suite struct SnapshotTests {
  private let fixture = Fixture()
  private let settings: UInt64 = 42

  private func snapshot(of fixture: Fixture, at time: Int64) -> [UInt8] {
    var octets: [UInt8] = []
    fixture.cache.snapshot(fingerprint: settings, at: time) { octets += $0 }
    return octets
  }

  private func restored(_ octets: [UInt8], at time: Int64) throws -> (Fixture, Int) {
    let key = try CacheSnapshot.key(of: octets.span, fingerprint: settings, at: time)
    let fresh = Fixture(key: key)
    return (fresh, try fresh.cache.restore(octets.span, fingerprint: settings, at: time))
  }

  @Test("Answers come back, older by the time between; what is over does not")
  func roundTrip() throws {
    for number in 1...500 {
      let entry = fixture.entry(ttl: UInt32(number))
      fixture.cache.store(entry, under: fixture.key(UInt64(number)), at: fixture.now)
    }
    let octets = snapshot(of: fixture, at: fixture.now + 1)
    let (fresh, count) = try restored(octets, at: fixture.now + 3700)
    #expect(count == 400, "1 … 100 seconds and an hour stale are over")
    let (young, all) = try restored(octets, at: fixture.now + 100)
    #expect(all == 500)
    let found = try #require(young.read(young.key(400), at: fixture.now + 100))
    #expect(found.ttl == 300 && found.info.isSecure && found.info.answerCount == 1)
    #expect(young.read(young.key(100), at: fixture.now + 100) == nil)
    #expect(young.cache.stale(young.key(100), at: fixture.now + 100) != nil)
    #expect(fresh.cache.stale(fresh.key(400), at: fixture.now + 3700) != nil)
  }

  @Test("Other settings, other files and other times are refused")
  func refusals() {
    let octets = snapshot(of: fixture, at: fixture.now)
    #expect(throws: CacheSnapshot.Refusal.otherSettings) {
      try CacheSnapshot.key(of: octets.span, fingerprint: 43, at: fixture.now)
    }
    #expect(throws: CacheSnapshot.Refusal.fromTheFuture) {
      try CacheSnapshot.key(of: octets.span, fingerprint: settings, at: fixture.now - 1)
    }
    for other in [[], Array(octets.prefix(39)), [UInt8](repeating: 7, count: 100)] {
      #expect(throws: CacheSnapshot.Refusal.foreign) {
        try CacheSnapshot.key(of: other.span, fingerprint: settings, at: fixture.now)
      }
    }
  }

  @Test("Damage anywhere is noticed, and never more than that")
  func damage() throws {
    for number in 1...20 {
      let entry = fixture.entry(ttl: 1000)
      fixture.cache.store(entry, under: fixture.key(UInt64(number)), at: fixture.now)
    }
    let octets = snapshot(of: fixture, at: fixture.now)
    for position in 40..<octets.count {
      var damaged = octets
      damaged[position] ^= 0x41
      #expect(throws: CacheSnapshot.Refusal.self) { try restored(damaged, at: fixture.now) }
      #expect(throws: CacheSnapshot.Refusal.self) {
        try restored(Array(octets.prefix(position + (position == 40 ? 1 : 0))), at: fixture.now)
      }
    }
  }
}
