import Addressing
import AnswerCache
import DNSServer
import DomainIndex
import HitLog
import Policy
import QueryPath
import Recursion
import Settings
import Zones

/// The DNS half of a server: sockets, threads, cache and recursion, all made from one set of
/// settings.
final class ServerParts: Sendable {
  let state: Published<ServingState>
  let cache: AnswerCache
  let resolver: Resolver?
  let tcp: TCPServer
  let hits: HitLog
  private let workers: [UDPWorker]
  private let counters: [QueryCounters]
  let endpoints: [SocketEndpoint]

  /// How many threads of each kind there are; each has its own ring of hits.
  struct Threads {
    let workers: Int
    let loops: Int
    let recursion: Int

    init(_ settings: Settings, processors: Int) {
      workers = settings.server.workers.resolved(processors: processors)
      loops = max(1, workers / 2)
      recursion =
        settings.resolution.mode == .none
        ? 0 : settings.resolution.threads.resolved(processors: processors)
    }

    var total: Int { workers + loops + recursion }
  }

  /// Opens everything; no query is answered before `start`.
  ///
  /// - Throws: `SocketError` or `RecursionError` saying what to do.
  init(
    _ settings: Settings, state: Published<ServingState>, hits: HitLog, threads: Threads,
    processors: Int
  ) throws {
    self.state = state
    self.hits = hits
    cache = AnswerCache(
      memory: Int(settings.cache.memory.bytes), lifetimes: settings.cacheLifetimes)
    endpoints = ListenAddresses.expand(settings.server.listen)
    let counters = (0..<threads.total).map { _ in QueryCounters() }
    self.counters = counters
    let isRecording = settings.hits.enabled
    let recorder: @Sendable (Int) -> any HitRecorder = { number in
      isRecording && number < hits.rings.count ? RingRecorder(hits.rings[number]) : NoRecorder()
    }
    resolver =
      threads.recursion == 0
      ? nil : try Resolver(settings.recursionOptions(processors: processors))
    let bare = QueryPipeline.Shared(state: state, cache: cache, resolver: nil, finishers: nil)
    let finishers = resolver.map { _ in
      FinisherPool(count: threads.recursion) { thread in
        let number = threads.workers + threads.loops + thread
        return QueryPipeline(bare, hits: recorder(number), counters: counters[number])
      }
    }
    let shared = QueryPipeline.Shared(
      state: state, cache: cache, resolver: resolver, finishers: finishers)
    let makeHandler: @Sendable (Int) -> QueryPipeline = { number in
      QueryPipeline(shared, hits: recorder(number), counters: counters[number])
    }
    workers = try Self.makeWorkers(
      threads.workers, endpoints, gatherMicroseconds: Int64(settings.server.gatherMicroseconds),
      makeHandler)
    let loopBase = threads.workers
    tcp = TCPServer(
      settings: settings.tcpSettings, eventLoops: threads.loops,
      wallClock: UTCClock.microseconds
    ) { loop in makeHandler(loopBase + loop) }
  }

  private static func makeWorkers(
    _ count: Int, _ endpoints: [SocketEndpoint], gatherMicroseconds: Int64,
    _ makeHandler: @escaping @Sendable (Int) -> QueryPipeline
  ) throws -> [UDPWorker] {
    try (0..<count).map { number in
      var sockets: [UDPSocket] = []
      for endpoint in endpoints { sockets.append(try UDPSocket(endpoint)) }
      // One worker alone is left to the scheduler; several would only get in each other's way.
      return UDPWorker(
        sockets: sockets, processor: count > 1 ? number : nil,
        gatherMicroseconds: gatherMicroseconds,
        makeHandler: { makeHandler(number) },
        onIdle: { handler in (handler as? QueryPipeline)?.refresh() })
    }
  }

  /// Starts answering.
  ///
  /// - Returns: the threads, to be joined after `stopReceiving`.
  func start() async throws -> [WorkerThread] {
    hits.start()
    _ = try await tcp.start(on: endpoints)
    return workers.enumerated().map { number, worker in
      WorkerThread(name: "ponor-udp-\(number)") { worker.run() }
    }
  }

  /// Asks the UDP workers to end.
  func stopReceiving() {
    for worker in workers { worker.stop() }
  }

  /// Sum of a counter over all threads.
  func count(_ kind: QueryCounters.Kind) -> Int {
    counters.reduce(0) { $0 + Int(truncatingIfNeeded: $1[kind]) }
  }

  /// Datagrams received.
  var udpQueries: Int {
    workers.reduce(0) { $0 + Int(truncatingIfNeeded: $1.statistics.received) }
  }
}
