import AbuseControl
import AnswerCache
import DNSServer
import DNSWire
import Recursion
import Synchronization

/// A query that waits for recursion: everything needed to answer it later, on another thread.
final class PendingQuery: RecursionClient {
  private let packet: [UInt8]
  private let client: Client
  let sink: any ReplySink
  private let key: AnswerKey
  private let origin: AnswerOrigin
  private let traits: ResolvedAnswer.Traits
  /// For what policy makes of the answer: further questions.
  let path: RecursionPath
  /// What stands before the answer, when it is the target of an alias that policy gave.
  let alias: AliasPrefix?
  /// Whether name servers have been looked up for policy.
  let hasServers: Bool
  /// The number of the state by which the name asked for is not swallowed; 0 when nobody looked.
  let judgedBy: UInt64
  private let admission: RecursionAdmission?
  /// When the question came up, microseconds since 1970.
  private let started: Int64
  private let isAnswered = Atomic(false)

  init(
    packet: Span<UInt8>, client: Client, sink: any ReplySink, at started: Int64, key: AnswerKey,
    origin: AnswerOrigin = AnswerOrigin(), traits: ResolvedAnswer.Traits, path: RecursionPath,
    admission: RecursionAdmission? = nil, alias: AliasPrefix? = nil, hasServers: Bool = false,
    judgedBy: UInt64 = 0
  ) {
    self.packet = packet.withUnsafeBufferPointer { Array($0) }
    self.client = client
    self.sink = sink
    self.started = started
    self.key = key
    self.origin = origin
    self.traits = traits
    self.path = path
    self.alias = alias
    self.hasServers = hasServers
    self.judgedBy = judgedBy
    self.admission = admission
  }

  deinit { if let admission { path.abuse.leave(admission.ticket) } }

  func recursionFinished(
    rcode: ResponseCode, packet response: Span<UInt8>, status: ValidationStatus, reason: String?
  ) {
    let now = UTCClock.microseconds()
    path.recursor.latency.note(microseconds: now - started)
    var entry = ResolvedAnswer.entry(
      traits, response: response, rcode: rcode, status: status, reason: reason)
    entry.origin = origin
    admission?.note(entry.info.rcode, in: path.abuse, at: now)
    if entry.info.rcode == .serverFailure, let stale = staleInstead(status, at: now / 1_000_000) {
      entry = stale
    } else {
      path.cache.store(entry, under: key, at: now / 1_000_000)
    }
    finish(with: entry, at: now)
  }

  /// RFC 8767 §5: a client is not kept waiting for what may never come; recursion goes on, and its
  /// answer goes to the cache.
  func recursionIsLate() {
    let now = UTCClock.microseconds()
    guard let stale = path.cache.stale(key, at: now / 1_000_000) else { return }
    finish(with: stale, at: now)
  }

  /// The stale answer to give in place of a failure, for which nobody is asked for a while.
  ///
  /// Not in place of bogus data: somebody was reached, and may be an attacker.
  private func staleInstead(_ status: ValidationStatus, at now: Int64) -> AnswerCache.Entry? {
    guard status != .bogus, let stale = path.cache.stale(key, at: now) else { return nil }
    _ = path.cache.postpone(key, at: now)
    return stale
  }

  /// Answers, once everything is known; only the first call does anything.
  func finish(with entry: AnswerCache.Entry, at now: Int64) {
    guard !isAnswered.exchange(true, ordering: .relaxed) else { return }
    let finishers = path.finishers
    finishers.finish(
      packet, from: client, with: entry, at: now,
      thread: Int(key.nameHash % UInt64(finishers.count)), pending: self
    ) { message in
      sink.send(message, to: client)
    }
  }
}
