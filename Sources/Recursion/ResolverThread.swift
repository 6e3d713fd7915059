// Unsafe: POSIX threads, started with a retained object as their argument.

import CUnbound
import DNSWire
import Glibc
import Synchronization

/// A POSIX thread with one libunbound context of its own.
final class ResolverThread: Sendable {
  let control: ThreadControl
  private let thread: Mutex<pthread_t?>

  /// Starts the thread; `context` belongs to it from now on, whether or not this throws.
  init(
    number: Int, context: UnboundContext, control: ThreadControl, timeout: Duration
  ) throws(RecursionError) {
    self.control = control
    let start = ThreadStart(number: number, context: context, control: control, timeout: timeout)
    var thread = pthread_t()
    let argument = Unmanaged.passRetained(start)
    let code = pthread_create(&thread, nil, threadMain, argument.toOpaque())
    guard code == 0 else {
      argument.release()
      context.delete()
      throw .system(call: "pthread_create", errno: code)
    }
    self.thread = Mutex(thread)
  }

  deinit {
    control.stop(drain: .zero)
    join()
  }

  /// Waits for the thread's end, once.
  func join() {
    let thread = thread.withLock { thread in
      defer { thread = nil }
      return thread
    }
    guard let thread else { return }
    if pthread_equal(thread, pthread_self()) != 0 {
      // The last reference went away in a client's callback: nobody is left to wait for.
      pthread_detach(thread)
    } else {
      pthread_join(thread, nil)
    }
  }
}

private final class ThreadStart: Sendable {
  let number: Int
  let context: UnboundContext
  let control: ThreadControl
  let timeout: Duration

  init(number: Int, context: UnboundContext, control: ThreadControl, timeout: Duration) {
    self.number = number
    self.context = context
    self.control = control
    self.timeout = timeout
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
  ThreadLoop(context: start.context, control: start.control, timeout: start.timeout).run()
  return nil
}
