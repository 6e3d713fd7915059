package import DGAKit

/// How well observed names agree with what one variant's algorithm makes.
package struct AlgorithmFit: Sendable {
  /// The family's id.
  package let family: String
  /// The variant, `""` for the only or default one.
  package let variant: VariantInfo
  /// What its names look like.
  package let profile: NameProfile
  /// The parameter a seed search would find, if it can be searched.
  package let searchSpace: SearchSpace?
  /// Why no names could be made, if so.
  package let problem: String?
  /// How many observed names it can have made.
  package let fitCount: Int
  /// What these are expected to cost in bits, on average: fewer means a better explanation.
  package let meanBits: Double
  /// How many names have a foreign suffix, length or octet, and an example of the commonest.
  package let misfits: Misfits

  /// Why names do not fit.
  package struct Misfits: Sendable, Equatable {
    /// Names with a suffix the algorithm does not use.
    package var suffix = 0
    /// Names too short or too long.
    package var length = 0
    /// Names with an octet it does not use.
    package var letter = 0
    /// The first name of the commonest kind of misfit.
    package var example: String?
  }
}

// MARK: - Comparing

extension AlgorithmFit {
  /// All variants that `ids` name, compared with the names: best first.
  package static func rank(
    _ ids: [GeneratorID], of catalogue: ModelCatalogue, names: ObservedNames, around window: Period,
    threads: Int
  ) -> [AlgorithmFit] {
    var variants: [[GeneratorID]] = []
    for id in ids {
      if let last = variants.last?.first, (last.family, last.variant) == (id.family, id.variant) {
        variants[variants.count - 1].append(id)
      } else {
        variants.append([id])
      }
    }
    let groups = variants
    let fits = Parallel.map(groups.count, threads: threads) { index in
      AlgorithmFit(groups[index], of: catalogue, names: names, around: window)
    }
    return fits.compactMap { $0 }.sorted { $0.ranksBefore($1) }
  }

  private func ranksBefore(_ other: AlgorithmFit) -> Bool {
    if fitCount != other.fitCount { return fitCount > other.fitCount }
    if meanBits != other.meanBits { return meanBits < other.meanBits }
    return (family, variant.name) < (other.family, other.variant.name)
  }

  /// Samples the generators of one variant; `nil` if the catalogue does not have it.
  private init?(
    _ ids: [GeneratorID], of catalogue: ModelCatalogue, names: ObservedNames, around window: Period
  ) {
    guard let first = ids.first, let known = try? catalogue.family(first.family),
      let variant = known.metadata.variant(named: first.variant)
    else { return nil }
    var profile = NameProfile(declaredSuffixes: variant.topLevelDomains)
    var problem: String?
    // Seeds spread over the list: those next to each other may be from one campaign.
    let step = max(1, ids.count / Sampling.seeds)
    for id in stride(from: 0, to: ids.count, by: step).map({ ids[$0] }) {
      do throws(CatalogueError) {
        Sampling.add(try catalogue.generator(id).model, around: window, to: &profile)
      } catch {
        problem = error.description
      }
    }
    let searchable = known.model as? any SearchableModel.Type
    searchSpace = searchable?.searchSpaces[variant.name]
    if let searchSpace, let any = (try? catalogue.generator(first))?.model as? any SearchableModel {
      Sampling.add(any, values: searchSpace.values, around: window, to: &profile)
    }
    family = known.metadata.family
    self.variant = variant
    self.profile = profile
    self.problem = profile.sampleCount == 0 ? problem ?? "no names" : nil
    (fitCount, meanBits, misfits) = AlgorithmFit.compare(names, with: profile)
  }

  private static func compare(
    _ names: ObservedNames, with profile: NameProfile
  ) -> (Int, Double, Misfits) {
    var (count, bits) = (0, 0.0)
    var examples: [[String]] = [[], [], []]
    for name in names.texts {
      switch profile.fit(name) {
      case .fits(let cost):
        count += 1
        bits += cost
      case .otherSuffix: examples[0].append(name)
      case .otherLength: examples[1].append(name)
      case .otherLetter: examples[2].append(name)
      }
    }
    let misfits = Misfits(
      suffix: examples[0].count, length: examples[1].count, letter: examples[2].count,
      example: examples.max { $0.count < $1.count }?.first)
    return (count, count == 0 ? 0 : bits / Double(count), misfits)
  }
}

/// How names are sampled.
enum Sampling {
  /// Seeds of a variant, at most about so many.
  static let seeds = 8
  /// Names of each list, at most.
  private static let names = 300
  /// Dates besides the window's, so that months and years of different lengths occur.
  private static let dates = ["2016-02-29", "2019-10-07", "2023-12-31", "2026-05-15"]

  /// How many values of a searched parameter are tried, and how many names of each.
  private static let (values, namesOfValue) = (16, 100)

  /// Adds names of values from all over the range of the searched parameter.
  static func add(
    _ template: any SearchableModel, values range: ClosedRange<UInt32>, around window: Period,
    to profile: inout NameProfile
  ) {
    var model = template
    let count = UInt64(range.upperBound - range.lowerBound) + 1
    for index in 0..<UInt64(values) {
      // Multiples of the golden ratio are spread evenly and have no pattern in their bits.
      let place = ((index &* 0x9E37_79B9_7F4A_7C15) &>> 16) % count
      model.setSearchedValue(range.lowerBound + UInt32(truncatingIfNeeded: place))
      model.forEachName(at: window.start) { name, ordinal in
        profile.add(name)
        return ordinal + 1 < namesOfValue
      }
    }
  }

  /// Adds names of several dates to a profile.
  static func add(_ model: any DGAModel, around window: Period, to profile: inout NameProfile) {
    let instants = [window.start] + dates.compactMap { Instant($0) }
    var seen: [Period] = []
    for instant in instants {
      let period = model.period(containing: instant)
      guard !seen.contains(period) else { continue }
      seen.append(period)
      model.forEachName(at: instant) { name, ordinal in
        profile.add(name)
        return ordinal + 1 < names
      }
    }
  }
}

extension DGAModel {
  /// Walks the list of an instant until `body` returns false.
  func forEachName(
    at instant: Instant, _ body: (_ name: borrowing DomainBuffer, _ ordinal: Int) -> Bool
  ) {
    var names = names(at: instant)
    var name = DomainBuffer()
    var ordinal = 0
    while names.next(into: &name), body(name, ordinal) { ordinal += 1 }
  }
}
