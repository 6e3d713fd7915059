import Addressing
import CLinuxShims
import DNSWire
import Synchronization

/// One thread that answers the datagrams of its sockets, a batch per system call.
///
/// All buffers are made once; between receiving and sending nothing is allocated, locked or logged
/// (DESIGN §2 rule 8). Replies are written straight into the batch's memory, which C owns: that is
/// why unsafe pointers appear here.
public final class UDPWorker: Sendable {
  /// What the worker has seen; read by other threads.
  public struct Statistics: Sendable {
    /// Datagrams received.
    public var received: UInt64
    /// System calls they took.
    public var batches: UInt64
    /// Replies the kernel refused to send.
    public var unsent: UInt64
    /// Datagrams of balancers dropped for a PROXY protocol header that was missing or damaged.
    public var unproxied: UInt64
  }

  private let sockets: [UDPSocket]
  private let makeHandler: @Sendable () -> any QueryHandler
  private let onIdle: @Sendable (any QueryHandler) -> Void
  private let makeWaiter: @Sendable () -> (any ReadinessWaiter)?
  private let processor: Int?
  private let gatherMicroseconds: Int64
  private let stopping = Atomic<Bool>(false)
  private let emptying = Atomic<Bool>(false)
  private let rounds = Atomic<UInt64>(0)
  private let received = Atomic<UInt64>(0)
  private let batches = Atomic<UInt64>(0)
  private let unsent = Atomic<UInt64>(0)
  private let unproxied = Atomic<UInt64>(0)

  /// Prepares a worker.
  ///
  /// - Parameters:
  ///   - processor: the processor the thread is tied to, nil for none.
  ///   - gatherMicroseconds: longest time queries that come quickly may gather, see `BatchPacing`.
  ///   - makeHandler: called once, on the worker's thread.
  ///   - makeWaiter: called once, on the worker's thread: what it looks after besides.
  ///   - onIdle: called when no query came for a while, so that an idle worker drops old state.
  public init(
    sockets: [UDPSocket], processor: Int?, gatherMicroseconds: Int64,
    makeHandler: @escaping @Sendable () -> any QueryHandler,
    makeWaiter: @escaping @Sendable () -> (any ReadinessWaiter)? = { nil },
    onIdle: @escaping @Sendable (any QueryHandler) -> Void = { _ in }
  ) {
    precondition(!sockets.isEmpty)
    self.sockets = sockets
    self.processor = processor
    self.gatherMicroseconds = gatherMicroseconds
    self.makeHandler = makeHandler
    self.makeWaiter = makeWaiter
    self.onIdle = onIdle
  }

  /// What the worker has seen so far.
  public var statistics: Statistics {
    Statistics(
      received: received.load(ordering: .relaxed), batches: batches.load(ordering: .relaxed),
      unsent: unsent.load(ordering: .relaxed),
      unproxied: unproxied.load(ordering: .relaxed))
  }

  /// Asks the worker to stop after what it has received; takes effect within a quarter second.
  ///
  /// - Parameter emptying: whether it also answers what waits in its sockets, see `emptyRounds`.
  public func stop(emptying: Bool = false) {
    self.emptying.store(emptying, ordering: .relaxed)
    stopping.store(true, ordering: .releasing)
  }

  /// Batches a stopping worker still takes from one socket: more than its kernel buffer holds, but
  /// clients that never pause cannot keep it.
  private static let emptyRounds = 256

  /// A batch from this size on is followed by looking for the next without waiting.
  private static let busyBatch = 4
  /// How often that is done until other work gets its turn, even if none seems to be under way.
  private static let busyRounds = 16

  /// How often the worker has gone round its loop, at least every quarter second.
  public var beats: UInt64 { rounds.load(ordering: .relaxed) }

