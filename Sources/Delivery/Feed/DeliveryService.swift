package import Evidence
import Foundation
import Synchronization

/// Runs every sink on a thread of its own, so that a slow receiver holds up nobody else.
package final class DeliveryService: Sendable {
  /// How often a sink looks whether the feed has grown, seconds.
  private static let poll = 0.5
  /// How long a sink waits after an error of feed or store (a full disk), microseconds.
  private static let pause: Int64 = 5_000_000
  /// Octets of a thread's stack: C libraries and formats need little.
  private static let stack = 1 << 20

  private let plans: [SinkPlan]
  private let feed: any RecordFeed
  private let store: DeliveryStore
  private let now: @Sendable () -> Int64
  private let log: @Sendable (String) -> Void
  private let isStopping = Mutex(false)

  /// A service that does not run yet.
  ///
  /// - Parameters:
  ///   - now: microseconds since 1970.
  ///   - log: takes a sentence about something an operator should know.
  package init(
    _ plans: [SinkPlan], feed: any RecordFeed, store: DeliveryStore,
    now: @escaping @Sendable () -> Int64, log: @escaping @Sendable (String) -> Void
  ) {
    self.plans = plans
    self.feed = feed
    self.store = store
    self.now = now
    self.log = log
  }

  /// Lets every sink finish what it is doing; `run` then returns.
  package func stop() { isStopping.withLock { $0 = true } }

  /// Delivers until `stop`.
  package func run() throws {
    for plan in plans { try adopt(plan) }
    let done = DispatchGroup()
    for plan in plans {
      done.enter()
      let thread = Thread { [self] in
        follow(plan)
        done.leave()
      }
      thread.stackSize = Self.stack
      thread.name = "deliver-\(plan.name)"
      thread.start()
    }
    done.wait()
  }

  /// Delivers what there is, then returns.
  ///
  /// - Parameter closingDays: whether files and mails of days that are not over go out too.
  /// - Returns: names of sinks with something left to send.
  package func runOnce(closingDays: Bool) throws -> [String] {
    var left: [String] = []
    for plan in plans {
      try adopt(plan)
      let runner = SinkRunner(plan, feed: feed, store: store)
      var next = SinkRunner.Next.again
      while next == .again, !isStopping.withLock({ $0 }) { next = try runner.step(now: now()) }
      var isLeft = next != .idle
      if closingDays, !isLeft { isLeft = try runner.closeDays(now: now()) }
      if let state = try store.state(plan.name), isLeft || state.disabled != nil {
        left.append(plan.name)
        log("\(plan.name): \(state.disabled ?? state.lastError ?? "not done")")
      }
    }
    return left
  }

  private func adopt(_ plan: SinkPlan) throws {
    try SinkRunner(plan, feed: feed, store: store).adopt(now: now())
  }

  private func follow(_ plan: SinkPlan) {
    let runner = SinkRunner(plan, feed: feed, store: store)
    var told = ""
    while !isStopping.withLock({ $0 }) {
      do {
        switch try runner.step(now: now()) {
        case .again: continue
        case .idle, .at: Thread.sleep(forTimeInterval: Self.poll)
        }
        tell(plan, &told)
      } catch {
        log("\(plan.name): \(error)")
        sleep(until: now() + Self.pause)
      }
    }
  }

  /// Logs a failure once, however often it repeats.
  private func tell(_ plan: SinkPlan, _ told: inout String) {
    guard let state = try? store.state(plan.name) else { return }
    let text = state.disabled ?? (state.failuresInRow > 0 ? state.lastError ?? "" : "")
    if text != told, !text.isEmpty { log("\(plan.name): \(text)") }
    told = text
  }

  private func sleep(until end: Int64) {
    while now() < end, !isStopping.withLock({ $0 }) {
      Thread.sleep(forTimeInterval: Self.poll)
      // A clock that was set back must not make this long.
      if end - now() > Self.pause { return }
    }
  }
}
