import AbuseControl
import Addressing
import AnswerCache
import DNSServer
import DomainIndex
import EvidenceStore
import HitLog
import Policy
import QueryPath
import Recursion
import Settings
import Synchronization
import Zones

/// The DNS half of a server: sockets, threads, cache and recursion, all made from one set of
/// settings.
final class ServerParts: Sendable {
  let state: Published<ServingState>
  let cache: AnswerCache
  let recursor: Recursor?
  let tcp: TCPServer
  /// The certificate of DNS over TLS and HTTPS, nil without one.
  let credentials: TLSCredentials?
  let hits: HitLog
  /// What turns hits into infections.
  let evidence: EvidenceService
  let sockets: ListenSockets
  let udp: UDPFleet
  let slots: WorkerSlots
  private let listening: Mutex<[SocketEndpoint]>
  private let encrypted: [StreamListener]

  /// How many threads of each kind there are; each has its own ring of hits.
  struct Threads {
    let workers: Int
    let loops: Int
    let recursion: Int

    init(_ settings: Settings, processors: Int) {
      workers = settings.server.workers.resolved(processors: processors)
      // Ciphers are as much work as all the rest of a query.
      loops = settings.hasEncryptedListeners ? workers : max(1, workers / 2)
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
    _ settings: Settings, state: Published<ServingState>, hits: HitLog, evidence: EvidenceService,
    threads: Threads, processors: Int, sockets: ListenSockets, cache: AnswerCache
  ) throws {
    self.state = state
    self.sockets = sockets
    self.hits = hits
    self.evidence = evidence
    self.cache = cache
    let plan = settings.udpPlan(processors: processors)
    listening = Mutex(plan.endpoints)
    let slots = WorkerSlots(hits: hits, threads: threads)
    self.slots = slots
    encrypted = settings.streamListeners(plain: plan.endpoints).filter { $0.service != .dns }
    credentials = try settings.tlsOptions.map { options in try TLSCredentials(options) }
    recursor =
      threads.recursion == 0
      ? nil
      : Recursor(
        try settings.makeResolvers(
          processors: processors, anchors: settings.trackedAnchors()))
    let abuse = AbuseGuard(
      rateOctets: Int(settings.rateLimit.tableSize.bytes),
      outstanding: settings.resolution.outstanding)
    let bare = QueryPipeline.Shared(
      state: state, cache: cache, recursion: nil, abuse: abuse)
    let recursion = recursor.map { recursor in
      let finishers = FinisherPool(count: threads.recursion) { thread in
        slots.pipeline(threads.workers + threads.loops + thread, bare)
      }
      return RecursionPath(recursor: recursor, cache: cache, abuse: abuse, finishers: finishers)
    }
    let shared = QueryPipeline.Shared(
      state: state, cache: cache, recursion: recursion, abuse: abuse)
    udp = try UDPFleet(
      plan, sockets: sockets, makeHandler: { slots.worker($0, shared) },
      makeWaiter: { [recursor] number in recursor.map { RecursionHost($0, number: number) } },
      onIdle: { handler in (handler as? QueryPipeline)?.refresh() })
    let loopBase = threads.workers
    tcp = TCPServer(
      settings: settings.tcpSettings, eventLoops: threads.loops, sockets: sockets,
      credentials: credentials, dohPath: settings.server.https.path,
      wallClock: UTCClock.microseconds
    ) { loop in slots.pipeline(loopBase + loop, shared) }
  }

  /// The addresses answered on.
  var endpoints: [SocketEndpoint] { listening.withLock { $0 } }

  /// Starts answering.
  func start() async throws {
    hits.start()
    evidence.start()
    let plain = endpoints.enumerated().map {
      StreamListener($1, .dns, number: UInt8(clamping: $0))
    }
    _ = try await tcp.start(on: plain + encrypted)
    udp.start()
  }

  /// Answers on other addresses, with another number of workers.
  ///
  /// - Throws: an error that says what to do; what was in force stays so.
  func change(to plan: UDPFleet.Plan) async throws {
    let old = endpoints
    let new = plan.endpoints.filter { !old.contains($0) }
    var opened: [SocketEndpoint] = []
    do {
      for endpoint in new {
        let number = UInt8(clamping: plan.endpoints.firstIndex(of: endpoint) ?? 0)
        opened.append(try await tcp.listen(on: endpoint, number: number))
      }

      slots.reserve(workers: plan.workers)
      try udp.change(to: plan)
    } catch {
      for endpoint in opened { await tcp.stopListening(on: endpoint) }
      for endpoint in new { sockets.forget(endpoint) }
      throw error
    }
    for endpoint in old where !plan.endpoints.contains(endpoint) {
      await tcp.stopListening(on: endpoint)
      sockets.forget(endpoint)
    }
    listening.withLock { $0 = plan.endpoints }
  }

  /// The listening addresses of TLS and HTTP, for the log.
  var encryptedEndpoints: String {
    encrypted.map { "\($0.endpoint)" }.joined(separator: " ")
  }

  /// Sum of a counter over all threads.
  func count(_ kind: QueryCounters.Kind) -> Int { slots.count(kind) }

  /// Datagrams of balancers without a PROXY protocol header that can be read.
  var unproxied: Int {
    Int(truncatingIfNeeded: udp.statistics.unproxied)
  }

  /// Sum of a counter of limits over all threads.
  func count(_ reason: LimitCounters.Reason) -> Int {
    slots.count(reason)
  }

  /// Datagrams received.
  var udpQueries: Int { Int(truncatingIfNeeded: udp.statistics.received) }
}

extension Settings {
  /// What the UDP workers do.
  func udpPlan(processors: Int) -> UDPFleet.Plan {
    UDPFleet.Plan(
      endpoints: ListenAddresses.expand(server.listen),
      workers: server.workers.resolved(processors: processors),
      gatherMicroseconds: Int64(server.gatherMicroseconds))
  }
}
