import Operation
import Testing

@Suite struct HealthRulesTests {
  private var tracker = HealthTracker()
  private let rules = HealthRules()

  private func sample(at uptime: Double = 0) -> HealthSample {
    var sample = HealthSample(now: 1_000_000, uptime: uptime)
    sample.windowEnd = 1_086_400
    sample.builtAt = 999_000
    return sample
  }

  @Test("a server with an index in its days is fit")
  mutating func fit() {
    #expect(tracker.reasons(sample(), rules) == [])
  }

  @Test("no index, an index whose days are over, an index too old")
  mutating func index() {
    var none = sample()
    none.windowEnd = nil
    #expect(tracker.reasons(none, rules) == ["there is no index"])
    var over = sample()
    over.windowEnd = over.now
    #expect(tracker.reasons(over, rules) == ["the index is stale: its days are over"])
    var old = rules
    old.indexMaxAge = 999
    #expect(tracker.reasons(sample(), old) == ["the index is stale: it is 1000 s old"])
    old.indexMaxAge = 1_000
    #expect(tracker.reasons(sample(), old) == [])
  }

  @Test("hits that wait without any being stored are a stuck log, progress is not")
  mutating func stuckHits() {
    var first = sample(at: 0)
    first.hitsWaiting = 5
    #expect(tracker.reasons(first, rules) == [])
    var later = sample(at: 59)
    later.hitsWaiting = 9
    #expect(tracker.reasons(later, rules) == [])
    later.uptime = 60
    #expect(tracker.reasons(later, rules) == ["the hit log is stuck, 9 hits wait"])
    later.uptime = 61
    later.hitsStored = 1
    #expect(tracker.reasons(later, rules) == [])
    later.uptime = 300
    later.hitsWaiting = 0
    #expect(tracker.reasons(later, rules) == [])
  }

  @Test("hits that are dropped now, and an error of the database, are said")
  mutating func droppedHits() {
    var first = sample()
    first.hitsDropped = 7
    #expect(tracker.reasons(first, rules) == [], "what an earlier run dropped says nothing")
    first.hitsDropped = 8
    #expect(tracker.reasons(first, rules) == ["hits are dropped: a ring is full"])
    #expect(tracker.reasons(first, rules) == [])
    first.hitsError = "disk full"
    #expect(tracker.reasons(first, rules) == ["hits cannot be stored: disk full"])
  }

  @Test("recursion is down when all probes fail, not when one does")
  mutating func probes() {
    var some = sample()
    some.probes = ["a.test": false, "b.test": true]
    #expect(tracker.reasons(some, rules) == [])
    some.probes["b.test"] = false
    #expect(tracker.reasons(some, rules) == ["recursion is down: no answer for a.test, b.test"])
  }

  @Test("the share of failures counts only over enough resolutions, and never at 100")
  mutating func failures() {
    var strict = rules
    strict.failurePercent = 50
    var next = sample()
    #expect(tracker.reasons(next, strict) == [])
    next.resolutions = 99
    next.failures = 99
    #expect(tracker.reasons(next, strict) == [])
    next.resolutions += 100
    next.failures += 50
    #expect(tracker.reasons(next, strict) == [])
    next.resolutions += 100
    next.failures += 51
    #expect(tracker.reasons(next, strict) == ["recursion is down: 51 of 100 resolutions failed"])
    next.resolutions += 100
    next.failures += 100
    #expect(tracker.reasons(next, rules) == [])
  }

  @Test("a thread that stands still is seen, one that was replaced is not blamed")
  mutating func beats() {
    var next = sample(at: 0)
    next.beats = [1, 1]
    #expect(tracker.reasons(next, rules) == [])
    next.uptime = 5
    next.beats = [2, 1]
    #expect(tracker.reasons(next, rules) == ["a thread that answers UDP stands still"])
    next.beats = [3]
    #expect(tracker.reasons(next, rules) == [])
  }

  @Test("a server that stops is unfit")
  mutating func draining() {
    var next = sample()
    next.isDraining = true
    #expect(tracker.reasons(next, rules) == ["the server is stopping"])
  }
}
