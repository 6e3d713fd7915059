import CLinuxShims
import Glibc

/// A plain system thread with a name.
public final class WorkerThread: Sendable {
  private let handle: pthread_t
  private let isStarted: Bool

  /// Starts a thread that runs `body`.
  ///
  /// - Parameter name: at most 15 octets are kept.
  public init(name: String, _ body: @escaping @Sendable () -> Void) {
    var handle = pthread_t()
    let box = Unmanaged.passRetained(ThreadBody(name: name, run: body))
    let result = pthread_create(
      &handle, nil,
      { argument in
        guard let argument else { return nil }
        let body = Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue()
        ponor_name_thread(body.name)
        body.run()
        return nil
      }, box.toOpaque())
    self.handle = handle
    isStarted = result == 0
    if !isStarted { box.release() }
  }

  /// Waits until the thread has ended; called once.
  public func join() {
    if isStarted { pthread_join(handle, nil) }
  }
}

private final class ThreadBody: Sendable {
  let name: String
  let run: @Sendable () -> Void

  init(name: String, run: @escaping @Sendable () -> Void) {
    self.name = String(name.prefix(15))
    self.run = run
  }
}

/// The system's real-time clock.
public enum UTCClock {
  /// Microseconds since 1970.
  public static func microseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
  }

  /// Seconds since 1970.
  public static func seconds() -> Int64 { microseconds() / 1_000_000 }
}

func systemErrorText(_ code: Int32) -> String {
  strerror(code).map { String(cString: $0) } ?? "error \(code)"
}

func closeDescriptor(_ descriptor: Int32) { close(descriptor) }
