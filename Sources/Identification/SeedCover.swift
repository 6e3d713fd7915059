import DGAKit

/// A seed worth telling of, and the values that are as good.
package struct SeedFinding: Sendable {
  /// The seed.
  package let found: FoundSeed
  /// How many names no finding before it explains.
  package let newNames: Int
  /// Other values of the same search under which the same names appear.
  package let equalValues: [UInt32]

  /// A finding from its parts.
  package init(found: FoundSeed, newNames: Int, equalValues: [UInt32]) {
    self.found = found
    self.newNames = newNames
    self.equalValues = equalValues
  }
}

/// Picks from all seeds found those that explain the names.
package enum SeedCover {
  /// The convincing seed with most unexplained names, again and again; most others are the same
  /// list begun later, or values that give the same names.
  package static func findings(_ outcomes: [SearchOutcome]) -> [SeedFinding] {
    var rest = outcomes.flatMap(\.seeds).filter(\.isConvincing)
    var explained: Set<Int> = []
    var findings: [SeedFinding] = []
    while let best = best(of: rest, explained) {
      let names = Set(best.ordinals.keys)
      let equals = rest.filter { $0.isSameSearch(as: best) && Set($0.ordinals.keys) == names }
      findings.append(
        SeedFinding(
          found: best, newNames: names.subtracting(explained).count,
          equalValues: equals.map(\.value).filter { $0 != best.value }))
      explained.formUnion(names)
      rest.removeAll { explained.isSuperset(of: $0.ordinals.keys) }
    }
    return findings
  }

  private static func best(of seeds: [FoundSeed], _ explained: Set<Int>) -> FoundSeed? {
    var best: (seed: FoundSeed, gain: Int)?
    for seed in seeds {
      let gain = seed.ordinals.keys.count { !explained.contains($0) }
      let isBetter =
        best.map { (gain, $0.seed.chanceCount) > ($0.gain, seed.chanceCount) } ?? (gain > 0)
      if isBetter { best = (seed, gain) }
    }
    return best?.seed
  }
}

extension FoundSeed {
  fileprivate func isSameSearch(as other: FoundSeed) -> Bool {
    job.family == other.job.family && job.period == other.job.period
      && job.template.variant == other.job.template.variant
      && job.template.parameters == other.job.template.parameters
  }
}
