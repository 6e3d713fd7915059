import Synchronization

/// A value that is replaced now and then and read all the time.
///
/// Each reader keeps its own reference and looks at one atomic number per query; only when that has
/// moved does it take the lock. An old value goes away when the last reader has moved on, which
/// idle readers do on their next wake-up.
package final class Published<Value: Sendable>: Sendable {
  private let version = Atomic<UInt64>(1)
  private let current: Mutex<Value>

  /// Starts with `value`.
  package init(_ value: Value) {
    current = Mutex(value)
  }

  /// The value in force.
  package var value: Value { current.withLock { $0 } }

  /// Replaces the value; readers see it with their next `refresh`.
  package func publish(_ value: Value) {
    current.withLock { $0 = value }
    version.add(1, ordering: .releasing)
  }

  /// One reader's view.
  package struct Reader {
    private let source: Published<Value>
    private var seen: UInt64
    /// The value as of the last refresh.
    package private(set) var value: Value

    /// Starts reading.
    package init(_ source: Published<Value>) {
      self.source = source
      seen = source.version.load(ordering: .acquiring)
      value = source.value
    }

    /// Takes a newer value if there is one.
    @inline(__always)
    package mutating func refresh() {
      let version = source.version.load(ordering: .acquiring)
      if version != seen { take(version) }
    }

    @inline(never)
    private mutating func take(_ version: UInt64) {
      seen = version
      value = source.value
    }
  }
}
