import Foundation
import Synchronization

/// The engine on a thread of its own, at a low priority: DNS comes first.
package final class EvidenceService: Sendable {
  /// The engine.
  package let engine: EvidenceEngine

  /// Lowest but one: it must go on under load, and never be in the way (getpriority(2)).
  private static let niceness: Int32 = 15
  /// Time between two looks for new hits.
  private static let pauseMilliseconds = 200
  /// Longest wait after failures.
  private static let longestPauseMilliseconds = 10_000

  private let isStopping = Atomic(false)
  private let isRunning = Atomic(false)
  private let wake = DispatchSemaphore(value: 0)
  private let ended = DispatchSemaphore(value: 0)

  /// Prepares a service; nothing runs before `start`.
  package init(engine: EvidenceEngine) { self.engine = engine }

  /// Starts the thread; call it once.
  package func start() {
    guard !isRunning.exchange(true, ordering: .acquiringAndReleasing) else { return }
    let thread = Thread { self.run() }
    thread.stackSize = 4 << 20
    thread.start()
  }

  /// Ends the thread after the step it is at; what is not scored is scored after the next start.
  package func stop() {
    guard isRunning.load(ordering: .acquiring),
      !isStopping.exchange(true, ordering: .acquiringAndReleasing)
    else { return }
    wake.signal()
    ended.wait()
  }

  private func run() {
    // From within: the kernel's name of the thread, which tools show, is set by the thread itself only.
    Thread.current.name = "ponor-evidence"
    // With Linux this is the calling thread's priority only.
    _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, Self.niceness)
    var pause = Self.pauseMilliseconds
    while !isStopping.load(ordering: .acquiring) {
      switch engine.step() {
      case .more: continue
      case .idle: pause = Self.pauseMilliseconds
      case .failed: pause = min(pause * 2, Self.longestPauseMilliseconds)
      }
      _ = wake.wait(timeout: .now() + .milliseconds(pause))
    }
    engine.close()
    ended.signal()
  }
}
