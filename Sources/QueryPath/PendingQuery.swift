import AnswerCache
import DNSServer
import DNSWire
import Recursion
import Synchronization

/// A query that waits for recursion: everything needed to answer it later, on another thread.
final class PendingQuery: RecursionClient {
  private let packet: [UInt8]
  private let client: Client
  private let sink: any ReplySink
  private let key: AnswerKey
  private let traits: ResolvedAnswer.Traits
  private let cache: AnswerCache
  private let finishers: FinisherPool
  private let thread: Int

  init(
    packet: Span<UInt8>, client: Client, sink: any ReplySink, key: AnswerKey,
    traits: ResolvedAnswer.Traits, cache: AnswerCache, finishers: FinisherPool, thread: Int
  ) {
    self.packet = packet.withUnsafeBufferPointer { Array($0) }
    self.client = client
    self.sink = sink
    self.key = key
    self.traits = traits
    self.cache = cache
    self.finishers = finishers
    self.thread = thread
  }

  func recursionFinished(
    rcode: ResponseCode, packet response: Span<UInt8>, status: ValidationStatus, reason: String?
  ) {
    let now = UTCClock.microseconds()
    let entry = ResolvedAnswer.entry(
      traits, response: response, rcode: rcode, status: status, reason: reason)
    cache.store(entry, under: key, at: now / 1_000_000)
    finishers.finish(packet, from: client, with: entry, at: now, thread: thread) { message in
      sink.send(message, to: client)
    }
  }
}
