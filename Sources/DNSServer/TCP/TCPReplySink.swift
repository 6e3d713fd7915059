import NIOCore
import Synchronization

/// Where the answer to one TCP query goes: a hop to the connection's event loop.
///
/// One object per query handed on, used again for the next one if the handler did not keep it, so
/// only pending queries cost an allocation. A sink dropped without an answer says so when it goes,
/// or the connection would wait for an answer that never comes.
final class TCPReplySink: ReplySink {
  private let connection: NIOLoopBound<TCPConnection>
  private let gate: TCPGate
  private let used = Atomic(false)

  init(connection: NIOLoopBound<TCPConnection>, gate: TCPGate) {
    self.connection = connection
    self.gate = gate
  }

  func send(_ message: Span<UInt8>, to client: Client) {
    guard let length = UInt16(exactly: message.count), length >= TCPLimits.messageOctets,
      !used.exchange(true, ordering: .relaxed)
    else { return }
    var frame = ByteBuffer()
    frame.reserveCapacity(TCPLimits.lengthOctets + message.count)
    frame.writeInteger(length)
    frame.writeBytes(message.bytes)
    resolve(with: frame)
  }

  /// Marks the query as answered in place, so that nothing more is sent and nothing reported.
  func retire() { used.store(true, ordering: .relaxed) }

  /// Makes the sink ready for another query; only for one that nobody else holds.
  func renew() { used.store(false, ordering: .relaxed) }

  deinit {
    if !used.load(ordering: .relaxed) { resolve(with: nil) }
  }

  // Always a hop, also on the loop itself: the handler may send before it returns `.pending`.
  private func resolve(with frame: ByteBuffer?) {
    let connection = connection
    gate.enter {
      connection.eventLoop.execute { connection.value.deliver(frame) }
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
