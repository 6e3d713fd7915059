package import DGAKit
import Glibc

/// How fast a generator gives names.
package struct GeneratorSpeed: Sendable, Equatable {
  /// The generator.
  package var generator: GeneratorID
  /// How its names are made.
  package var kind: GenerationKind
  /// Names given.
  package var names: Int
  /// CPU time that took, in seconds.
  package var seconds: Double

  /// Names a second.
  package var namesPerSecond: Double { seconds > 0 ? Double(names) / seconds : 0 }
}

/// Measures generators by the CPU time of the calling thread, so that other load hardly counts.
package enum SpeedMeasurement {
  /// Names between two looks at the clock.
  private static let step = 1 << 14
  /// Lists between two looks: some have one name, which takes as long as reading the clock.
  private static let listStep = 16

  /// Walks list after list, from the period of `instant` on, for about so many seconds of CPU.
  ///
  /// - Parameter clock: gives seconds; the thread's CPU time unless a test says otherwise.
  package static func measure(
    _ generator: Generator, from instant: Instant, seconds: Double,
    clock: () -> Double = threadSeconds
  ) -> GeneratorSpeed {
    let start = clock()
    var names = 0
    var octets = 0
    var elapsed = 0.0
    var at = instant
    var lists = 0
    repeat {
      lists += 1
      generator.forEachName(at: at) { name, _ in
        names += 1
        octets &+= name.count
        guard names % step == 0 else { return true }
        elapsed = clock() - start
        return elapsed < seconds
      }
      // Lists that do not depend on time are walked again; so is all when time comes to its end.
      let end = generator.period(containing: at).end
      at = end > at && end < .distantFuture ? end : instant
      if lists % listStep == 0 { elapsed = clock() - start }
    } while elapsed < seconds
    // Uses the names, so that making them cannot be left out.
    precondition(octets >= 0)
    return GeneratorSpeed(
      generator: generator.id, kind: generator.variant.kind, names: names, seconds: elapsed)
  }

  /// CPU seconds of the calling thread.
  package static func threadSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// The geometric mean of positive values; nil for none.
  package static func geometricMean(_ values: [Double]) -> Double? {
    let positive = values.filter { $0 > 0 }
    guard !positive.isEmpty else { return nil }
    return exp(positive.reduce(0) { $0 + log($1) } / Double(positive.count))
  }
}