  /// Answers queries until `stop()`; runs on a thread of its own.
  public func run() {
    if let processor { _ = ponor_pin_thread(Int32(processor)) }
    guard let batch = ponor_batch_create() else { return }
    defer { ponor_batch_destroy(batch) }
    let handler = makeHandler()
    // A waiter tells readiness in 64 bits; loops without one have threads of their own.
    let waiter = sockets.count <= UInt64.bitWidth ? makeWaiter() : nil
    defer { waiter?.leave() }
    var busyRound = 0
    var pacing = BatchPacing(longest: gatherMicroseconds)
    let descriptors = sockets.map(\.descriptor)
    // One socket is waited for in the receive call itself; several are watched.
    let watch = sockets.count > 1 ? SocketWatch(descriptors) : nil
    while !stopping.load(ordering: .acquiring) {
      let count: Int
      if busyRound > 0 {
        count = serve(ready: .max, batch, handler)
      } else if let ready = waiter?.wait(for: descriptors) {
        count = serve(ready: ready, batch, handler)
      } else if let watch {
        count = serveReady(watch, batch, handler)
      } else {
        count = serve(sockets[0], batch, handler, wait: true)
      }
      if let waiter {
        waiter.takeUp()
        let goesOn = count >= Self.busyBatch && busyRound < Self.busyRounds && waiter.isQuiet
        busyRound = goesOn ? busyRound + 1 : 0
      }
      if count > 0 {
        let pause = pacing.pause(after: count, at: ponor_monotonic_microseconds())
        if pause > 0 { ponor_sleep_microseconds(pause) }
      }
      advance(rounds, by: 1)
    }
    guard emptying.load(ordering: .relaxed) else { return }
    for socket in sockets {
      for _ in 0..<Self.emptyRounds {
        guard serve(socket, batch, handler, wait: false) > 0 else { break }
      }
    }
  }

  /// Answers what waits in the sockets whose bits are set.
  private func serve(
    ready: UInt64, _ batch: OpaquePointer, _ handler: any QueryHandler
  ) -> Int {
    if ready == 0 { onIdle(handler) }
    var count = 0
    for (index, socket) in sockets.enumerated() where ready >> UInt64(index) & 1 == 1 {
      count += serve(socket, batch, handler, wait: false)
    }
    return count
  }

  private func serveReady(
    _ watch: SocketWatch, _ batch: OpaquePointer, _ handler: any QueryHandler
  ) -> Int {
    let ready = watch.wait(milliseconds: UDPSocket.wakeMilliseconds)
    if ready == 0 { onIdle(handler) }
    var count = 0
    for place in 0..<ready {
      count += serve(sockets[watch.ready(place)], batch, handler, wait: false)
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
    let datagram = UnsafeBufferPointer(
      start: ponor_batch_query(batch, index, &length), count: length)
    var query = Span(_unsafeElements: datagram)
    var high: UInt64 = 0
    var low: UInt64 = 0
    var port: UInt16 = 0
    ponor_batch_sender(batch, index, &high, &low, &port)
    // Port 0 cannot receive an answer; answering it only helps somebody who forges addresses.
    guard port != 0 else { return }
    var client = Client(
      remote: SocketEndpoint(address: IPAddress(high: high, low: low), port: port),
      local: socket.endpoint, transport: .udp, listener: socket.listener)
    if handler.expectsProxyHeader(from: client.peer.address) {
      guard let start = client.takeProxyHeader(of: query) else {
        return advance(unproxied, by: 1)
      }
      query = query.extracting(start...)
    }
    let room = UnsafeMutableBufferPointer(
      start: ponor_batch_reply(batch, index), count: PONOR_REPLY_OCTETS)
    var reply = WireWriter(room)
    let outcome = handler.handle(
      query, from: client, at: now, reply: &reply, sink: socket)
    if outcome == .reply { ponor_batch_set_reply(batch, index, reply.count) }
  }

  /// Adds to a counter only this thread writes: no locked instruction is needed.
  private func advance(_ counter: borrowing Atomic<UInt64>, by amount: UInt64) {
    counter.store(counter.load(ordering: .relaxed) &+ amount, ordering: .relaxed)
  }
}
