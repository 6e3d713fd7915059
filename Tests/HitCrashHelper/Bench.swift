import Foundation
import HitLog

/// Measures the cost of one hit: the append on the query thread, and the storing.
struct Bench {
  let directory: String
  let hits: Int
  let names: Int
  let clients: Int
  let rate: Int

  init(_ arguments: [String]) {
    directory = arguments[0]
    let numbers = arguments.dropFirst().map { Int($0) ?? 0 }
    (hits, names, clients, rate) = (numbers[0], numbers[1], numbers[2], numbers[3])
  }

  func run() throws {
    var options = HitLogOptions(dataDirectory: directory, ringCount: 1)
    options.ringBytes = rate > 0 ? HitRing.defaultBytes : (hits + 16) * 384 + 4096
    let log = try HitLog.open(
      options, source: NumberedSource(), now: HitCrashHelper.clock, log: { print($0, $1) })
    let wireNames = (0..<names).map { HitCrashHelper.wireName($0 &* 7919 % names) }
    let start = cpu(CLOCK_PROCESS_CPUTIME_ID)
    if rate > 0 { log.start() }
    let appendSeconds = appendAll(log, wireNames)
    let appended = cpu(CLOCK_PROCESS_CPUTIME_ID)
    log.stop()
    let end = cpu(CLOCK_PROCESS_CPUTIME_ID)
    let statistics = log.statistics
    let storing = rate > 0 ? end - start - appendSeconds : end - appended
    print(
      "append \(nanoseconds(appendSeconds)) ns/hit, store \(nanoseconds(storing)) ns/hit,",
      "rows \(statistics.storedRows), folded \(statistics.folded), dropped \(statistics.dropped)")
  }

  /// Appends at the wanted rate in bursts of 64; returns the appending thread's seconds.
  private func appendAll(_ log: HitLog, _ wireNames: [[UInt8]]) -> Double {
    let start = cpu(CLOCK_THREAD_CPUTIME_ID)
    var random: UInt64 = 88_172_645_463_325_252
    for number in 0..<hits {
      random ^= random << 13
      random ^= random >> 7
      random ^= random << 17
      let index = names == hits ? number : Int(random % UInt64(names))
      let client = UInt32(random >> 33) % UInt32(clients)
      let name = wireNames[index]
      var event = HitCrashHelper.event(index &* 7919 % names, client: client)
      // One family to a client; NumberedSource reads family and ordinal out of the payload.
      if clients > 1 { event.payload = UInt64(index) * 100 + UInt64(client % 100) }
      _ = log.rings[0].append(event, qname: name.span)
      if rate > 0, number % 64 == 63 { usleep(UInt32(64_000_000 / rate)) }
    }
    return cpu(CLOCK_THREAD_CPUTIME_ID) - start
  }

  private func cpu(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  private func nanoseconds(_ seconds: Double) -> Int { Int(seconds * 1e9 / Double(hits)) }
}
