import CheckedYAML
package import DGAKit
import DGAModels
import ListSources

/// Puts the catalogue together: built-in models, word lists from disk, seeds from files.
package enum CatalogueLoader {
  /// A catalogue and what was wrong with its files, one line each.
  package struct Loaded: Sendable {
    /// The catalogue.
    package var catalogue: ModelCatalogue
    /// Problems met, `file:line: …`.
    package var problems: [String]
  }

  /// Loads what the inputs name; files that are missing or bad are reported, the rest is used.
  package static func load(_ inputs: GenerationInputs) -> Loaded {
    var catalogue = ModelCatalogue(models: builtInModels)
    let (resources, listProblems) = WordListFiles.load(
      catalogue.wordListPins.map(\.file), from: inputs.wordListDirectory)
    catalogue.resources = resources
    let seeds = SeedFiles.load(directories: inputs.seedDirectories)
    let refused = seeds.add(to: &catalogue)
    let problems = (listProblems + seeds.problems + refused).map(\.description)
    return Loaded(catalogue: catalogue, problems: problems)
  }
}
