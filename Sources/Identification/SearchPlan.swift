package import DGAKit

/// The searches that may find the seed of some names, in the order in which they are made.
package struct SearchPlan: Sendable {
  /// The searches.
  package private(set) var jobs: [SearchJob] = []

  /// What the user asked for.
  package struct Options: Sendable {
    /// The values to try, if not all.
    package var values: ClosedRange<UInt32>?
    /// How many names of each list to compare, if the user says so.
    package var depth: Int?
    /// Threads, for the estimates.
    package var threads = 1

    /// All values, no depth given.
    package init() {}
  }

  /// Plans the searches of the variants that can be searched and fit some of the names.
  ///
  /// Without a depth there are two passes: first the first name of each list, which malware asks
  /// for first; then, where that is not sufficient, so many names that one of those observed is very
  /// likely among them. Each period of a time-dependent variant is a search of its own.
  package init(
    _ fits: [AlgorithmFit], of catalogue: ModelCatalogue, names: ObservedNames, in window: Period,
    options: Options
  ) {
    let variants = fits.filter { $0.searchSpace != nil && $0.fitCount > 0 }
    let prepared = Parallel.map(variants.count, threads: options.threads) { index in
      SearchPlan.jobs(variants[index], of: catalogue, names: names, in: window, options: options)
    }
    var (first, second): ([SearchJob], [SearchJob]) = ([], [])
    for job in prepared.joined() {
      if job.ordinals.lowerBound <= job.space.independentNames {
        first.append(job)
      } else {
        second.append(job)
      }
    }
    // Quick ones first, but sooner those that can explain more of the names.
    let cost: (SearchJob) -> Double = { job in
      let share = Double(job.fitCount) / Double(max(1, names.count))
      return job.seconds(threads: 1) / (share * share)
    }
    let isShorter: (SearchJob, SearchJob) -> Bool = { cost($0) < cost($1) }
    jobs = first.sorted(by: isShorter) + second.sorted(by: isShorter)
  }

  /// Seconds all of it takes, if no seed is found before.
  package func seconds(threads: Int) -> Double {
    jobs.reduce(0) { $0 + $1.seconds(threads: threads) }
  }

  private static func jobs(
    _ fit: AlgorithmFit, of catalogue: ModelCatalogue, names: ObservedNames, in window: Period,
    options: Options
  ) -> [SearchJob] {
    guard let space = fit.searchSpace, let family = try? catalogue.family(fit.family),
      let model = family.model as? any SearchableModel.Type
    else { return [] }
    let fitting = names.texts.filter { fit.profile.probability($0) > 0 }
    let templates = model.searchTemplates(
      ofVariant: fit.variant.name, known: family.seeds(ofVariant: fit.variant.name),
      observed: fitting)
    var jobs: [SearchJob] = []
    for template in templates {
      guard let made = try? model.init(seed: template, resources: catalogue.resources) else {
        continue
      }
      var profile = NameProfile(declaredSuffixes: [])
      Sampling.add(made, values: space.values, around: window, to: &profile)
      // With its suffixes, a template may make none of the names that the variant can make.
      let fitCount = names.texts.count { profile.probability($0) > 0 }
      guard fitCount > 0 else { continue }
      for period in periods(of: made, in: window) {
        let length = listLength(made, period)
        for ordinals in ordinalRanges(space, length, seen: fitCount, depth: options.depth) {
          jobs.append(
            SearchJob(
              family: fit.family, model: model, template: template, space: space, period: period,
              values: options.values ?? space.values, ordinals: ordinals, profile: profile,
              listLength: length, fitCount: fitCount, resources: catalogue.resources))
        }
      }
    }
    return measured(jobs, for: names)
  }

  /// Periods differ only in the date: one measurement for each template and depth serves all.
  private static func measured(_ jobs: [SearchJob], for names: ObservedNames) -> [SearchJob] {
    var jobs = jobs
    var rates: [Range<Int>: Double] = [:]
    for index in jobs.indices {
      if let rate = rates[jobs[index].ordinals] {
        jobs[index].valuesPerSecond = rate
      } else {
        jobs[index].measure(for: names)
        rates[jobs[index].ordinals] = jobs[index].valuesPerSecond
      }
    }
    return jobs
  }

  private static func periods(of model: any DGAModel, in window: Period) -> [Period] {
    var periods: [Period] = []
    var instant = window.start
    while instant < window.end {
      let period = model.period(containing: instant)
      periods.append(period)
      guard instant < period.end else { break }
      instant = period.end
    }
    return periods
  }

  private static func listLength(_ model: any DGAModel, _ period: Period) -> Int {
    var count = 0
    model.forEachName(at: max(period.start, .distantPast)) { _, _ in
      count += 1
      return true
    }
    return count
  }

  private static func ordinalRanges(
    _ space: SearchSpace, _ length: Int, seen: Int, depth: Int?
  ) -> [Range<Int>] {
    let start = space.independentNames
    guard start < length else { return [] }
    let range: (Int) -> Range<Int> = { start..<min(length, start + $0) }
    if let depth { return [range(depth)] }
    if let depth = space.sufficientDepth { return [range(depth)] }
    // If `seen` of `length` names were drawn by accident, three times length / seen names hold one
    // of them with a probability of 95 %.
    let likely = range(max(2, (3 * length + seen - 1) / seen))
    let first = range(1)
    guard likely.upperBound > first.upperBound else { return [first] }
    return [first, first.upperBound..<likely.upperBound]
  }
}
