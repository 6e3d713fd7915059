import Addressing
public import DNSWire

/// Resolves names with libunbound, on threads of its own, or on those of hosts (`LoopHost`).
///
/// Questions are spread over the threads by the hash of their name, so that the threads' caches do
/// not hold the same things. A submission never blocks; its answer comes on the thread that got it.
///
/// There is no way to take single names out of a context's cache. To empty it, or to change
/// options, make a new resolver, let new questions go to that one, and stop this one.
public final class Resolver: Sendable {
  /// Number of threads that can be asked for.
  public static let threadRange = 1...64
  /// Numbers of questions in flight that can be asked for.
  public static let outstandingRange = 1...65_536
  /// Milliseconds of time-out that can be asked for.
  public static let timeoutRange = 100...120_000

  private let threads: [ResolverThread]
  /// The thread for refreshing: where the others have an answer cached, it has not.
  private let refresher: ResolverThread?

  // MARK: - Life

  /// Starts the threads.
  ///
  /// Threads are made by the calling thread, and so live in its network namespace.
  /// - Throws: `RecursionError`, which names the option at fault where libunbound tells.
  public init(_ options: RecursionOptions) throws(RecursionError) {
    try Self.check(options)
    let ipv6 =
      switch options.ipv6 {
      case .on: true
      case .off: false
      case .automatic: options.needsIPv6 || OutgoingNetwork.hasIPv6Route()
      }
    let settings = UnboundSettings(
      options, ipv6: ipv6,
      socketsPerThread: OutgoingNetwork.socketsPerThread(
        options.threads + (options.refreshes ? 1 : 0)))
    var threads: [ResolverThread] = []
    for number in 0..<options.threads + (options.refreshes ? 1 : 0) {
      // Threads started so far end with their last reference if a later one cannot be.
      let control = try ThreadControl(limit: options.outstandingPerThread)
      threads.append(
        try ResolverThread(
          number: number, context: UnboundContext.create(settings), control: control,
          patience: ThreadLoop.Patience(options)))
    }
    refresher = options.refreshes ? threads.removeLast() : nil
    self.threads = threads
  }

  /// Stops: refuses new questions, waits up to `drain` for those under way, answers what is left
  /// with SERVFAIL, and ends the threads.
  ///
  /// Blocks until that is done, and must not be called from a client's callback. Calling it again
  /// does nothing.
  public func stop(drain: Duration) {
    for thread in everyThread { thread.control.stop(drain: drain) }
    for thread in everyThread { thread.join() }
  }

  private var everyThread: [ResolverThread] { threads + (refresher.map { [$0] } ?? []) }

  private static func check(_ options: RecursionOptions) throws(RecursionError) {
    let values = [
      ("threads", options.threads, threadRange),
      ("outstandingPerThread", options.outstandingPerThread, outstandingRange),
      ("answerTimeoutMilliseconds", options.answerTimeoutMilliseconds, timeoutRange),
    ]
    for (name, got, allowed) in values where !allowed.contains(got) {
      throw .outOfRange(name: name, got: got, allowed: allowed)
    }
  }

  // MARK: - Use

  /// Asks a question; `client` is called back exactly once if the result is true.
  ///
  /// - Parameters:
  ///   - qname: the name in wire form, uncompressed, in lower case.
  ///   - qtype: any but the meta types (RFC 6895 §3.1: OPT, TKEY, TSIG, IXFR, AXFR, MAILB, MAILA),
  ///     which are no matter of recursion; libunbound does not turn them away here. ANY is taken.
  ///   - qclass: `.internet`.
  ///   - nameHash: decides on the thread; the same name must always come with the same value.
  /// - Returns: false if the thread has its limit in flight, or is stopping; `client` is then not
  ///   called, and the question should be answered with SERVFAIL.
  public func submit(
    qname: Span<UInt8>, qtype: RRType, qclass: RRClass, nameHash: UInt64,
    client: any RecursionClient
  ) -> Bool {
    submit(
      to: threads[Int(nameHash % UInt64(threads.count))].control, qname: qname, qtype: qtype,
      qclass: qclass, client: client)
  }

  /// Asks a question for an answer that still is in the caches of the thread that `submit` uses.
  ///
  /// libunbound has no way to pass by its cache, so the refresher, with caches of its own, is asked;
  /// the time after that, when the other cache has expired, `submit` does again.
  ///
  /// - Returns: as `submit`; false if there is no refresher.
  public func refresh(
    qname: Span<UInt8>, qtype: RRType, qclass: RRClass, client: any RecursionClient
  ) -> Bool {
    guard let refresher else { return false }
    return submit(
      to: refresher.control, qname: qname, qtype: qtype, qclass: qclass, client: client)
  }

  private func submit(
    to control: ThreadControl, qname: Span<UInt8>, qtype: RRType, qclass: RRClass,
    client: any RecursionClient
  ) -> Bool {
    switch control.queue.submit(qname: qname, qtype: qtype, qclass: qclass, client: client) {
    case .refused: return false
    case .queued: return true
    case .queuedFirst:
      control.wakeUnlessHere()
      return true
    }
  }

  /// The thread of a number, for a host of its loop; nil if there are fewer.
  func thread(_ number: Int) -> ResolverThread? {
    number < threads.count ? threads[number] : nil
  }

  /// Questions being worked on, without the cost of all counters.
  public var inFlight: Int { threads.reduce(0) { $0 + $1.control.queue.inFlight } }

  /// The counters as they stand.
  public var statistics: RecursionStatistics {
    RecursionStatistics(perThread: everyThread.map(\.control.queue.statistics))
  }
}

extension RecursionOptions {
  /// Whether a forwarder has an IPv6 address, as on a machine with none but local IPv6.
  fileprivate var needsIPv6: Bool {
    (mode.upstreams + zones.flatMap(\.servers)).contains { !$0.address.isIPv4 }
  }
}
