import Attribution
import Evidence

/// How long look-ups of an index take.
struct LookupSpeed {
  /// One line for people and scripts.
  let line: String

  /// Asks `count` questions, in an order that no cache knows ahead.
  init(_ index: SubscriberIndex, count: Int, tolerance: Int64) {
    var generator = SystemRandomNumberGenerator()
    let questions = (0..<min(count, 1 << 20)).compactMap { _ in
      index.question(aboutInterval: Int.random(in: 0..<index.intervalCount, using: &generator))
    }
    let clock = ContinuousClock()
    var durations: [Duration] = []
    durations.reserveCapacity(count)
    var unique = 0
    var asked = 0
    while asked < count, !questions.isEmpty {
      for question in questions.prefix(count - asked) {
        let begun = clock.now
        let answer = index.answer(question, tolerance: tolerance)
        durations.append(clock.now - begun)
        if answer.state == .unique { unique += 1 }
      }
      asked += questions.count
    }
    durations.sort()
    let rank = { (part: Double) in
      durations.isEmpty
        ? 0
        : Self.nanoseconds(durations[min(durations.count - 1, Int(part * Double(durations.count)))])
    }
    line =
      "\(durations.count) look-ups: median \(rank(0.5)) ns, 99 % \(rank(0.99)) ns, "
      + "99.99 % \(rank(0.9999)) ns, longest \(rank(1)) ns; \(unique) unique"
  }

  private static func nanoseconds(_ duration: Duration) -> Int64 {
    duration.components.seconds * 1_000_000_000 + duration.components.attoseconds / 1_000_000_000
  }

  static func milliseconds(_ duration: Duration) -> Int64 { nanoseconds(duration) / 1_000_000 }
}
