// Unsafe: POSIX threads, started with a retained object as their argument.

import CUnbound
import DNSWire
import Glibc
import Synchronization

/// One recursion loop and the thread that carries it: one of its own, or a host's (`LoopHost`).
final class ResolverThread: Sendable {
  /// Pause between looks for a loop that a host has to give back first, microseconds.
  private static let pause: useconds_t = 1000

  let control: ThreadControl
  private let number: Int

  /// Starts a thread; `context` belongs to it from now on, whether or not this throws.
  init(
    number: Int, context: UnboundContext, control: ThreadControl, patience: ThreadLoop.Patience
  ) throws(RecursionError) {
    self.control = control
    self.number = number
    let loop = ThreadLoop(context: context, control: control, patience: patience)
    let code = start(loop)
    guard code == 0 else {
      context.delete()
      throw .system(call: "pthread_create", errno: code)
    }
  }

  deinit {
    control.stop(drain: .zero)
    join()
  }

  /// - Returns: 0 or the system's error number.
  private func start(_ loop: ThreadLoop) -> Int32 {
    control.carrier.withLock { carrier in
      var thread = pthread_t()
      let argument = Unmanaged.passRetained(
        ThreadStart(number: number, control: control, loop: loop))
      let code = pthread_create(&thread, nil, threadMain, argument.toOpaque())
      if code == 0 { carrier = .own(thread) } else { argument.release() }
      return code
    }
  }

  // MARK: - Hosts

  /// Has the thread offer its loop to a host, which calls `take` until it has it.
  func want() {
    control.isWanted.store(true, ordering: .releasing)
    control.wake()
  }

  /// What `take` found.
  enum Taken {
    case loop(ThreadLoop)
    case notYet
    /// The loop is about to end.
    case never
  }

  /// Takes the loop over from its thread.
  func take() -> Taken {
    let taken: (Taken, pthread_t?) = control.carrier.withLock { carrier in
      switch carrier {
      case .offered(let loop, let thread):
        carrier = .lent
        return (.loop(loop), thread)
      case .own: return (.notYet, nil)
      case .lent, .ended: return (.never, nil)
      }
    }
    if let thread = taken.1 {
      control.isWanted.store(false, ordering: .releasing)
      // It is at its last instructions.
      pthread_join(thread, nil)
    }
    return taken.0
  }

  /// Does without the loop after `want`.
  func unwant() {
    control.carrier.withLock { _ in control.isWanted.store(false, ordering: .releasing) }
    if case .loop(let loop) = take() { giveBack(loop) }
  }

  /// Puts a loop that was taken back onto a thread of its own.
  func giveBack(_ loop: ThreadLoop) {
    // Questions may have been queued without a wake-up.
    control.wake()
    guard start(loop) != 0 else { return }
    // No thread to be had: what is under way is answered with a failure, what comes is refused.
    control.stop(drain: .zero)
    control.carrier.withLock { $0 = .ended }
    loop.run()
  }

  // MARK: - The end

  /// Waits until the loop has ended; once.
  func join() {
    while true {
      let found = control.carrier.withLock { carrier in
        defer { if !carrier.isLent { carrier = .ended } }
        return carrier
      }
      switch found {
      case .own(let thread):
        if pthread_equal(thread, pthread_self()) != 0 {
          // The last reference went away in a client's callback: nobody is left to wait for.
          pthread_detach(thread)
        } else {
          pthread_join(thread, nil)
        }
        return
      case .offered(let loop, let thread):
        pthread_join(thread, nil)
        loop.run()
        return
      case .lent:
        // The host has been woken by the order to stop.
        usleep(Self.pause)
      case .ended: return
      }
    }
  }
}

private final class ThreadStart: Sendable {
  let number: Int
  let control: ThreadControl
  let loop: ThreadLoop

  init(number: Int, control: ThreadControl, loop: ThreadLoop) {
    self.number = number
    self.control = control
    self.loop = loop
  }
}

private func threadMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let argument else { return nil }
  let start = Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue()
  ponor_name_thread("recursion-\(start.number)")
  // Signals are for the main thread; a peer that closes a TCP connection must not end the process
  // with SIGPIPE. Faults of this thread stay deliverable.
  var blocked = sigset_t()
  sigfillset(&blocked)
  for fault in [SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP] { sigdelset(&blocked, fault) }
  pthread_sigmask(SIG_BLOCK, &blocked, nil)
  while !start.loop.run() {
    let isOffered = start.control.carrier.withLock { carrier in
      // Under the lock: who does without the loop must not find it offered later.
      guard case .own(let thread) = carrier,
        start.control.isWanted.load(ordering: .acquiring)
      else { return false }
      carrier = .offered(start.loop, thread)
      return true
    }
    if isOffered { break }
    // Not wanted any more, or somebody waits for its end: it goes on.
  }
  return nil
}
