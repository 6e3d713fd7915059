import CLinuxShims

/// Lets queries gather for a moment when they come quickly, as network cards do with interrupts.
///
/// Waking a thread for each datagram costs more than answering it. Above some 10,000 queries a
/// second a worker that looks every 0.1 ms finds several at once, which halves the processor time
/// per query; the answer comes at most that much later. Below that rate nothing is delayed.
struct BatchPacing {
  /// Microseconds a worker lets queries gather; a hundredth of a usual round trip.
  static let gatherMicroseconds: Int64 = 100
  /// A batch this large needs no help.
  static let largeBatch = 48

  private var last: Int64 = 0

  /// Called after a batch of `count` datagrams was answered.
  mutating func pause(after count: Int) {
    let now = ponor_monotonic_microseconds()
    let isQuick = now - last < 2 * Self.gatherMicroseconds
    last = now
    guard isQuick, count > 0, count < Self.largeBatch else { return }
    ponor_sleep_microseconds(Self.gatherMicroseconds)
    last += Self.gatherMicroseconds
  }
}
