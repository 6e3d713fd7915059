package import DGAKit
import Dispatch
import Synchronization

/// A value of a searched parameter under which observed names appear.
package struct FoundSeed: Sendable {
  /// The search that found it.
  package let job: SearchJob
  /// The value.
  package let value: UInt32
  /// Observed names in its whole list, by position, and their first ordinal.
  package let ordinals: [Int: Int]
  /// How many values were expected to match as many names by accident.
  package let chanceCount: Double

  /// The seed, as a seed file would have it.
  package var seed: Seed { job.model.seed(job.template, searchedValue: value) }

  /// Whether accident is no explanation.
  package var isConvincing: Bool { chanceCount < FoundSeed.convincing }

  /// One in a hundred searches would give such a seed by accident.
  package static let convincing = 0.01
}

/// What one search came to.
package struct SearchOutcome: Sendable {
  /// The search.
  package let job: SearchJob
  /// How many values were tried.
  package let tried: UInt64
  /// Seconds it took.
  package let seconds: Double
  /// The seeds it found: those with most names first, at most `SeedSearch.keptSeeds`.
  package let seeds: [FoundSeed]
  /// How many values had a match, those not kept included.
  package let matchCount: Int
  /// How many of the values tried were expected to have one by accident.
  package let chanceMatches: Double
}

/// How far a search is.
package struct SearchProgress: Sendable {
  /// The search under way.
  package let job: SearchJob
  /// Its number, from 0, and how many there are.
  package let index: Int, jobCount: Int
  /// The part of its values that were tried, 0 to 1.
  package let fraction: Double
  /// Values tried in a second, all threads together.
  package let valuesPerSecond: Double
  /// Seconds until all searches are done, if none ends early.
  package let secondsLeft: Double
  /// Convincing seeds found so far.
  package let foundCount: Int
}

/// Runs searches on several threads.
package struct SeedSearch: Sendable {
  /// The searches.
  package let plan: SearchPlan
  /// The names looked for.
  package let names: ObservedNames
  /// How many threads work.
  package let threads: Int
  /// Whether to go on when all names are explained: several values may give the same names.
  package let isExhaustive: Bool

  /// How many of the seeds of one search are kept.
  package static let keptSeeds = 100

  /// Prepares a run.
  package init(plan: SearchPlan, names: ObservedNames, threads: Int, isExhaustive: Bool = false) {
    self.plan = plan
    self.names = names
    self.threads = threads
    self.isExhaustive = isExhaustive
  }

  /// Runs the searches in order, until all names are explained; `report` is called a few times a
  /// second, on whichever thread is there.
  package func run(report: @Sendable (SearchProgress) -> Void) -> [SearchOutcome] {
    var outcomes: [SearchOutcome] = []
    var explained: Set<Int> = []
    var pace = Pace()
    for (index, job) in plan.jobs.enumerated() {
      guard isExhaustive || hasWork(job, explained) else { continue }
      let later = plan.jobs[(index + 1)...].reduce(0) { $0 + $1.seconds(threads: threads) }
      let found = outcomes.reduce(0) { $0 + $1.seeds.count(where: \.isConvincing) }
      let run = JobRun(job: job, names: names, threads: threads, isExhaustive: isExhaustive)
      let known = pace
      let outcome = run.run { fraction, rate, convincing in
        let left = (1 - fraction) * job.valueCount / rate + later * known.factor
        report(
          SearchProgress(
            job: job, index: index, jobCount: plan.jobs.count, fraction: fraction,
            valuesPerSecond: rate, secondsLeft: left, foundCount: found + convincing))
      }
      outcomes.append(outcome)
      pace.add(outcome, threads: threads)
      for seed in outcome.seeds where seed.isConvincing { explained.formUnion(seed.ordinals.keys) }
    }
    return outcomes
  }

  /// Whether a name that the search may explain is unexplained.
  private func hasWork(_ job: SearchJob, _ explained: Set<Int>) -> Bool {
    (0..<names.count).contains { !explained.contains($0) && job.profile.probability(names[$0]) > 0 }
  }

  /// How much longer searches take than was estimated.
  private struct Pace {
    private var estimated = 0.0
    private var needed = 0.0

    mutating func add(_ outcome: SearchOutcome, threads: Int) {
      estimated += Double(outcome.tried) / outcome.job.valuesPerSecond / Double(threads)
      needed += outcome.seconds
    }

    var factor: Double { estimated > 1 ? needed / estimated : 1 }
  }
}

