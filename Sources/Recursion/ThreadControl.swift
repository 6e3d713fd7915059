// Unsafe: an eventfd, written from any thread.

import CUnbound
import Glibc
import Synchronization

/// What a recursion thread and the others share: the queue, the wake-up, and the order to stop.
final class ThreadControl: Sendable {
  let queue: SubmissionQueue
  /// Becomes readable when there is something to look at.
  let wakeup: Int32
  private let stopAt = Mutex<ContinuousClock.Instant?>(nil)
  /// Whether `stopAt` is set: asked several times for each question.
  private let isStopOrdered = Atomic(false)
  /// Who carries the loop.
  let carrier = Mutex(LoopCarrier.ended)
  /// Whether a host waits for the loop.
  let isWanted = Atomic(false)
  /// The host's thread while it carries the loop, else 0: it needs no wake-up for its own questions.
  let hostThread = Atomic<UInt>(0)

  init(limit: Int) throws(RecursionError) {
    wakeup = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
    guard wakeup >= 0 else { throw .system(call: "eventfd", errno: errno) }
    queue = SubmissionQueue(limit: limit)
  }

  // Not before everybody who could wake the thread is gone.
  deinit { close(wakeup) }

  /// Makes the thread look at the queue.
  func wake() { eventfd_write(wakeup, 1) }

  /// Makes the thread look at the queue after this one has put something in.
  func wakeUnlessHere() {
    let host = hostThread.load(ordering: .relaxed)
    if host == 0 || host != UInt(pthread_self()) { wake() }
  }

  /// Takes note of wake-ups so far.
  ///
  /// Comes before looking at the queue, or one could be missed.
  func clearWakeup() {
    var count: eventfd_t = 0
    eventfd_read(wakeup, &count)
  }

  /// Lets in no more questions, and has the thread end when all are answered, or after `drain`.
  func stop(drain: Duration) {
    queue.close()
    stopAt.withLock { if $0 == nil { $0 = .now + drain } }
    isStopOrdered.store(true, ordering: .releasing)
    wake()
  }

  /// Whether `stop` was called.
  var isStopping: Bool { isStopOrdered.load(ordering: .acquiring) }

  /// Whether the thread may end now, with `unanswered` questions left.
  func shouldEnd(unanswered: Int) -> Bool {
    stopAt.withLock { instant in
      guard let instant else { return false }
      return unanswered == 0 || ContinuousClock.now >= instant
    }
  }
}

/// Who carries a recursion loop.
enum LoopCarrier {
  /// A thread of its own.
  case own(pthread_t)
  /// Nobody: that thread has left it to a host and ends.
  case offered(ThreadLoop, pthread_t)
  /// A host.
  case lent
  /// Nobody any more, or somebody waits for the end of its thread.
  case ended

  var isLent: Bool { if case .lent = self { true } else { false } }
}
