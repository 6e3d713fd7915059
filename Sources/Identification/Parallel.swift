import Dispatch
import Synchronization

/// Work spread over threads.
package enum Parallel {
  /// Calls `body` once for each index below `count`, on at most `threads` threads; whichever is
  /// free takes the next one.
  package static func forEach(_ count: Int, threads: Int, _ body: @Sendable (Int) -> Void) {
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: max(1, min(threads, count))) { _ in
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < count else { return }
        body(index)
      }
    }
  }

  /// The results of `body` for each index below `count`, in order.
  package static func map<Result: Sendable>(
    _ count: Int, threads: Int, _ body: @Sendable (Int) -> Result
  ) -> [Result] {
    let results = Mutex<[Int: Result]>([:])
    forEach(count, threads: threads) { index in
      let result = body(index)
      results.withLock { $0[index] = result }
    }
    return results.withLock { found in (0..<count).compactMap { found[$0] } }
  }
}
