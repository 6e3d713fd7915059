public import Addressing
import Synchronization

/// The UDP workers of a server, replaced one by one when addresses or their number change.
///
/// A worker's place, its handler's ring and counters, is taken by its successor only after it has
/// ended. Queries that come meanwhile wait in the kernel's buffers, or go to the other workers.
public final class UDPFleet: Sendable {
  /// What the workers do.
  public struct Plan: Equatable, Sendable {
    /// Addresses to answer on, in the order that numbers the listeners.
    public var endpoints: [SocketEndpoint]
    /// Threads, at least 1.
    public var workers: Int
    /// Longest time queries may gather, microseconds, see `BatchPacing`.
    public var gatherMicroseconds: Int64

    /// Describes the workers.
    public init(endpoints: [SocketEndpoint], workers: Int, gatherMicroseconds: Int64) {
      self.endpoints = endpoints
      self.workers = workers
      self.gatherMicroseconds = gatherMicroseconds
    }
  }

  private struct Member {
    let worker: UDPWorker
    let thread: WorkerThread?
  }

  private struct State {
    var plan: Plan
    var members: [Member]
    var past = UDPWorker.Statistics(received: 0, batches: 0, unsent: 0, unproxied: 0)
  }

  private let sockets: ListenSockets
  private let makeHandler: @Sendable (Int) -> any QueryHandler
  private let makeWaiter: @Sendable (Int) -> (any ReadinessWaiter)?
  private let onIdle: @Sendable (any QueryHandler) -> Void
  private let state: Mutex<State>
  private let isChanging = Mutex(())

  /// Opens the sockets; no query is answered before `start`.
  ///
  /// - Parameters:
  ///   - makeHandler: makes the handler of worker 0, 1, …; called on that worker's thread.
  ///   - makeWaiter: makes what the worker looks after besides; called there, too.
  /// - Throws: `SocketError` naming the address.
  public init(
    _ plan: Plan, sockets: ListenSockets,
    makeHandler: @escaping @Sendable (Int) -> any QueryHandler,
    makeWaiter: @escaping @Sendable (Int) -> (any ReadinessWaiter)? = { _ in nil },
    onIdle: @escaping @Sendable (any QueryHandler) -> Void
  ) throws(SocketError) {
    self.sockets = sockets
    self.makeHandler = makeHandler
    self.makeWaiter = makeWaiter
    self.onIdle = onIdle
    let shares = try Self.share(plan, sockets)
    let members = shares.enumerated().map { number, share in
      Member(
        worker: Self.makeWorker(number, share, plan, makeHandler, makeWaiter, onIdle), thread: nil)
    }
    state = Mutex(State(plan: plan, members: members))
  }

  /// Which sockets each worker reads.
  ///
  /// With as many sockets as workers each has its own. Inherited ones may be fewer, which are then
  /// read by several workers, or more, of which a worker then reads several: none is left unread.
  private static func share(
    _ plan: Plan, _ sockets: ListenSockets
  ) throws(SocketError) -> [[UDPSocket]] {
    var shares: [[UDPSocket]] = Array(repeating: [], count: plan.workers)
    for (listener, endpoint) in plan.endpoints.enumerated() {
      let opened = try sockets.udp(endpoint, wanted: plan.workers)
      for place in 0..<max(plan.workers, opened.count) {
        shares[place % plan.workers].append(
          UDPSocket(
            opened[place % opened.count], at: endpoint, listener: UInt8(clamping: listener)))
      }
    }
    return shares
  }

  private static func makeWorker(
    _ number: Int, _ sockets: [UDPSocket], _ plan: Plan,
    _ makeHandler: @escaping @Sendable (Int) -> any QueryHandler,
    _ makeWaiter: @escaping @Sendable (Int) -> (any ReadinessWaiter)?,
    _ onIdle: @escaping @Sendable (any QueryHandler) -> Void
  ) -> UDPWorker {
    // One worker alone is left to the scheduler; several would only get in each other's way.
    UDPWorker(
      sockets: sockets, processor: plan.workers > 1 ? number : nil,
      gatherMicroseconds: plan.gatherMicroseconds, makeHandler: { makeHandler(number) },
      makeWaiter: { makeWaiter(number) }, onIdle: onIdle)
  }

  private static func run(_ worker: UDPWorker, _ number: Int) -> Member {
    Member(worker: worker, thread: WorkerThread(name: "ponor-udp-\(number)") { worker.run() })
  }

  /// Starts answering.
  public func start() {
    isChanging.withLock { _ in
      state.withLock { state in
        state.members = state.members.enumerated().map { Self.run($1.worker, $0) }
      }
    }
  }

  // MARK: - Changes

  /// Answers as another plan says from now on; blocks until all workers have changed.
  ///
  /// - Throws: `SocketError` when an address cannot be had; the former plan stays in force.
  public func change(to plan: Plan) throws(SocketError) {
    let old = self.plan
    guard plan != old else { return }
    let result: Result<Void, SocketError> = isChanging.withLock { _ in
      do throws(SocketError) {
        let shares = try Self.share(plan, sockets)
        replace(shares, plan)
        return .success(())
      } catch {
        // What was opened for addresses that are not in force is closed again.
        for endpoint in plan.endpoints where !old.endpoints.contains(endpoint) {
          sockets.forget(endpoint)
        }
        return .failure(error)
      }
    }
    try result.get()
  }

  private func replace(_ shares: [[UDPSocket]], _ plan: Plan) {
    let old = state.withLock { $0.members }
    var fresh: [Member] = []
    for (number, share) in shares.enumerated() {
      if number < old.count { end(old[number], emptying: false) }
      fresh.append(
        Self.run(
          Self.makeWorker(number, share, plan, makeHandler, makeWaiter, onIdle), number))
    }
    for member in old.dropFirst(shares.count) { end(member, emptying: false) }
    state.withLock {
      $0.members = fresh
      $0.plan = plan
    }
  }

  /// Ends a worker and keeps what it counted.
  private func end(_ member: Member, emptying: Bool) {
    member.worker.stop(emptying: emptying)
    member.thread?.join()
    let statistics = member.worker.statistics
    state.withLock {
      $0.past.received += statistics.received
      $0.past.batches += statistics.batches
      $0.past.unsent += statistics.unsent
      $0.past.unproxied += statistics.unproxied
      $0.members.removeAll { $0.worker === member.worker }
    }
  }

  /// Ends all workers; blocks until they have.
  ///
  /// - Parameter emptying: whether what waits in the sockets is answered first, as it should be
  ///   unless another process goes on reading them.
  public func stop(emptying: Bool) {
    isChanging.withLock { _ in
      let members = state.withLock { $0.members }
      for member in members { member.worker.stop(emptying: emptying) }
      for member in members { end(member, emptying: emptying) }
      for endpoint in plan.endpoints { sockets.forget(.udp, endpoint) }
    }
  }

  // MARK: - Status

  /// The plan in force.
  public var plan: Plan { state.withLock { $0.plan } }

  /// What all workers have seen, those of former plans included.
  public var statistics: UDPWorker.Statistics {
    state.withLock { state in
      state.members.reduce(into: state.past) { sum, member in
        let own = member.worker.statistics
        sum.received += own.received
        sum.batches += own.batches
        sum.unsent += own.unsent
        sum.unproxied += own.unproxied
      }
    }
  }

  /// How often each worker has gone round its loop; one that stands still is stuck.
  public var beats: [UInt64] { state.withLock { $0.members.map(\.worker.beats) } }
}
