import Addressing
import CLinuxShims
import DNSWire
import Synchronization

/// One thread that answers the datagrams of its sockets, a batch per system call.
///
/// All buffers are made once; between receiving and sending nothing is allocated, locked or logged
/// (DESIGN §2 rule 8). Replies are written straight into the batch's memory, which C owns: that is
/// why unsafe pointers appear here.
package final class UDPWorker: Sendable {
  /// What the worker has seen; read by other threads.
  package struct Statistics: Sendable {
    /// Datagrams received.
    package var received: UInt64
    /// System calls they took.
    package var batches: UInt64
    /// Replies the kernel refused to send.
    package var unsent: UInt64
  }

  private let sockets: [UDPSocket]
  private let makeHandler: @Sendable () -> any QueryHandler
  private let onIdle: @Sendable (any QueryHandler) -> Void
  private let processor: Int?
  private let gatherMicroseconds: Int64
  private let stopping = Atomic<Bool>(false)
  private let received = Atomic<UInt64>(0)
  private let batches = Atomic<UInt64>(0)
  private let unsent = Atomic<UInt64>(0)

  /// Prepares a worker.
  ///
  /// - Parameters:
  ///   - processor: the processor the thread is tied to, nil for none.
  ///   - gatherMicroseconds: longest time queries that come quickly may gather, see `BatchPacing`.
  ///   - makeHandler: called once, on the worker's thread.
  ///   - onIdle: called when no query came for a while, so that an idle worker drops old state.
  package init(
    sockets: [UDPSocket], processor: Int?, gatherMicroseconds: Int64,
    makeHandler: @escaping @Sendable () -> any QueryHandler,
    onIdle: @escaping @Sendable (any QueryHandler) -> Void = { _ in }
  ) {
    precondition(!sockets.isEmpty && sockets.count <= 64)
    self.sockets = sockets
    self.processor = processor
    self.gatherMicroseconds = gatherMicroseconds
    self.makeHandler = makeHandler
    self.onIdle = onIdle
  }

  /// What the worker has seen so far.
  package var statistics: Statistics {
    Statistics(
      received: received.load(ordering: .relaxed), batches: batches.load(ordering: .relaxed),
      unsent: unsent.load(ordering: .relaxed))
  }

  /// Asks the worker to stop after what it has received; takes effect within a quarter second.
  package func stop() { stopping.store(true, ordering: .relaxed) }

  /// Answers queries until `stop()`; runs on a thread of its own.
  package func run() {
    if let processor { _ = ponor_pin_thread(Int32(processor)) }
    guard let batch = ponor_batch_create() else { return }
    defer { ponor_batch_destroy(batch) }
    let handler = makeHandler()
    var pacing = BatchPacing(longest: gatherMicroseconds)
    let descriptors = sockets.map(\.descriptor)
    while !stopping.load(ordering: .relaxed) {
      let count =
        sockets.count == 1
        ? serve(sockets[0], batch, handler, wait: true)
        : serveReady(descriptors, batch, handler)
      let pause = pacing.pause(after: count, at: ponor_monotonic_microseconds())
      if pause > 0 { ponor_sleep_microseconds(pause) }
    }
  }

  private func serveReady(
    _ descriptors: [Int32], _ batch: OpaquePointer, _ handler: any QueryHandler
  ) -> Int {
    let ready = ponor_wait_readable(
      descriptors, Int32(descriptors.count), UDPSocket.wakeMilliseconds)
    if ready == 0 { onIdle(handler) }
    var count = 0
    for (index, socket) in sockets.enumerated() where ready >> UInt64(index) & 1 == 1 {
      count += serve(socket, batch, handler, wait: false)
    }
    return count
  }

  private func serve(
    _ socket: UDPSocket, _ batch: OpaquePointer, _ handler: any QueryHandler, wait: Bool
  ) -> Int {
    let count = ponor_batch_receive(batch, socket.descriptor, wait ? 1 : 0)
    guard count > 0 else {
      onIdle(handler)
      return 0
    }
    let now = UTCClock.microseconds()
    for index in 0..<count { answer(index, socket, batch, handler, now) }
    let failed = ponor_batch_send(batch, socket.descriptor, count)
    advance(received, by: UInt64(count))
    advance(batches, by: 1)
    if failed > 0 { advance(unsent, by: UInt64(failed)) }
    return Int(count)
  }

  private func answer(
    _ index: Int32, _ socket: UDPSocket, _ batch: OpaquePointer, _ handler: any QueryHandler,
    _ now: Int64
  ) {
    var length = 0
    let query = UnsafeBufferPointer(
      start: ponor_batch_query(batch, index, &length), count: length)
    var high: UInt64 = 0
    var low: UInt64 = 0
    var port: UInt16 = 0
    ponor_batch_sender(batch, index, &high, &low, &port)
    // Port 0 cannot receive an answer; answering it only helps somebody who forges addresses.
    guard port != 0 else { return }
    let client = Client(
      remote: SocketEndpoint(address: IPAddress(high: high, low: low), port: port),
      local: socket.endpoint, transport: .udp)
    let room = UnsafeMutableBufferPointer(
      start: ponor_batch_reply(batch, index), count: PONOR_REPLY_OCTETS)
    var reply = WireWriter(room)
    let outcome = handler.handle(
      Span(_unsafeElements: query), from: client, at: now, reply: &reply, sink: socket)
    if outcome == .reply { ponor_batch_set_reply(batch, index, reply.count) }
  }

  /// Adds to a counter only this thread writes: no locked instruction is needed.
  private func advance(_ counter: borrowing Atomic<UInt64>, by amount: UInt64) {
    counter.store(counter.load(ordering: .relaxed) &+ amount, ordering: .relaxed)
  }
}
