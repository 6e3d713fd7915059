import Foundation
import Glibc

/// A network namespace with nothing in it but loopback, where port 53 is free.
enum NetworkNamespace {
  /// Whether one can be made here: it needs root, or CAP_SYS_ADMIN.
  static let isAvailable: Bool = {
    let finished = DispatchSemaphore(value: 0)
    let entered = Flag()
    Thread.detachNewThread {
      if (try? enter()) != nil { entered.set() }
      finished.signal()
    }
    finished.wait()
    return entered.isSet
  }()

  /// Runs `body` on a thread of its own in a new namespace; children and threads it starts live
  /// there too, and the namespace goes away with the last of them.
  static func inside(_ body: @escaping @Sendable () throws -> Void) async throws {
    try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
      Thread.detachNewThread {
        done.resume(
          with: Result {
            try enter()
            try body()
          })
      }
    }
  }

  private static func enter() throws {
    // unshare(2) is hidden from Swift behind _GNU_SOURCE. Its CLONE_NEWNET (linux/sched.h) concerns
    // the calling thread only.
    guard let symbol = dlsym(nil, "unshare") else { throw LabError(description: "no unshare") }
    let unshare = unsafeBitCast(symbol, to: (@convention(c) (Int32) -> Int32).self)
    guard unshare(0x4000_0000) == 0 else {
      throw LabError(description: "no network namespace: errno \(errno)")
    }
    try run("ip", ["link", "set", "lo", "up"], in: FileManager.default.temporaryDirectory)
  }
}
