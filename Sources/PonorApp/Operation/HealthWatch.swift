import DNSServer
import DNSWire
import DomainIndex
import Foundation
import HitLog
import Operation
import QueryPath
import Recursion
import Settings
import Synchronization

/// Looks at a running server again and again, and keeps whether it is fit.
final class HealthWatch: Sendable {
  private struct State {
    var tracker = HealthTracker()
    var reasons: [String] = ["the server is starting"]
    var isDraining = false
  }

  private let parts: ServerParts
  private let supervisor: Supervisor
  private let fitness: HealthState
  private let state = Mutex(State())
  private let started = ContinuousClock.now

  init(parts: ServerParts, supervisor: Supervisor, state: HealthState) {
    self.parts = parts
    self.supervisor = supervisor
    fitness = state
  }

  /// Why the server was unfit at the last look; empty when it was fit.
  var reasons: [String] { state.withLock { $0.reasons } }

  /// The server counts as unfit from now on, for good.
  func beginDraining() {
    fitness.isFit = false
    state.withLock {
      $0.isDraining = true
      $0.reasons = ["the server is stopping"]
    }
  }

  /// Looks at intervals until the task is cancelled.
  func run() async {
    while !Task.isCancelled {
      let settings = await supervisor.settings.health
      await look()
      try? await Task.sleep(for: settings.interval)
    }
  }

  /// Looks now.
  func look() async {
    let settings = await supervisor.settings.health
    var sample = await sample()
    if let resolver = parts.recursor?.resolvers.main {
      sample.probes = await RecursionProbe.ask(
        settings.recursionProbe, of: resolver, patience: Self.probePatience)
    }
    var rules = HealthRules()
    rules.indexMaxAge = settings.indexMaxAge?.components.seconds
    rules.hitsStall = Double(settings.hitsStall.milliseconds) / 1_000
    rules.failurePercent = settings.failurePercent
    state.withLock { state in
      sample.isDraining = state.isDraining
      state.reasons = state.tracker.reasons(sample, rules)
      fitness.isFit = state.reasons.isEmpty
    }
  }

  /// How long a probe of recursion may take: as long as a stub resolver waits (resolv.conf(5)).
  private static let probePatience = Duration.seconds(5)

  private func sample() async -> HealthSample {
    let uptime = ContinuousClock.now - started
    var sample = HealthSample(
      now: UTCClock.seconds(), uptime: Double(uptime.milliseconds) / 1_000)
    if let index = await supervisor.index {
      sample.windowEnd = index.windowTo
      sample.builtAt = index.builtAt
    }
    let hits = parts.hits.statistics
    sample.hitsStored = hits.storedHits
    sample.hitsWaiting = hits.waiting
    sample.hitsDropped = hits.dropped
    sample.hitsError = hits.lastError
    if let total = parts.recursor?.resolvers.main.statistics.total {
      sample.resolutions = total.answered
      sample.failures = total.failed
    }
    sample.beats = parts.udp.beats
    return sample
  }
}

/// Asks recursion for names, to see whether it works.
enum RecursionProbe {
  /// Asks for the A records of all names at once.
  ///
  /// - Returns: for each name whether an answer came that is no SERVFAIL.
  static func ask(
    _ names: [String], of resolver: Resolver, patience: Duration
  ) async -> [String: Bool] {
    await withTaskGroup(of: (String, Bool).self) { tasks in
      for name in names {
        tasks.addTask { (name, await ask(name, resolver, patience)) }
      }
      var results: [String: Bool] = [:]
      for await (name, isAnswered) in tasks { results[name] = isAnswered }
      return results
    }
  }

  private static func ask(
    _ text: String, _ resolver: Resolver, _ patience: Duration
  ) async -> Bool {
    guard let name = try? Name(text) else { return false }
    let wire = name.canonical
    // Any number does that is always the same for a name.
    let hash = wire.reduce(UInt64(14_695_981_039_346_656_037)) {
      ($0 ^ UInt64($1)) &* 1_099_511_628_211
    }
    let (answers, report) = AsyncStream<Bool>.makeStream()
    let client = ProbeClient(report)
    guard
      resolver.submit(
        qname: wire.span, qtype: .a, qclass: .internet, nameHash: hash, client: client)
    else { return false }
    let timer = Task {
      try? await Task.sleep(for: patience)
      report.yield(false)
    }
    defer { timer.cancel() }
    for await isAnswered in answers { return isAnswered }
    return false
  }
}

private final class ProbeClient: RecursionClient {
  private let report: AsyncStream<Bool>.Continuation

  init(_ report: AsyncStream<Bool>.Continuation) { self.report = report }

  func recursionFinished(
    rcode: ResponseCode, packet: Span<UInt8>, status: ValidationStatus, reason: String?
  ) {
    report.yield(rcode != .serverFailure && status != .bogus)
  }
}
