import DNSWire
import NIOCore
import Synchronization

/// Where the answer to one query over a connection goes: a hop to the connection's event loop.
///
/// One object per query handed on, used again for the next one if the handler did not keep it, so
/// only pending queries cost an allocation. A sink dropped without an answer says so when it goes,
/// or the connection would wait for an answer that never comes.
final class TCPReplySink: ReplySink {
  private let connection: NIOLoopBound<StreamConnection>
  private let gate: TCPGate
  private let used = Atomic(false)
  private let ticket: Atomic<Int>
  /// Handed over within one call of the handler, on the loop; the lock is for the compiler.
  private let producer: Mutex<(any MessageProducer)?> = Mutex(nil)

  /// - Parameters:
  ///   - ticket: tells the connection which of its queries the answer belongs to.
  init(connection: StreamConnection, ticket: Int) {
    self.connection = NIOLoopBound(connection, eventLoop: connection.loop.eventLoop)
    self.ticket = Atomic(ticket)
    gate = connection.loop.gate
  }

  func send(_ message: Span<UInt8>, to client: Client) {
    guard (TCPLimits.messageOctets...Limits.messageOctets).contains(message.count),
      !used.exchange(true, ordering: .relaxed)
    else { return }
    var answer = ByteBuffer()
    answer.reserveCapacity(message.count)
    answer.writeBytes(message.bytes)
    resolve(with: answer)
  }

  func stream(_ producer: any MessageProducer) -> Bool {
    self.producer.withLock { $0 = producer }
    return true
  }

  /// What the handler wants sent, once.
  func takeProducer() -> (any MessageProducer)? {
    producer.withLock { producer in
      defer { producer = nil }
      return producer
    }
  }

  /// Marks the query as answered in place, so that nothing more is sent and nothing reported.
  func retire() { used.store(true, ordering: .relaxed) }

  /// Makes the sink ready for another query; only for one that nobody else holds.
  func renew(ticket: Int) {
    self.ticket.store(ticket, ordering: .relaxed)
    used.store(false, ordering: .relaxed)
  }

  deinit {
    if !used.load(ordering: .relaxed) { resolve(with: nil) }
  }

  // Always a hop, also on the loop itself: the handler may send before it returns `.pending`.
  private func resolve(with answer: ByteBuffer?) {
    let connection = connection
    let ticket = ticket.load(ordering: .relaxed)
    gate.enter {
      connection.eventLoop.execute { connection.value.deliver(answer, ticket: ticket) }
    }
  }
}

/// Keeps late senders away from event loops that have been shut down.
///
/// NIO forbids work for such a loop, and an answer may come from a recursion thread at any time.
final class TCPGate: Sendable {
  private let inside = Atomic<Int>(0)
  private let closed = Atomic<Bool>(false)

  /// Runs `body` unless the gate is closed.
  func enter(_ body: () -> Void) {
    // Both sides order "announce, then look at the other's flag"; that takes full ordering.
    inside.add(1, ordering: .sequentiallyConsistent)
    if !closed.load(ordering: .sequentiallyConsistent) { body() }
    inside.subtract(1, ordering: .sequentiallyConsistent)
  }

  /// Lets nobody in any more.
  ///
  /// - Returns: whether everybody has left; if not, ask again shortly.
  func close() -> Bool {
    closed.store(true, ordering: .sequentiallyConsistent)
    return inside.load(ordering: .sequentiallyConsistent) == 0
  }
}
