import AnswerCache
import DNSServer
import DNSWire
import Synchronization

/// One pipeline per recursion thread, with a buffer for the answer it writes.
///
/// Answers go out from the thread that got them, without hopping back to the one that received the
/// question.
package final class FinisherPool: Sendable {
  /// Used by one recursion thread only: its lock is never contended, and behind a round trip to
  /// the Internet it costs nothing that could be measured.
  private final class Slot: Sendable {
    private let lock = Mutex(())
    // Both are touched under the lock only.
    private nonisolated(unsafe) let pipeline: QueryPipeline
    private nonisolated(unsafe) let buffer: UnsafeMutableBufferPointer<UInt8>

    init(_ makePipeline: () -> QueryPipeline) {
      pipeline = makePipeline()
      buffer = .allocate(capacity: Limits.messageOctets)
    }

    deinit { buffer.deallocate() }

    func finish(
      _ query: [UInt8], from client: Client, with entry: AnswerCache.Entry, at now: Int64,
      pending: PendingQuery, send: (Span<UInt8>) -> Void
    ) {
      lock.withLock { _ in
        var reply = WireWriter(buffer)
        let outcome = pipeline.finish(
          query.span, from: client, with: entry, at: now, reply: &reply, pending: pending)
        if outcome == .reply { reply.withWritten { send($0) } }
      }
    }
  }

  private let slots: [Slot]

  /// Makes `count` pipelines, one for each recursion thread.
  package init(count: Int, _ makePipeline: (Int) -> QueryPipeline) {
    slots = (0..<max(count, 1)).map { index in Slot { makePipeline(index) } }
  }

  /// How many pipelines there are.
  package var count: Int { slots.count }

  func finish(
    _ query: [UInt8], from client: Client, with entry: AnswerCache.Entry, at now: Int64,
    thread: Int, pending: PendingQuery, send: (Span<UInt8>) -> Void
  ) {
    slots[thread % slots.count].finish(
      query, from: client, with: entry, at: now, pending: pending, send: send)
  }
}
