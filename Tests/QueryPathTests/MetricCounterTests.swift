import DNSServer
import DNSWire
import Policy
import QueryPath
import Testing

struct MetricCounterTests {
  @Test func responsesAreCountedByTransportTypeAndCode() {
    #expect(ResponseCounters.isConsistent)
    let counters = ResponseCounters()
    counters.count(.udp, 1, .noError)
    counters.count(.udp, 1, .noError)
    counters.count(.doh, 28, .nameError)
    counters.count(.tcp, 4711, ResponseCode(rawValue: 23))
    counters.count(.dot, .max, ResponseCode(rawValue: 4095))
    var sums: [ResponseCounters.Figure: UInt64] = [:]
    counters.add(to: &sums)
    counters.add(to: &sums)
    let texts = sums.map { "\($0.key.transport) \($0.key.type) \($0.key.rcode) \($0.value)" }
    #expect(
      texts.sorted() == [
        "doh AAAA NXDOMAIN 2", "dot other other 2", "tcp other BADCOOKIE 2", "udp A NOERROR 4",
      ])
  }

  @Test func hitsAreCountedByFamilyAndAction() {
    let family = FamilyNumbers.number(of: "metric-counter-tests")
    #expect(family != FamilyNumbers.other)
    #expect(FamilyNumbers.number(of: "metric-counter-tests") == family)
    let counters = HitCounters()
    counters.count(family, .colliding)
    counters.count(family, .sinkhole)
    counters.count(family, .sinkhole)
    counters.count(.max, .nxdomain)
    var sums: [HitCounters.Figure: UInt64] = [:]
    counters.add(to: &sums)
    let texts = sums.filter { $0.key.family == "metric-counter-tests" }
      .map { "\($0.key.action) \($0.value)" }
    #expect(texts.sorted() == ["colliding 1", "sinkhole 2"])
  }

  @Test func bucketsOfTheHistogramAreCumulative() {
    let histogram = LatencyHistogram()
    for time: Int64 in [-5, 0, 1_000, 1_001, 10_000_000, 10_000_001] {
      histogram.note(microseconds: time)
    }
    let snapshot = histogram.snapshot
    #expect(snapshot.buckets.count == LatencyHistogram.bounds.count)
    #expect(snapshot.buckets[0].count == 3 && snapshot.buckets[1].count == 4)
    #expect(snapshot.buckets.last?.count == 5 && snapshot.count == 6)
    #expect(snapshot.buckets[0].bound == 0.001 && abs(snapshot.sum - 20.002002) < 1e-9)
  }
}