// MARK: - One search

/// One search under way: threads take blocks of values in turn.
private final class JobRun: Sendable {
  private let job: SearchJob
  private let names: ObservedNames
  private let threads: Int
  private let isExhaustive: Bool
  private let start = ContinuousClock().now
  private let nextBlock = Atomic<UInt64>(0)
  private let tried = Atomic<UInt64>(0)
  private let isDone = Atomic<Bool>(false)
  private let state = Mutex(State())

  private struct State {
    var seeds: [FoundSeed] = []
    var matchCount = 0
    var lastReport: ContinuousClock.Instant?
  }

  init(job: SearchJob, names: ObservedNames, threads: Int, isExhaustive: Bool) {
    self.job = job
    self.names = names
    self.threads = threads
    self.isExhaustive = isExhaustive
  }

  typealias Report = @Sendable (_ fraction: Double, _ rate: Double, _ convincing: Int) -> Void

  func run(report: Report) -> SearchOutcome {
    DispatchQueue.concurrentPerform(iterations: threads) { _ in work(report) }
    let done = Double(tried.load(ordering: .relaxed))
    return state.withLock { state in
      SearchOutcome(
        job: job, tried: tried.load(ordering: .relaxed), seconds: secondsPassed,
        seeds: JobRun.best(state.seeds), matchCount: state.matchCount,
        chanceMatches: job.chanceCount(of: 1, names) * done / job.valueCount)
    }
  }

  private func work(_ report: Report) {
    guard var model = job.prepared() else { return }
    // About a twentieth of a second's work: short enough to stop soon, long enough to cost nothing.
    let block = UInt64(min(4e6, max(16, job.valuesPerSecond / 20)))
    let (first, last) = (UInt64(job.values.lowerBound), UInt64(job.values.upperBound))
    while !isDone.load(ordering: .relaxed) {
      let low = first + nextBlock.wrappingAdd(1, ordering: .relaxed).oldValue * block
      guard low <= last else { return }
      let high = min(last, low + block - 1)
      var matches: [UInt32] = []
      model.search(
        UInt32(truncatingIfNeeded: low)...UInt32(truncatingIfNeeded: high), at: job.instant,
        ordinals: job.ordinals, for: names, { value, _ in matches.append(value) })
      for value in matches { take(value, &model) }
      tried.wrappingAdd(high - low + 1, ordering: .relaxed)
      reportIfDue(report)
    }
  }

  /// Compares the whole list of a value that matched.
  private func take(_ value: UInt32, _ model: inout any SearchableModel) {
    model.setSearchedValue(value)
    var ordinals: [Int: Int] = [:]
    model.forEachName(at: job.instant) { name, ordinal in
      if names.mayContain(name), let position = names.position(of: name), ordinals[position] == nil
      {
        ordinals[position] = ordinal
      }
      return true
    }
    // Names that are there with any value tell nothing of this one.
    let telling = ordinals.values.count { $0 >= job.space.independentNames }
    let seed = FoundSeed(
      job: job, value: value, ordinals: ordinals,
      chanceCount: job.chanceCount(of: telling, names))
    if !isExhaustive, seed.isConvincing, ordinals.count >= job.fitCount {
      isDone.store(true, ordering: .relaxed)
    }
    state.withLock { state in
      state.matchCount += 1
      state.seeds.append(seed)
      if state.seeds.count > 4 * SeedSearch.keptSeeds { state.seeds = JobRun.best(state.seeds) }
    }
  }

  private static func best(_ seeds: [FoundSeed]) -> [FoundSeed] {
    let sorted = seeds.sorted {
      ($1.ordinals.count, $0.value) < ($0.ordinals.count, $1.value)
    }
    return Array(sorted.prefix(SeedSearch.keptSeeds))
  }

  private var secondsPassed: Double { start.duration(to: ContinuousClock().now).seconds }

  private func reportIfDue(_ report: Report) {
    let now = ContinuousClock().now
    let convincing = state.withLock { state -> Int? in
      if let last = state.lastReport, last.duration(to: now) < .milliseconds(200) { return nil }
      state.lastReport = now
      return state.seeds.count(where: \.isConvincing)
    }
    guard let convincing else { return }
    let done = Double(tried.load(ordering: .relaxed))
    report(done / job.valueCount, max(1, done / max(1e-6, secondsPassed)), convincing)
  }
}
