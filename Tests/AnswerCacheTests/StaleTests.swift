import AnswerCache
import DNSWire
import Testing

/// An answer with one record of a TTL, and the cache around it.
struct Fixture {
  let cache: AnswerCache
  var now: Int64 = 1_000_000

  init(stale: UInt32 = 3600, key: SipHash.Key = .random()) {
    var lifetimes = AnswerCache.Lifetimes()
    lifetimes.stale = stale
    cache = AnswerCache(memory: 1 << 20, lifetimes: lifetimes, hashKey: key)
  }

  func key(_ number: UInt64) -> AnswerKey {
    AnswerKey(
      name: SipHash.Value(low: number &* 0x9E37_79B9_7F4A_7C15, high: number), qtype: .a,
      qclass: .internet, dnssecOK: false, checkingDisabled: false)
  }

  func entry(ttl: UInt32, _ rcode: ResponseCode = .noError) -> AnswerCache.Entry {
    var info = AnswerInfo()
    info.rcode = rcode
    info.answerCount = rcode == .noError ? 1 : 0
    info.isSecure = true
    let octets: [UInt8] = [24, 16, 8, 0].map { UInt8(ttl >> $0 & 255) } + [7]
    return AnswerCache.Entry(octets: octets, ttlOffsets: [0], info: info, timeToLive: ttl)
  }

  /// The TTL of what is read, and its traits.
  func read(_ key: AnswerKey, at time: Int64) -> (ttl: Int, info: AnswerInfo)? {
    let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 512)
    defer { buffer.deallocate() }
    var writer = WireWriter(buffer)
    var info = AnswerInfo()
    guard cache.read(key, at: time, into: &writer, info: &info) else { return nil }
    return (Int(writer.peek16(at: 0)) << 16 | Int(writer.peek16(at: 2)), info)
  }
}

/// Answers past their time (RFC 8767), failures (RFC 9520) and refreshing.
@Suite struct StaleTests {
  private let fixture = Fixture()
  private var cache: AnswerCache { fixture.cache }
  private var now: Int64 { fixture.now }

  @Test("An expired answer is not served before asking has failed, then with TTL 30 and a code")
  func stale() throws {
    let key = fixture.key(1)
    cache.store(fixture.entry(ttl: 10), under: key, at: now)
    #expect(fixture.read(key, at: now + 9)?.ttl == 1)
    #expect(fixture.read(key, at: now + 10) == nil)
    let entry = try #require(cache.stale(key, at: now + 10))
    #expect(entry.octets == [0, 0, 0, 30, 7])
    #expect(entry.info.extendedError == ExtendedError.staleAnswer.rawValue)
    #expect(!entry.info.isSecure)
    #expect(fixture.read(key, at: now + 10) == nil)
    #expect(cache.postpone(key, at: now + 10))
    let again = try #require(fixture.read(key, at: now + 39))
    #expect(again.ttl == 30 && again.info.isStale)
    #expect(fixture.read(key, at: now + 40) == nil)
  }

  @Test("A failure does not push out what may be served stale, nor a fresh answer")
  func failures() {
    let key = fixture.key(2)
    #expect(!cache.postpone(key, at: now))
    cache.store(fixture.entry(ttl: 10), under: key, at: now)
    #expect(!cache.postpone(key, at: now + 5))
    #expect(cache.stale(key, at: now + 3609) != nil)
    #expect(cache.stale(key, at: now + 3610) == nil)
    #expect(!cache.postpone(key, at: now + 3610))
    cache.store(fixture.entry(ttl: 300, .serverFailure), under: key, at: now + 4000)
    #expect(fixture.read(key, at: now + 4004)?.info.rcode == .serverFailure)
    #expect(fixture.read(key, at: now + 4005) == nil)
    #expect(cache.stale(key, at: now + 4005) == nil)
  }

  @Test("NXDOMAIN goes stale with a code of its own")
  func staleDenial() throws {
    let key = fixture.key(3)
    cache.store(fixture.entry(ttl: 10, .nameError), under: key, at: now)
    let entry = try #require(cache.stale(key, at: now + 11))
    #expect(entry.info.rcode == .nameError)
    #expect(entry.info.extendedError == ExtendedError.staleNXDOMAIN.rawValue)
  }

  @Test("With no stale time, nothing is ever stale")
  func off() {
    let fixture = Fixture(stale: 0)
    let key = fixture.key(4)
    fixture.cache.store(fixture.entry(ttl: 10), under: key, at: now)
    #expect(fixture.cache.stale(key, at: now + 10) == nil)
    #expect(!fixture.cache.postpone(key, at: now + 10))
  }

  @Test("One reader near the end of a life is told to refresh, and one of the next life again")
  func refresh() throws {
    let key = fixture.key(5)
    for life in 0..<2 {
      let start = now + Int64(life) * 95
      cache.store(fixture.entry(ttl: 100), under: key, at: start)
      #expect(fixture.read(key, at: start + 89)?.info.needsRefresh == false)
      #expect(fixture.read(key, at: start + 90)?.info.needsRefresh == true)
      #expect(fixture.read(key, at: start + 91)?.info.needsRefresh == false)
    }
    cache.store(fixture.entry(ttl: 4), under: key, at: now)
    #expect(fixture.read(key, at: now + 3)?.info.needsRefresh == false)
  }

  @Test("Emptying the cache leaves nothing stale either")
  func flush() {
    let key = fixture.key(6)
    cache.store(fixture.entry(ttl: 10), under: key, at: now)
    cache.flush()
    #expect(cache.stale(key, at: now + 11) == nil)
    #expect(!cache.postpone(key, at: now + 11))
  }
}
