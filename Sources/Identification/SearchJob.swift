package import DGAKit

/// One exhaustive search: a variant, its other parameters, a period, and values to try.
package struct SearchJob: Sendable {
  /// The family's id.
  package let family: String
  /// Its model.
  package let model: any SearchableModel.Type
  /// A seed with all parameters but the searched one.
  package let template: Seed
  /// What is searched.
  package let space: SearchSpace
  /// The period the names are from; `always` for lists that do not depend on time.
  package let period: Period
  /// The values to try.
  package let values: ClosedRange<UInt32>
  /// Which names of each list are compared before a value is rejected.
  package let ordinals: Range<Int>
  /// What the names of the template look like.
  package let profile: NameProfile
  /// How many names the template's list has.
  package let listLength: Int
  /// How many names of the file the template's algorithm can make.
  package let fitCount: Int
  /// Word lists, for models that need them.
  package let resources: ModelResources
  /// Values tried in a second on one thread; measured.
  package internal(set) var valuesPerSecond = 1.0

  /// How many values it has.
  package var valueCount: Double {
    Double(values.upperBound) - Double(values.lowerBound) + 1
  }

  /// Seconds it takes on so many threads.
  package func seconds(threads: Int) -> Double {
    valueCount / valuesPerSecond / Double(threads)
  }

  /// How many values are expected to give so many of the names by accident.
  package func chanceCount(of matches: Int, _ names: ObservedNames) -> Double {
    ChanceMatches.expected(
      tries: valueCount, perName: names.texts.reduce(0) { $0 + profile.probability($1) },
      depth: ordinals.count, listLength: listLength, matches: matches)
  }

  /// A model of its own for each thread: threads that share one would wait for each other to count
  /// references to its suffixes.
  func prepared() -> (any SearchableModel)? {
    try? model.init(seed: template, resources: resources)
  }

  /// Where the list is asked for.
  var instant: Instant { max(period.start, .distantPast) }

  /// Tries values for a short while, to tell how long all will take.
  mutating func measure(for names: ObservedNames) {
    guard let model = prepared() else { return }
    let clock = ContinuousClock()
    let start = clock.now
    var tried = 0.0
    var (count, next) = (64, UInt64(values.lowerBound))
    while start.duration(to: clock.now) < SearchJob.measuringTime {
      let last = min(next + UInt64(count) - 1, UInt64(values.upperBound))
      model.search(
        UInt32(truncatingIfNeeded: next)...UInt32(truncatingIfNeeded: last), at: instant,
        ordinals: ordinals, for: names, { _, _ in })
      tried += Double(last - next + 1)
      guard last < UInt64(values.upperBound) else { break }
      next = last + 1
      count *= 2
    }
    valuesPerSecond = max(1, tried / max(1e-6, start.duration(to: clock.now).seconds))
  }

  private static let measuringTime = Duration.milliseconds(15)
}

extension Duration {
  /// The duration as a number of seconds.
  package var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
