import DNSServer
import HitLog
import QueryPath
import Settings
import Synchronization

/// What each answering thread owns: a ring for its hits and counters, numbered.
///
/// UDP workers come first, then TCP loops, then recursion threads, as many as there were at the
/// start. Workers added later have numbers behind all of them, since a ring never changes hands
/// while its thread lives.
final class WorkerSlots: Sendable {
  private struct Added {
    let ring: HitRing?
    let counters = QueryCounters()
  }

  private let hits: HitLog
  private let threads: ServerParts.Threads
  private let counters: [QueryCounters]
  private let added = Mutex<[Added]>([])

  init(hits: HitLog, threads: ServerParts.Threads) {
    self.hits = hits
    self.threads = threads
    counters = (0..<threads.total).map { _ in QueryCounters() }
  }

  /// Makes sure that there are slots for so many UDP workers.
  func reserve(workers: Int) {
    let missing = workers - threads.workers - added.withLock { $0.count }
    for _ in 0..<max(0, missing) {
      let slot = Added(ring: hits.addRing())
      added.withLock { $0.append(slot) }
    }
  }

  /// The pipeline of a UDP worker.
  func worker(_ number: Int, _ shared: QueryPipeline.Shared) -> QueryPipeline {
    guard number >= threads.workers else { return pipeline(number, shared) }
    let slot = added.withLock { added -> Added? in
      let place = number - threads.workers
      return added.indices.contains(place) ? added[place] : nil
    }
    let ring = slot?.ring
    return QueryPipeline(
      shared, hits: ring.map { RingRecorder($0) } ?? NoRecorder(),
      counters: slot?.counters ?? QueryCounters())
  }

  /// The pipeline of a numbered slot of the start.
  func pipeline(_ number: Int, _ shared: QueryPipeline.Shared) -> QueryPipeline {
    let ring = number < hits.rings.count ? hits.rings[number] : nil
    return QueryPipeline(
      shared, hits: ring.map { RingRecorder($0) } ?? NoRecorder(),
      counters: counters[number])
  }

  /// The counters of all threads.
  var all: [QueryCounters] { counters + added.withLock { $0.map(\.counters) } }

  /// Sum of a counter over all threads.
  func count(_ kind: QueryCounters.Kind) -> Int {
    let later = added.withLock { $0.map(\.counters) }
    return (counters + later).reduce(0) { $0 + Int(truncatingIfNeeded: $1[kind]) }
  }

  /// Sum of a counter of limits over all threads.
  func count(_ reason: LimitCounters.Reason) -> Int {
    let later = added.withLock { $0.map(\.counters) }
    return (counters + later).reduce(0) { $0 + Int(truncatingIfNeeded: $1.limits[reason]) }
  }
}
