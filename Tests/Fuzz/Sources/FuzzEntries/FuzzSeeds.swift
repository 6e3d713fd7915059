import CheckedYAML
import DGAKit
import ListSources

/// A seed file: what is accepted is complete, what is not is said in one line each.
func fuzzSeeds(_ octets: [UInt8]) {
  let loaded = SeedFiles.parse(octets, file: "seeds.yaml")
  for seed in loaded.seeds {
    precondition(!seed.family.isEmpty && !seed.seed.label.isEmpty, "seed without name")
    precondition(seed.family == seed.family.lowercased(), "family in upper case")
    precondition(seed.line > 0, "seed without a place")
    if let first = seed.seed.firstSeen, let last = seed.seed.lastSeen {
      precondition(first <= last, "seen last before first")
    }
  }
  for problem in loaded.problems { checkOneLine(problem.description) }
}
